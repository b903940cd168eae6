using System.Diagnostics;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Directories;

/// <summary>
/// What the gateway knows of one directory: its version, its count, and runs of pages with gaps between them. Changes
/// are applied in version order; a gap in versions drops the pages. Not thread-safe: owned by <c>GatewayCore</c>.
/// </summary>
internal sealed class DirectoryState(InodeId ino, PageBudget budget, GatewayCounters counters)
{
    private const int LogLimit = 65_536;
    private const int RowChangesKept = 131_072;

    private readonly List<CachedPage> _pages = [];
    private readonly List<(long To, DirectoryDelta Delta)> _log = [];
    private readonly List<DirectoryPage> _ahead = [];
    private readonly Queue<DirectoryChange> _rowChanges = [];
    private long _rowMoment = 1;
    private long[] _ranks = [];
    private bool _ranksAreStale = true;
    private long _tailGap;

    public InodeId Ino { get; } = ino;

    public string? Path { get; set; }

    public InodeAttributes? Attributes { get; private set; }

    public DirectoryVersion Version { get; private set; }

    /// <summary>Version and count are known: the directory has been granted or listed.</summary>
    public bool IsKnown { get; private set; }

    public long Total { get; private set; }

    public long CachedEntries { get; private set; }

    public bool IsComplete => IsKnown && CachedEntries == Total;

    public int PageCount => _pages.Count;

    public long Bytes => _pages.Sum(p => (long)p.Bytes);

    public long ValidatedAt { get; set; }

    public long ChangeCounter { get; set; }

    public int Viewers { get; set; }

    public long Hits { get; set; }

    public long Misses { get; set; }

    /// <summary>While a readdir is under way the deltas are kept: its pages may be older than they are.</summary>
    public int StreamsUnderWay { get; set; }

    public ReadaheadWindow Readahead { get; } = new();

    public List<ReaddirStream> Streams { get; } = [];

    public List<RangeWaiter> Waiters { get; } = [];

    /// <summary>Names looked up one by one, and names known to be absent (null); true under Fs only.</summary>
    public Dictionary<FileName, InodeAttributes?> Names { get; } = [];

    public void OnGrant(DirectoryVersion version, InodeAttributes attributes)
    {
        if (!IsKnown || Version != version)
        {
            DropPages();
            _log.Clear();
            Version = version;
            Total = _tailGap = attributes.Size;
            IsKnown = true;
        }
        Attributes = attributes;
        ChangeCounter++;
    }

    /// <summary>What the end of a readdir tells of a directory of which nothing was known, and what has changed since.</summary>
    public void OnListed(DirectoryVersion version, InodeAttributes attributes)
    {
        Version = version;
        Total = _tailGap = attributes.Size;
        IsKnown = true;
        Attributes = attributes;
        ChangeCounter++;
        CatchUp();
    }

    public void OnCapsLost()
    {
        Names.Clear();
        _log.Clear();
        _ahead.Clear();
        ChangeCounter++;
    }

    public void SetAttributes(InodeAttributes attributes) => Attributes = attributes;

    /// <summary>Applies one change. False: a gap in versions, the pages are gone.</summary>
    public bool Apply(DirectoryDelta delta)
    {
        if (!IsKnown)
        {
            Log(delta); // A page on its way may be older.
            return true;
        }
        if (delta.To <= Version)
            return true;
        if (delta.From != Version)
        {
            counters.DeltaGaps++;
            Forget();
            Log(delta);
            return false;
        }
        Version = delta.To;
        Log(delta);
        ApplyToEntries(delta);
        ChangeCounter++;
        foreach (DirectoryPage page in _ahead.Count == 0 ? [] : _ahead.Where(p => p.Header.Version <= Version).ToArray())
        {
            if (_ahead.Remove(page))
                Insert(page, prefetched: true);
        }
        return true;
    }

    /// <summary>
    /// Takes a page of a readdir stream. Under Fs a page that is older than this state is brought up to date from the log, and one
    /// that is newer waits for its deltas; without Fs a page of another version replaces all.
    /// </summary>
    public CachedPage? AddPage(DirectoryPage page, bool underFs, bool prefetched)
    {
        PageHeader header = page.Header;
        if (!IsKnown || (!underFs && header.Version != Version))
        {
            DropPages();
            IsKnown = true;
            Version = header.Version;
            Total = _tailGap = header.Total;
            CachedPage? first = Insert(page, prefetched);
            CatchUp();
            return first?.Node is null ? null : first;
        }
        else if (header.Version > Version)
        {
            _ahead.Add(page);
            return null;
        }
        return Insert(page, prefetched);
    }

