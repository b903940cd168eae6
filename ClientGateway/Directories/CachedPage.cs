using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Directories;

/// <summary>
/// A page in the cache: the immutable bytes as they came, and what has changed since: a bitmap of removed rows and a short
/// sorted list of rows put. When that list grows, the page is built anew (<see cref="Rebuild"/>), so a change costs
/// microseconds and a reader meets few exceptions.
/// </summary>
internal sealed class CachedPage
{
    private const int Overhead = 200;
    private const int MaxPuts = 48;

    private readonly DirectoryPage _page;
    private ulong[]? _removed;
    private List<(FileName Name, PageRow Row)>? _puts;

    public CachedPage(DirectoryPage page)
    {
        _page = page;
        Count = page.Count;
        Low = page.Count > 0 ? page.Name(0) : default;
        High = page.Count > 0 ? page.Name(page.Count - 1) : default;
    }

    private CachedPage(CachedPage other)
    {
        _page = other._page;
        _removed = (ulong[]?)other._removed?.Clone();
        _puts = other._puts is null ? null : [.. other._puts];
        (Count, Low, High) = (other.Count, other.Low, other.High);
    }

    public int Count { get; private set; }

    /// <summary>Fences: every name from <see cref="Low"/> to <see cref="High"/> that exists is on this page. They only widen.</summary>
    public FileName Low { get; private set; }

    public FileName High { get; private set; }

    /// <summary>Entries between the previous cached page (or the start) and this one that are not cached.</summary>
    public long GapBefore { get; set; }

    public int Bytes => _page.Bytes.Length + Overhead + ((_removed?.Length ?? 0) * 8) + ((_puts?.Count ?? 0) * 160);

    public bool WantsRebuild => _puts is { Count: > MaxPuts } || (_removed is not null && Count < _page.Count / 2);

    // Replacement state, owned by PageBudget.
    public LinkedListNode<CachedPage>? Node { get; set; }

    public DirectoryState? Owner { get; set; }

    public bool IsProtected { get; set; }

    public bool WasPrefetched { get; set; }

    public bool WasRead { get; set; }

    /// <summary>What of <see cref="PageBudget.UnreadBytes"/> is this page's.</summary>
    public int UnreadBytes { get; set; }

    /// <summary>Of the reader it was read ahead for.</summary>
    public ReadaheadWindow? Window { get; set; }

    public long TouchedAt { get; set; }

    public bool TryFind(FileName name, out PageRow row)
    {
        int put = FindPut(name);
        if (put >= 0)
        {
            row = _puts![put].Row;
            return true;
        }
        int index = _page.Find(name);
        if (index >= 0 && !IsRemoved(index))
        {
            row = _page.Row(index);
            return true;
        }
        row = default;
        return false;
    }

    /// <summary>How many rows come before <paramref name="name"/>.</summary>
    public int LowerBound(FileName name)
    {
        int index = _page.Find(name);
        if (index < 0)
            index = ~index;
        int before = index;
        for (int i = 0; _removed is not null && i < index; i++)
            before -= IsRemoved(i) ? 1 : 0;
        int put = FindPut(name);
        return before + (put < 0 ? ~put : put);
    }

    public bool Remove(FileName name)
    {
        int put = FindPut(name);
        if (put >= 0)
        {
            _puts!.RemoveAt(put);
            Count--;
            return true;
        }
        int index = _page.Find(name);
        if (index < 0 || IsRemoved(index))
            return false;
        MarkRemoved(index);
        Count--;
        return true;
    }

    /// <summary>Adds or replaces; true when the name was not there.</summary>
    public bool Put(FileName name, in PageRow row)
    {
        bool existed = Remove(name);
        int put = FindPut(name);
        (_puts ??= []).Insert(~put, (name, row));
        Count++;
        if (Low.IsEmpty || name.CompareTo(Low) < 0)
            Low = name;
        if (name.CompareTo(High) > 0)
            High = name;
        return !existed;
    }

