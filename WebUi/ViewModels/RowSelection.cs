using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>
/// The rows that the user has chosen: ranges between names, less the names excluded from them. It never grows by itself:
/// a name that comes (or comes to be another inode) inside a range is excluded, a name that goes leaves. When it is not known
/// what has changed, ranges are dropped rather than guessed.
/// </summary>
/// <remarks>
/// Invariants: ranges are sorted and disjoint; <c>First</c> and <c>Past</c> are the ranks of their ends; every excluded name is
/// a row of a range. So the count is a sum, and a million rows are one range.
/// </remarks>
public sealed class RowSelection : IEntrySelection
{
    private readonly List<RowRange> _ranges = [];
    private readonly SortedNames _excluded = new();

    /// <summary>One more with each change.</summary>
    public long Version { get; private set; }

    public long Count => _ranges.Sum(r => r.Past - r.First) - _excluded.Count;

    /// <summary>The rows of a range may never have been read.</summary>
    public long? Bytes => null;

    public bool IsEmpty => _ranges.Count == 0;

    internal IReadOnlyList<RowRange> Ranges => _ranges;

    public bool Contains(DirectoryEntry entry)
    {
        int at = RangeOf(entry.Name);
        return at >= 0 && (_ranges[at].Only.IsNone || _ranges[at].Only == entry.Attributes.Ino) && !_excluded.Contains(entry.Name);
    }

    public Func<DirectoryEntry, bool> Now()
    {
        RowSelection now = new();
        now._ranges.AddRange(_ranges);
        foreach (FileName name in _excluded.Names)
            now._excluded.Add(name);
        return now.Contains;
    }

    public void Clear()
    {
        if (IsEmpty)
            return;
        _ranges.Clear();
        _excluded.Clear();
        Version++;
    }

    public void SelectAll(long count)
    {
        Clear();
        if (count > 0)
            _ranges.Add(new RowRange(RowBound.Start, RowBound.End, 0, count, InodeId.None));
        Version++;
    }

    /// <summary>Names inside of ranges that are not selected.</summary>
    internal IReadOnlyList<FileName> Excluded => _excluded.Names;

    /// <summary>Every row that was not selected is, and the others are not: gaps become ranges, and so does each excluded name.</summary>
    /// <param name="count">Rows of the list.</param>
    /// <param name="rankOf">Of an excluded name.</param>
    public void Invert(long count, Func<FileName, long> rankOf)
    {
        List<RowRange> inverted = [];
        RowBound from = RowBound.Start;
        long first = 0;
        foreach (RowRange range in _ranges)
        {
            AddGap(range.From, range.First);
            (from, first) = (range.To, range.Past);
        }
        AddGap(RowBound.End, count);
        inverted.AddRange(_excluded.Names.Select(name => (Name: name, Rank: rankOf(name)))
            .Select(x => new RowRange(RowBound.Before(x.Name), RowBound.After(x.Name), x.Rank, x.Rank + 1, InodeId.None)));
        inverted.Sort((a, b) => a.First.CompareTo(b.First));
        _ranges.Clear();
        _excluded.Clear();
        _ranges.AddRange(inverted);
        Version++;

        void AddGap(RowBound to, long past)
        {
            if (past > first)
                inverted.Add(new RowRange(from, to, first, past, InodeId.None));
        }
    }

    public void SelectOnly(DirectoryRow row)
    {
        Clear();
        Add(Single(row));
    }

    /// <summary>Both rows and all between them, in either order; beside what is selected, or instead of it.</summary>
    public void SelectBetween(DirectoryRow one, DirectoryRow other, bool keep)
    {
        if (!keep)
            Clear();
        (DirectoryRow from, DirectoryRow to) = one.Entry.Name.CompareTo(other.Entry.Name) <= 0 ? (one, other) : (other, one);
        Add(from.Entry.Name == to.Entry.Name
            ? Single(from)
            : new RowRange(RowBound.Before(from.Entry.Name), RowBound.After(to.Entry.Name), from.Rank, to.Rank + 1, InodeId.None));
    }