    public void StreamEnded()
    {
        if (--StreamsUnderWay == 0)
            _log.Clear();
    }

    public bool TryFind(FileName name, out PageRow row)
    {
        int index = PageOf(name);
        row = default;
        return index >= 0 && _pages[index].TryFind(name, out row);
    }

    /// <summary>Changes of the set of rows since a moment that an earlier call returned; false when they are not known any more.</summary>
    public bool TryReadRowChanges(long since, List<DirectoryChange> changes, out long upTo)
    {
        upTo = _rowMoment;
        if (since == 0)
            return true;
        long oldest = _rowMoment - _rowChanges.Count;
        if (since < oldest || since > _rowMoment)
            return false;
        changes.AddRange(_rowChanges.Skip((int)(since - oldest)));
        return true;
    }

    /// <summary>Nothing can be under this name: its place is between rows that are cached and adjacent.</summary>
    public bool IsKnownAbsent(FileName name)
    {
        if (!IsKnown)
            return false;
        int index = PageOf(name);
        return index >= 0 && name.CompareTo(_pages[index].High) <= 0
            ? !_pages[index].TryFind(name, out _)
            : GapAfter(index) == 0;
    }

    /// <summary>Rank of the first row not before <paramref name="name"/>, or -1 when its place is in a gap.</summary>
    public long RankOf(FileName name)
    {
        int index = PageOf(name);
        if (index < 0)
            return _pages.Count > 0 ? (_pages[0].GapBefore == 0 ? 0 : -1) : (IsKnown && Total == 0 ? 0 : -1);
        CachedPage page = _pages[index];
        if (name.CompareTo(page.High) > 0 && GapAfter(index) != 0)
            return -1;
        return RankOfPage(index) + page.LowerBound(name);
    }

    /// <summary>First rank in [first, first + count) that is not cached, or -1.</summary>
    public long FirstMissing(long first, long count)
    {
        long end = Math.Min(first + count, Total);
        while (first < end)
        {
            int index = PageAt(first);
            if (index < 0)
                return first;
            first = RankOfPage(index) + _pages[index].Count;
        }
        return -1;
    }

    /// <summary>First rank after <paramref name="rank"/>'s cached run.</summary>
    public long EndOfRun(long rank)
    {
        long missing = FirstMissing(rank, Total - rank);
        return missing < 0 ? Total : missing;
    }

    /// <summary>The name at the cached row before <paramref name="rank"/>: a cookie to read on from. Empty when there is none.</summary>
    public FileName CookieBefore(long rank)
    {
        List<(FileName Name, PageRow Row)> row = [];
        return rank > 0 && Read(rank - 1, 1, row, touch: false) && row.Count == 1 ? row[0].Name : default;
    }

    /// <summary>Reads rows that are all cached; false, and nothing read, otherwise.</summary>
    public bool Read(long first, int count, List<(FileName Name, PageRow Row)> rows, bool touch = true)
    {
        if (FirstMissing(first, count) >= 0)
            return false;
        for (int index = PageAt(first); index >= 0 && index < _pages.Count && count > 0; index++)
        {
            CachedPage page = _pages[index];
            int from = (int)(first - RankOfPage(index));
            int take = Math.Min(count, page.Count - from);
            if (touch && budget.Touch(page))
                Readahead.PrefetchedPageWasUsed();
            page.Read(from, take, rows);
            first += take;
            count -= take;
        }
        return true;
    }

    public void Evict(CachedPage page)
    {
        int index = _pages.IndexOf(page);
        if (page is { WasPrefetched: true, WasRead: false })
            Readahead.PrefetchedPageWasEvicted();
        SetGapAfter(index, GapAfter(index) + page.GapBefore + page.Count);
        CachedEntries -= page.Count;
        _pages.RemoveAt(index);
        budget.Remove(page);
        _ranksAreStale = true;
    }

    public void DropPages()
    {
        foreach (CachedPage page in _pages)
            budget.Remove(page);
        _pages.Clear();
        _ahead.Clear();
        Names.Clear();
        CachedEntries = 0;
        _tailGap = Total;
        _ranksAreStale = true;
        ChangeCounter++;
        // What comes next may be another listing: whoever follows the rows must look again.
        _rowChanges.Clear();
        _rowMoment++;
    }

    /// <summary>Nothing is believed any more; the next reader asks the MDS.</summary>
    public void Forget()
    {
        DropPages();
        IsKnown = false; // The log stays: what is on its way may be older than what was known.
    }

    private void Log(DirectoryDelta delta)
    {
        if (StreamsUnderWay == 0)
            return;
        if (_log.Count > 0 && _log[^1].To != delta.From.Value)
            _log.Clear(); // Without a gap, or it proves nothing.
        if (_log.Count == LogLimit)
            _log.RemoveRange(0, LogLimit / 4);
        _log.Add((delta.To.Value, delta));
    }