    /// <summary>Hides the rows that stand on a neighbour already: those up to and including <paramref name="low"/>, and from <paramref name="high"/> on. An empty name is no bound.</summary>
    public void Trim(FileName low, FileName high)
    {
        for (int i = 0; i < _page.Count; i++)
        {
            if (!IsRemoved(i) && IsHidden(_page.Name(i)))
            {
                MarkRemoved(i);
                Count--;
            }
        }
        Count -= _puts?.RemoveAll(put => IsHidden(put.Name)) ?? 0;
        List<(FileName Name, PageRow Row)> rest = [];
        Read(0, int.MaxValue, rest);
        Low = rest.Count > 0 ? rest[0].Name : default;
        High = rest.Count > 0 ? rest[^1].Name : default;

        bool IsHidden(FileName name) => (!low.IsEmpty && name.CompareTo(low) <= 0) || (!high.IsEmpty && name.CompareTo(high) >= 0);
    }

    /// <summary>Appends up to <paramref name="count"/> rows from the live row <paramref name="from"/> on.</summary>
    public void Read(int from, int count, List<(FileName Name, PageRow Row)> rows)
    {
        if (_removed is null && _puts is null)
        {
            for (int i = from; i < _page.Count && count > 0; i++, count--)
                rows.Add((_page.Name(i), _page.Row(i)));
            return;
        }
        int put = 0;
        for (int i = 0; count > 0; i++)
        {
            while (i < _page.Count && IsRemoved(i))
                i++;
            bool hasRow = i < _page.Count;
            FileName name = hasRow ? _page.Name(i) : default;
            for (; _puts is not null && put < _puts.Count && count > 0 && (!hasRow || _puts[put].Name.CompareTo(name) < 0); put++)
            {
                if (from-- <= 0)
                {
                    rows.Add(_puts[put]);
                    count--;
                }
            }
            if (!hasRow || count == 0)
                return;
            if (from-- <= 0)
            {
                rows.Add((name, _page.Row(i)));
                count--;
            }
        }
    }

    /// <summary>The rows as they are now, for a reader outside the lock: shares the bytes, copies the exceptions.</summary>
    public CachedPage Snapshot() => new(this);

    /// <summary>The rows as immutable pages.</summary>
    public IEnumerable<DirectoryPage> Pages(PageHeader header) =>
        _removed is null && _puts is null ? [_page] : Rebuild(header).Select(p => p._page);

    /// <summary>The same rows as fresh pages without exceptions; two when they have outgrown one.</summary>
    public List<CachedPage> Rebuild(PageHeader header)
    {
        List<(FileName Name, PageRow Row)> rows = new(Count);
        Read(0, int.MaxValue, rows);
        List<CachedPage> pages = [];
        DirectoryPageBuilder builder = new();
        foreach ((FileName name, PageRow row) in rows)
        {
            if (!builder.TryAdd(name.Span, row))
            {
                pages.Add(new CachedPage(DirectoryPage.OpenTrusted(builder.Build(header))));
                builder.TryAdd(name.Span, row);
            }
        }
        if (builder.Count > 0)
            pages.Add(new CachedPage(DirectoryPage.OpenTrusted(builder.Build(header))));
        if (pages.Count > 0)
        {
            // The fences keep what was known of absent names at both ends.
            pages[0].Low = Low;
            pages[^1].High = High;
            pages[0].GapBefore = GapBefore;
        }
        return pages;
    }

    private bool IsRemoved(int index) => _removed is not null && (_removed[index >> 6] & (1UL << (index & 63))) != 0;

    private void MarkRemoved(int index) => (_removed ??= new ulong[(_page.Count + 63) / 64])[index >> 6] |= 1UL << (index & 63);

    private int FindPut(FileName name)
    {
        if (_puts is null)
            return ~0;
        int low = 0, high = _puts.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int order = _puts[middle].Name.CompareTo(name);
            if (order == 0)
                return middle;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return ~low;
    }
}