    public void Toggle(DirectoryRow row)
    {
        int at = RangeOf(row.Entry.Name);
        if (at < 0)
            Add(Single(row));
        else if (!_ranges[at].Only.IsNone)
            Drop(at);
        else if (!_excluded.Remove(row.Entry.Name))
            _excluded.Add(row.Entry.Name);
        Tidy();
        Version++;
    }

    /// <summary>Follows what happened to the rows.</summary>
    public void Apply(ChangeBatch batch)
    {
        if (IsEmpty)
            return;
        for (int i = 0; i < _ranges.Count; i++)
        {
            RowRange r = _ranges[i];
            _ranges[i] = r with { First = r.First + batch.Shift(r.From), Past = r.Past + batch.Shift(r.To) };
        }
        foreach (FileName name in batch.Removed.Names)
            _excluded.Remove(name);
        foreach (FileName name in batch.Added.Names.Concat(batch.Replaced.Names))
            if (RangeOf(name) >= 0)
                _excluded.Add(name);
        Tidy();
        Version++;
    }

    /// <summary>
    /// For when it is not known what has changed: keeps single rows that are found again as the same inode, and nothing else.
    /// False when something had to be dropped.
    /// </summary>
    public bool Recover(Func<FileName, DirectoryRow?> find)
    {
        List<RowRange> singles = [.. _ranges.Where(r => !r.Only.IsNone)];
        bool complete = singles.Count == _ranges.Count;
        Clear();
        foreach (RowRange single in singles)
        {
            if (find(single.From.Name) is { } row && row.Entry.Attributes.Ino == single.Only)
                Add(Single(row));
            else
                complete = false;
        }
        return complete;
    }

    private static RowRange Single(DirectoryRow row) =>
        new(RowBound.Before(row.Entry.Name), RowBound.After(row.Entry.Name), row.Rank, row.Rank + 1, row.Entry.Attributes.Ino);

    private void Add(RowRange added)
    {
        _excluded.RemoveBetween(added.From, added.To);
        int at = _ranges.FindIndex(r => r.To.CompareTo(added.From) > 0);
        if (at < 0)
            at = _ranges.Count;
        while (at < _ranges.Count && _ranges[at].From.CompareTo(added.To) < 0)
        {
            RowRange met = _ranges[at];
            if (met.From.CompareTo(added.From) <= 0 && met.To.CompareTo(added.To) >= 0 && !added.Only.IsNone)
                added = met; // a row of a range that was excluded
            else
                added = added with
                {
                    From = met.From.CompareTo(added.From) < 0 ? met.From : added.From,
                    First = Math.Min(met.First, added.First),
                    To = met.To.CompareTo(added.To) > 0 ? met.To : added.To,
                    Past = Math.Max(met.Past, added.Past),
                };
            _ranges.RemoveAt(at);
        }
        _ranges.Insert(at, added);
        Version++;
    }

    private int RangeOf(FileName name)
    {
        int low = 0;
        int high = _ranges.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            RowRange r = _ranges[middle];
            if (r.To.CompareTo(RowBound.After(name)) < 0)
                low = middle + 1;
            else if (r.From.CompareTo(RowBound.Before(name)) > 0)
                high = middle - 1;
            else
                return middle;
        }
        return -1;
    }

    private void Drop(int at)
    {
        _excluded.RemoveBetween(_ranges[at].From, _ranges[at].To);
        _ranges.RemoveAt(at);
    }

    /// <summary>Drops ranges that select nothing any more.</summary>
    private void Tidy()
    {
        for (int i = _ranges.Count - 1; i >= 0; i--)
            if (_ranges[i].Past - _ranges[i].First <= _excluded.CountBetween(_ranges[i].From, _ranges[i].To))
                Drop(i);
    }
}

/// <param name="First">Rows before <paramref name="From"/>.</param>
/// <param name="Past">Rows before <paramref name="To"/>.</param>
/// <param name="Only">The one inode that is meant, when the range was chosen as a single row.</param>
internal readonly record struct RowRange(RowBound From, RowBound To, long First, long Past, InodeId Only);