    /// <summary>Applies what was logged while nothing was known and came after the version just learnt.</summary>
    private void CatchUp()
    {
        foreach ((long to, DirectoryDelta delta) in _log.ToArray())
        {
            if (to <= Version.Value)
                continue;
            if (delta.From != Version)
            {
                counters.DeltaGaps++;
                Forget();
                return;
            }
            Version = delta.To;
            ApplyToEntries(delta);
            if (!IsKnown)
                return;
        }
    }

    private void ApplyToEntries(DirectoryDelta delta)
    {
        if (delta.Kind == DeltaKind.Self)
        {
            Attributes = delta.Attributes;
            return;
        }
        Names.Remove(delta.Name);
        int index = PageOf(delta.Name);
        bool inside = index >= 0 && delta.Name.CompareTo(_pages[index].High) <= 0;
        NoteRowChange(delta, inside && _pages[index].TryFind(delta.Name, out PageRow before) ? before.Ino : InodeId.None);
        bool fits;
        if (delta.Kind == DeltaKind.Removed)
        {
            Total--;
            fits = inside ? RemoveRow(index, delta.Name) : TryShrinkGap(index);
        }
        else
        {
            bool added = delta.Kind == DeltaKind.Added;
            Total += added ? 1 : 0;
            fits = true;
            if (inside || (added && GapAfter(index) == 0))
                fits = PutRow(Math.Max(index, 0), delta.Name, PageRow.Of(delta.Attributes!)) == added;
            else if (added)
                SetGapAfter(index, GapAfter(index) + 1);
        }
        _ranksAreStale = true;
        if (!fits)
        {
            // A change that contradicts the cache: one of them is wrong, and it is not the MDS.
            counters.DeltaGaps++;
            Forget();
            return;
        }
        if (Attributes is not null)
            Attributes = Attributes with { Size = Total };
        if (_pages.Count > 0)
            Tidy(Math.Max(index, 0));
        Debug.Assert(Total == CachedEntries + _tailGap + _pages.Sum(p => p.GapBefore), "pages and gaps make up the count");
    }

    private void NoteRowChange(DirectoryDelta delta, InodeId before)
    {
        // A changed row of which nothing is cached may be another inode by now: say so rather than hope.
        if (delta.Kind == DeltaKind.Changed && delta.Attributes!.Ino == before)
            return;
        DirectoryChangeKind kind = delta.Kind switch
        {
            DeltaKind.Added => DirectoryChangeKind.Added,
            DeltaKind.Removed => DirectoryChangeKind.Removed,
            _ => DirectoryChangeKind.Replaced,
        };
        if (_rowChanges.Count == RowChangesKept)
            _rowChanges.Dequeue();
        _rowChanges.Enqueue(new DirectoryChange(kind, delta.Name));
        _rowMoment++;
    }

    private bool RemoveRow(int index, FileName name)
    {
        if (!budget.Change(_pages[index], p => p.Remove(name)))
            return false;
        CachedEntries--;
        return true;
    }

    private bool TryShrinkGap(int index)
    {
        if (GapAfter(index) == 0)
            return false;
        SetGapAfter(index, GapAfter(index) - 1);
        return true;
    }

    /// <summary>Returns whether the name is new.</summary>
    private bool PutRow(int index, FileName name, PageRow row)
    {
        if (_pages.Count == 0)
        {
            DirectoryPageBuilder builder = new();
            builder.TryAdd(name.Span, row);
            CachedPage page = new(DirectoryPage.OpenTrusted(builder.Build(HeaderNow()))) { WasRead = true };
            _pages.Add(page);
            budget.Add(this, page);
            CachedEntries++;
            return true;
        }
        if (!budget.Change(_pages[index], p => p.Put(name, row)))
            return false;
        CachedEntries++;
        return true;
    }

    private void Tidy(int index)
    {
        CachedPage page = _pages[index];
        if (page.Count == 0)
        {
            Evict(page);
            return;
        }
        if (!page.WantsRebuild)
            return;
        List<CachedPage> fresh = page.Rebuild(HeaderNow());
        budget.Remove(page);
        _pages.RemoveAt(index);
        _pages.InsertRange(index, fresh);
        foreach (CachedPage one in fresh)
        {
            one.WasRead = page.WasRead;
            budget.Add(this, one);
        }
        _ranksAreStale = true;
    }

