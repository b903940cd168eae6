using Capstan.ClientGateway;
using Capstan.ClientGateway.Views;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels.Trash;

/// <summary>
/// The order of the trash page. Of what was deleted at one time the names are in order, whichever way round the times are: a job's entries were gone together, and what tells them apart in the
/// trash are numbers that say nothing to anybody. "At one time" goes by the times alone, so that it is the same whatever part of the trash is known: each within a second of the next, and of the same minute.
/// </summary>
public readonly record struct TrashOrder(TrashColumn Column, bool Descending)
{
    private const long Second = 1_000_000_000;
    private const long Minute = 60 * Second;

    /// <summary>The newest first: the order in which it is read.</summary>
    public static readonly TrashOrder Newest = new(TrashColumn.Deleted, true);

    /// <summary>Any other can tell what comes first only when all is known.</summary>
    public bool IsNewest => this == Newest;

    /// <summary>As it stands in an address, <c>-size</c>; what cannot be read means the newest first.</summary>
    public static TrashOrder Parse(string? text)
    {
        string name = text?.TrimStart('-') ?? "";
        return name.Length > 0 && char.IsAsciiLetter(name[0]) && Enum.TryParse(name, ignoreCase: true, out TrashColumn column) && Enum.IsDefined(column)
            ? new TrashOrder(column, text![0] == '-')
            : Newest;
    }

    /// <summary>Null for the newest first.</summary>
    public override string? ToString() => IsNewest ? null : (Descending ? "-" : "") + Column.ToString().ToLowerInvariant();

    /// <summary>What a click on a column's head leads to: first the way round that one looks for (names up, large and new first), then the other.</summary>
    public TrashOrder Toggle(TrashColumn column) =>
        column == Column ? this with { Descending = !Descending } : new TrashOrder(column, column is TrashColumn.Deleted or TrashColumn.Size);

    /// <param name="entries">As they are read: the newest first, those of one moment by number.</param>
    public List<TrashEntry> Of(List<TrashEntry> entries) => Column switch
    {
        TrashColumn.Deleted => ByTime(entries),
        TrashColumn.Place => Sorted(entries, NameKey, entry => EntryOrder.Key(entry.Path.SkipLast(1)), Descending),
        TrashColumn.Size => Sorted(entries, Key(new ViewSpec(SortColumn.Size, Descending))),
        _ => Sorted(entries, Key(new ViewSpec(SortColumn.Name, Descending))),
    };

    /// <summary>Where the last ones of one time begin: what is read next may belong among them.</summary>
    public static int BeginningOfLast(List<TrashEntry> entries)
    {
        int begin = Math.Max(0, entries.Count - 1);
        while (begin > 0 && AreOfOneTime(entries[begin - 1], entries[begin]))
            begin--;
        return begin;
    }

    private static bool AreOfOneTime(TrashEntry later, TrashEntry earlier) =>
        later.Id.RemovedNs - earlier.Id.RemovedNs <= Second && later.Id.RemovedNs / Minute == earlier.Id.RemovedNs / Minute;

    private static Func<TrashEntry, byte[]> Key(ViewSpec spec) => entry => EntryOrder.Key(spec, entry.Name, entry.Attributes);

    private static byte[] NameKey(TrashEntry entry) => EntryOrder.Key(new ViewSpec(SortColumn.Name), entry.Name, entry.Attributes);

    private List<TrashEntry> ByTime(List<TrashEntry> entries)
    {
        List<(int Begin, int End)> times = [];
        for (int begin = 0, end = 1; end <= entries.Count; end++)
        {
            if (end < entries.Count && AreOfOneTime(entries[end - 1], entries[end]))
                continue;
            times.Add((begin, end));
            begin = end;
        }
        if (!Descending)
            times.Reverse();
        List<TrashEntry> sorted = new(entries.Count);
        foreach ((int begin, int end) in times)
        {
            if (end - begin == 1)
                sorted.Add(entries[begin]);
            else
                sorted.AddRange(Sorted(entries.GetRange(begin, end - begin), NameKey));
        }
        return sorted;
    }

    /// <summary>By one key, those of the same by another; what is equal even then as it came, the newest first.</summary>
    private static List<TrashEntry> Sorted(List<TrashEntry> entries, Func<TrashEntry, byte[]> key, Func<TrashEntry, byte[]>? before = null, bool isTurned = false)
    {
        (byte[] Before, byte[] Key, int At)[] keyed = new (byte[], byte[], int)[entries.Count];
        for (int i = 0; i < keyed.Length; i++)
            keyed[i] = (before?.Invoke(entries[i]) ?? [], key(entries[i]), i);
        Array.Sort(keyed, (a, b) =>
        {
            int order = a.Before.AsSpan().SequenceCompareTo(b.Before);
            if (order != 0)
                return isTurned ? -order : order;
            order = a.Key.AsSpan().SequenceCompareTo(b.Key);
            return order != 0 ? order : a.At.CompareTo(b.At);
        });
        return [.. keyed.Select(k => entries[k.At])];
    }
}
