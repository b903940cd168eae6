namespace Capstan.ClientGateway.Directories;

/// <summary>
/// How many pages to have ready ahead of one reader of a directory, and on which side: opens with the first page, doubles while what was
/// prefetched is used, halves when it is evicted unread, closes on random access (the rules of the NFS client and of Lustre's statahead).
/// </summary>
internal sealed class ReadaheadWindow
{
    private readonly ReadPattern _reader = new();
    private int _most = int.MaxValue;

    /// <summary>In pages; 0 is closed.</summary>
    public int Pages { get; private set; } = 1;

    public AccessPattern Pattern => _reader.Kind;

    public bool IsClosed => Pages == 0;

    /// <summary>A reader asked for rows [first, first + count).</summary>
    public void OnRead(long first, long count, int pageRows, TimeSpan now)
    {
        AccessPattern pattern = _reader.OnRead(first, count, pageRows, now);
        if (pattern is AccessPattern.Jumping or AccessPattern.Scrubbing)
            Pages = 0;
        else if (Pages == 0 && pattern is AccessPattern.Sequential or AccessPattern.Reverse)
            Pages = Math.Min(1, _most);
    }

    public void PrefetchedPageWasUsed()
    {
        if (Pages > 0)
            Pages = (int)Math.Min(_most, Pages * 2L);
    }

    public void PrefetchedPageWasEvicted() => Pages /= 2;

    /// <summary>No more pages than this, from now on.</summary>
    public void Limit(int pages)
    {
        _most = pages;
        Pages = Math.Min(Pages, pages);
    }
}
