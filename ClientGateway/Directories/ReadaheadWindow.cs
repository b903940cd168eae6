namespace Capstan.ClientGateway.Directories;

/// <summary>
/// How many pages to have ready ahead of a reader of one directory: opens with the first page, doubles while what was
/// prefetched is used, halves when it is evicted unread, closes on random access (the rules of the NFS client and of Lustre's statahead).
/// </summary>
internal sealed class ReadaheadWindow
{
    private long _lastEnd = -1;

    /// <summary>In pages; 0 is closed.</summary>
    public int Pages { get; private set; } = 1;

    /// <summary>A reader asked for rows [first, first + count). Near the last read, on either side, is sequential.</summary>
    public void OnRead(long first, long count, int pageRows)
    {
        if (_lastEnd >= 0 && Math.Abs(first - _lastEnd) > 2L * pageRows)
            Pages = 0;
        else if (Pages == 0 && _lastEnd >= 0 && first >= _lastEnd - count)
            Pages = 1;
        _lastEnd = first + count;
    }

    public void PrefetchedPageWasUsed() => Pages = Math.Max(1, Pages * 2);

    public void PrefetchedPageWasEvicted() => Pages /= 2;

    public void Limit(int pages) => Pages = Math.Min(Pages, pages);
}