    private CachedPage? Insert(DirectoryPage page, bool prefetched)
    {
        CachedPage cached = new(page);
        long rank = page.Header.FirstRank;
        if (!BringUpToDate(cached, page.Header.Version, ref rank) || cached.Count == 0)
            return null;

        int next = PageOf(cached.Low) + 1;
        CachedPage? before = next > 0 ? _pages[next - 1] : null;
        int last = PageOf(cached.High) + 1;
        if (last > next || (before is not null && cached.Low.CompareTo(before.High) <= 0))
        {
            // Overlaps what is there: keep only what is new and adjoins the page before.
            FileName low = before?.High ?? default;
            int countBefore = cached.Count;
            int hidden = low.IsEmpty ? 0 : cached.LowerBound(low) + (cached.TryFind(low, out _) ? 1 : 0);
            cached.Trim(low, next < _pages.Count ? _pages[next].Low : default);
            Debug.Assert(hidden <= countBefore);
            rank += hidden;
            if (cached.Count == 0)
                return null;
        }
        long end = next == 0 ? 0 : RankOfPage(next - 1) + _pages[next - 1].Count;
        long gap = GapAfter(next - 1);
        long gapBefore = rank - end;
        long gapAfter = gap - gapBefore - cached.Count;
        if (gapBefore < 0 || gapAfter < 0)
        {
            // Ranks that do not fit what is cached: believe the page, not the cache.
            counters.DeltaGaps++;
            DropPages();
            next = 0;
            gapBefore = rank;
            gapAfter = Total - rank - cached.Count;
            if (gapAfter < 0)
                return null;
        }
        cached.GapBefore = gapBefore;
        cached.WasPrefetched = prefetched;
        _pages.Insert(next, cached);
        SetGapAfter(next, gapAfter);
        CachedEntries += cached.Count;
        _ranksAreStale = true;
        budget.Add(this, cached);
        if (prefetched)
            counters.ReadaheadIssued++;
        ChangeCounter++;
        return cached;
    }

    /// <summary>Applies to a page, before it joins, the changes that came after it was read. False: the log does not reach back.</summary>
    private bool BringUpToDate(CachedPage page, DirectoryVersion version, ref long rank)
    {
        if (version == Version)
            return true;
        long oldest = _log.Count > 0 ? _log[0].Delta.From.Value : long.MaxValue;
        if (oldest > version.Value || _log[^1].To != Version.Value)
            return false;
        FileName low = page.Low, high = page.High;
        foreach ((long to, DirectoryDelta delta) in _log)
        {
            if (to <= version.Value || delta.Kind == DeltaKind.Self)
                continue;
            int shift = delta.Kind switch { DeltaKind.Added => 1, DeltaKind.Removed => -1, _ => 0 };
            if (delta.Name.CompareTo(low) < 0)
                rank += shift;
            else if (delta.Name.CompareTo(high) > 0)
                continue;
            else if (delta.Kind == DeltaKind.Removed)
                page.Remove(delta.Name);
            else
                page.Put(delta.Name, PageRow.Of(delta.Attributes!));
        }
        return true;
    }

    private PageHeader HeaderNow() => new(default, Ino, Version, 0, Total, false);

    private long GapAfter(int index) => index + 1 < _pages.Count ? _pages[index + 1].GapBefore : _tailGap;

    private void SetGapAfter(int index, long gap)
    {
        Debug.Assert(gap >= 0, "a gap holds no fewer than no entries");
        if (index + 1 < _pages.Count)
            _pages[index + 1].GapBefore = gap;
        else
            _tailGap = gap;
        _ranksAreStale = true;
    }

    /// <summary>Index of the last page whose low fence is not after <paramref name="name"/>, or -1.</summary>
    private int PageOf(FileName name)
    {
        int low = 0, high = _pages.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (_pages[middle].Low.CompareTo(name) <= 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return high;
    }

    /// <summary>Index of the page that holds the row of this rank, or -1 when it is in a gap.</summary>
    private int PageAt(long rank)
    {
        EnsureRanks();
        int index = Array.BinarySearch(_ranks, 0, _pages.Count, rank);
        if (index < 0)
            index = ~index - 1;
        return index >= 0 && rank < _ranks[index] + _pages[index].Count ? index : -1;
    }

    private long RankOfPage(int index)
    {
        EnsureRanks();
        return _ranks[index];
    }

    private void EnsureRanks()
    {
        if (!_ranksAreStale)
            return;
        if (_ranks.Length < _pages.Count)
            _ranks = new long[Math.Max(16, _pages.Count * 2)];
        long rank = 0;
        for (int i = 0; i < _pages.Count; i++)
        {
            rank += _pages[i].GapBefore;
            _ranks[i] = rank;
            rank += _pages[i].Count;
        }
        _ranksAreStale = false;
    }
}
