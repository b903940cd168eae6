using System.Diagnostics;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Directories;

/// <summary>
/// What the gateway knows of one directory: its version, its count, and runs of pages with gaps between them. Changes
/// are applied in version order; a gap in versions drops the pages. Not thread-safe: owned by <c>GatewayCore</c>.
/// </summary>
internal sealed partial class DirectoryState(InodeId ino, PageBudget budget, GatewayCounters counters)
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
    private int _pageFound;
    private long _tailGap;
    private EvictionCause _lostBy = EvictionCause.Expired;

    public InodeId Ino { get; } = ino;

    public string? Path { get; set; }

    public InodeAttributes? Attributes { get; private set; }

    public DirectoryVersion Version { get; private set; }

    /// <summary>Version and count are known: the directory has been granted or listed.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Every other strict holder is known to have this version: what it shows may be told.</summary>
    public DirectoryVersion SettledAt { get; private set; }

    /// <summary>The question whether <see cref="Version"/> is settled, while it is under way, and for which version.</summary>
    public (DirectoryVersion Version, ReadCall Call)? Settling { get; set; }

    public long Total { get; private set; }

    public long CachedEntries { get; private set; }

    public bool IsComplete => IsKnown && CachedEntries == Total;

    public int PageCount => _pages.Count;

    public long Bytes
    {
        get
        {
            long bytes = 0;
            foreach (CachedPage page in _pages)
                bytes += page.Bytes;
            return bytes;
        }
    }

    public long ValidatedAt { get; set; }

    /// <summary>When rows came last from the MDS.</summary>
    public long ListedAt { get; set; }

    public int Viewers { get; set; }

    /// <summary>Who arranges the rows for viewers; while somebody looks the pages stay in memory, which the two share.</summary>
    public IDirectoryFollower? Follower { get; set; }

    public long Hits { get; set; }

    public long Misses { get; set; }

    /// <summary>Caps that readers have asked for with their requests.</summary>
    public CapBits Wanted { get; set; }

    /// <summary>Times that the MDS took caps back.</summary>
    public long Revokes { get; set; }

    public long PagesFromMds { get; set; }

    public long PagesFromSharedCache { get; set; }

    /// <summary>While a readdir is under way the deltas are kept: its pages may be older than they are.</summary>
    public int StreamsUnderWay { get; set; }

    /// <summary>The windows of those who look.</summary>
    public List<ReadaheadWindow> Readers { get; } = [];

    /// <summary>Of pages that were read ahead and have not been used. Kept by <see cref="PageBudget"/>.</summary>
    public long UnreadBytes { get; set; }

    public List<ReaddirStream> Streams { get; } = [];

    public SharedLookups Shared { get; } = new();

    public List<RangeWaiter> Waiters { get; } = [];

    /// <summary>Names looked up one by one, and names known to be absent (null); true under Fs only.</summary>
    public Dictionary<FileName, InodeAttributes?> Names { get; } = [];

    public void OnSettled(DirectoryVersion version) => SettledAt = version > SettledAt ? version : SettledAt;

    public void OnGrant(DirectoryVersion version, InodeAttributes attributes)
    {
        if (!IsKnown || Version != version)
        {
            DropPages(_lostBy);
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

    /// <param name="how">What becomes of the pages is laid to it.</param>
    public void OnCapsLost(EvictionCause how = EvictionCause.Revoked)
    {
        _lostBy = how;
        ForgetNames();
        _log.Clear();
        _ahead.Clear();
        ChangeCounter++;
    }

    public void SetAttributes(InodeAttributes attributes) => Attributes = attributes;

    /// <summary>Applies one change. False: a gap in versions, the pages are gone.</summary>
    public bool Apply(DirectoryDelta delta)
    {
        if (!delta.IsShared && delta.From <= SettledAt)
            OnSettled(delta.To);
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
    public CachedPage? AddPage(DirectoryPage page, bool underFs, bool prefetched, ReadaheadWindow? window = null)
    {
        PageHeader header = page.Header;
        if (!IsKnown || (!underFs && header.Version != Version))
        {
            DropPages(_lostBy);
            IsKnown = true;
            Version = header.Version;
            Total = _tailGap = header.Total;
            CachedPage? first = Insert(page, prefetched, window);
            CatchUp();
            return first?.Node is null ? null : first;
        }
        else if (header.Version > Version)
        {
            _ahead.Add(page);
            return null;
        }
        return Insert(page, prefetched, window);
    }

    public void StreamEnded()
    {
        if (--StreamsUnderWay > 0)
            return;
        _log.Clear();
        _log.TrimExcess();
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

    /// <summary>Rank of the first row behind <paramref name="name"/>, or -1 when its place is in a gap.</summary>
    public long RankAfter(FileName name) => RankOf(name) is >= 0 and var rank ? rank + (TryFind(name, out _) ? 1 : 0) : -1;

    /// <summary>Rows of the page that ends before <paramref name="rank"/>; 0 when it is not cached.</summary>
    public int LengthBefore(long rank) => rank > 0 && PageAt(rank - 1) is var index and >= 0 ? _pages[index].Count : 0;

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
                page.Window?.PrefetchedPageWasUsed();
            page.Read(from, take, rows);
            first += take;
            count -= take;
        }
        return true;
    }

    /// <summary>For want of memory, with the arrangement that nobody looks at.</summary>
    public void GiveUp(CachedPage page)
    {
        if (Follower is { } follower)
        {
            Follower = null;
            follower.OnDropped();
        }
        Evict(page);
    }

    /// <summary>Somebody was at home here: its pages are not those of a scan.</summary>
    public void TouchAll()
    {
        foreach (CachedPage page in _pages)
            budget.Touch(page);
    }

    public void Evict(CachedPage page)
    {
        int index = _pages.IndexOf(page);
        if (page is { WasPrefetched: true, WasRead: false })
            page.Window?.PrefetchedPageWasEvicted();
        SetGapAfter(index, GapAfter(index) + page.GapBefore + page.Count);
        CachedEntries -= page.Count;
        _pages.RemoveAt(index);
        budget.Remove(page);
        _ranksAreStale = true;
    }

    public void DropPages(EvictionCause cause = EvictionCause.Invalid)
    {
        counters.Evictions[(int)cause] += _pages.Count;
        foreach (CachedPage page in _pages)
            budget.Remove(page);
        _pages.Clear();
        _ahead.Clear();
        ForgetNames();
        CachedEntries = 0;
        _tailGap = Total;
        _ranksAreStale = true;
        ChangeCounter++;
        // What comes next may be another listing: whoever follows the rows must look again.
        ForgetRowChanges();
        Follower?.OnDropped();
    }

    /// <summary>The pages as they are now, of a listing that is complete.</summary>
    public List<CachedPage> Snapshot() => [.. _pages.Select(p => p.Snapshot())];

    /// <summary>Nothing is believed any more; the next reader asks the MDS.</summary>
    public void Forget()
    {
        DropPages();
        IsKnown = false; // The log stays: what is on its way may be older than what was known.
    }
}
