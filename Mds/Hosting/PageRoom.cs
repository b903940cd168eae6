namespace Capstan.Mds.Hosting;

/// <summary>Pages that wait for connections to take them: so many bytes over all, shared evenly, so that a slow gateway holds up none but itself. Thread-safe.</summary>
internal sealed class PageRoom
{
    private const long Total = 64L << 20;
    private const long MostOfOne = 4L << 20;
    private const long LeastOfOne = 256L << 10;

    private int _links;

    /// <summary>Told, on any thread, that a connection has taken some of its pages or has ended.</summary>
    public Action? Freed { get; set; }

    /// <summary>Bytes that one connection may have waiting; a page that somebody waits for may go beyond.</summary>
    public long Share => Math.Clamp(Total / Math.Max(1, Volatile.Read(ref _links)), LeastOfOne, MostOfOne);

    public static long MostWaitedFor => MostOfOne;

    public void Opened() => Interlocked.Increment(ref _links);

    public void Closed()
    {
        Interlocked.Decrement(ref _links);
        Freed?.Invoke();
    }

    public void Taken() => Freed?.Invoke();
}
