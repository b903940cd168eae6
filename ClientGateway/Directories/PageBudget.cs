namespace Capstan.ClientGateway.Directories;

/// <summary>
/// Bytes of pages over all directories, and which to give up when they are too many. Two queues, after 2Q (Johnson and Shasha,
/// VLDB 1994): a page starts on probation and is protected when it is read again after other pages have been loaded, so a scan only ever pushes out what
/// other scans brought.
/// </summary>
internal sealed class PageBudget(long budget, GatewayCounters counters)
{
    /// <summary>Reads of one page this many loads apart count as one: a viewport that scrolls is one reader.</summary>
    private const int CorrelatedLoads = 32;

    private readonly LinkedList<CachedPage> _probation = [];
    private readonly LinkedList<CachedPage> _protected = [];
    private long _loads;
    private long _arrangedBytes;

    public long Budget { get; set; } = budget;

    public long Bytes { get; private set; }

    /// <summary>Of pages that were read ahead and that nobody has used yet.</summary>
    public long UnreadBytes { get; private set; }

    /// <summary>Readahead may have a tenth of the budget, and that of one directory half of it.</summary>
    public long MostUnread => Budget / 10;

    public long MostUnreadOfOne => Budget / 20;

    public int Pages => _probation.Count + _protected.Count;

    public void Add(DirectoryState owner, CachedPage page)
    {
        page.Owner = owner;
        page.TouchedAt = ++_loads;
        page.Node = _probation.AddFirst(page);
        Bytes += page.Bytes;
        if (page is { WasPrefetched: true, WasRead: false })
            CountUnread(page, page.Bytes);
    }

    public void Remove(CachedPage page)
    {
        if (page.Node is null)
            return;
        page.Node.List!.Remove(page.Node);
        page.Node = null;
        Bytes -= page.Bytes;
        CountUnread(page, 0);
        if (page is { WasPrefetched: true, WasRead: false })
            counters.ReadaheadWasted++;
    }

    /// <summary>Runs <paramref name="change"/> on a page and keeps the books.</summary>
    public T Change<T>(CachedPage page, Func<CachedPage, T> change)
    {
        int before = page.Bytes;
        T result = change(page);
        Changed(before, page);
        return result;
    }

    /// <summary>Keeps the books of a page that took <paramref name="before"/> bytes.</summary>
    public void Changed(int before, CachedPage page) => Bytes += page.Bytes - before;

    /// <summary>A reader has used the page. Returns whether it is the first use of a prefetched one.</summary>
    public bool Touch(CachedPage page)
    {
        bool firstUse = page is { WasPrefetched: true, WasRead: false };
        if (firstUse)
            counters.ReadaheadUseful++;
        bool again = page.WasRead && _loads - page.TouchedAt > CorrelatedLoads;
        page.WasRead = true;
        CountUnread(page, 0);
        page.TouchedAt = _loads;
        if (page.Node is null)
            return firstUse;
        page.Node.List!.Remove(page.Node);
        page.IsProtected |= again;
        // Also on probation what is in use stays: a reader that never lets go of a page is one reader, but a reader.
        (page.IsProtected ? _protected : _probation).AddFirst(page.Node);
        return firstUse;
    }

    /// <summary>Bytes of arrangements, which the budget bounds with the pages. Added to from any thread.</summary>
    public long ArrangedBytes => Interlocked.Read(ref _arrangedBytes);

    public void AddArranged(long bytes) => Interlocked.Add(ref _arrangedBytes, bytes);

    /// <summary>Gives up cold pages until the budget holds; never <paramref name="keep"/>, which has just been brought for a reader.</summary>
    public void Reclaim(CachedPage? keep)
    {
        while (Bytes + ArrangedBytes > Budget && Coldest(keep) is { } page)
        {
            counters.Evictions[(int)EvictionCause.Pressure]++;
            page.Owner!.GiveUp(page);
        }
    }

    private void CountUnread(CachedPage page, int bytes)
    {
        UnreadBytes += bytes - page.UnreadBytes;
        page.Owner!.UnreadBytes += bytes - page.UnreadBytes;
        page.UnreadBytes = bytes;
    }

    private CachedPage? Coldest(CachedPage? keep) => Coldest(_probation, keep) ?? Coldest(_protected, null);

    /// <summary>Pages that an arrangement shares which somebody looks at go to the front instead: to evict them would free nothing.</summary>
    private static CachedPage? Coldest(LinkedList<CachedPage> queue, CachedPage? keep)
    {
        for (int left = queue.Count; left > 0; left--)
        {
            LinkedListNode<CachedPage> last = queue.Last!;
            if (last.Value != keep && last.Value.Owner!.Follower is not { IsIdle: false })
                return last.Value;
            queue.RemoveLast();
            queue.AddFirst(last);
        }
        return null;
    }
}
