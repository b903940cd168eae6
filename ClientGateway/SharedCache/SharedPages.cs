namespace Capstan.ClientGateway.SharedCache;

/// <summary>
/// What the rules ask of the shared second level, without IO: they leave reads and writes here, and <see cref="SharedCacheLoop"/> answers. Not thread-safe: owned by <c>GatewayCore</c>.
/// </summary>
internal sealed class SharedPages(GatewayCounters counters)
{
    /// <summary>Writes that may wait: a cache that cannot keep up is not waited for.</summary>
    private const int MaxWaiting = 256;

    private List<(PageKey Key, Action<SharedAnswer, byte[]?> Answer)> _reads = [];
    private List<(PageKey Key, byte[] Page)> _writes = [];

    /// <summary>There is a cache, and it answers in time.</summary>
    public bool IsOn { get; set; }

    /// <summary>Told that there is something to take. From under the gateway's lock.</summary>
    public Action? Wake { get; set; }

    /// <param name="answer">Called once, later, under the gateway's lock.</param>
    public void Read(PageKey key, Action<SharedAnswer, byte[]?> answer)
    {
        _reads.Add((key, answer));
        Wake?.Invoke();
    }

    public void Write(PageKey key, byte[] page)
    {
        if (!IsOn)
            return;
        if (_writes.Count == MaxWaiting)
        {
            counters.SharedWritesDropped++;
            return;
        }
        _writes.Add((key, page));
        Wake?.Invoke();
    }

    public (List<(PageKey Key, Action<SharedAnswer, byte[]?> Answer)> Reads, List<(PageKey Key, byte[] Page)> Writes) Take()
    {
        var taken = (_reads, _writes);
        (_reads, _writes) = ([], []);
        return taken;
    }
}
