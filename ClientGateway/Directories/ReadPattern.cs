namespace Capstan.ClientGateway.Directories;

/// <summary>Tells by its reads how one reader goes through a directory.</summary>
internal sealed class ReadPattern
{
    /// <summary>Reads no further than this from the last one are of the same place.</summary>
    private const int NearPages = 2;

    /// <summary>So many jumps within <see cref="ScrubTime"/> are a scroll bar that is being dragged.</summary>
    private const int ScrubJumps = 3;

    private static readonly TimeSpan ScrubTime = TimeSpan.FromSeconds(1);

    private readonly Queue<TimeSpan> _jumps = [];
    private long _first = -1;
    private long _end;

    public AccessPattern Kind { get; private set; }

    /// <summary>The reader asks for rows [first, first + count). The same rows again say nothing.</summary>
    /// <param name="now">On a clock that only goes forward.</param>
    public AccessPattern OnRead(long first, long count, int pageRows, TimeSpan now)
    {
        long end = first + count, near = (long)NearPages * pageRows;
        while (_jumps.TryPeek(out TimeSpan jump) && now - jump > ScrubTime)
            _jumps.Dequeue();
        if (_first >= 0 && (first > _end + near || end < _first - near))
        {
            _jumps.Enqueue(now);
            Kind = _jumps.Count >= ScrubJumps ? AccessPattern.Scrubbing : AccessPattern.Jumping;
        }
        else if (_first >= 0 && (Kind != AccessPattern.Scrubbing || _jumps.Count == 0))
        {
            if (first >= _first && end > _end)
                Kind = AccessPattern.Sequential;
            else if (first < _first && end <= _end)
                Kind = AccessPattern.Reverse;
        }
        (_first, _end) = (first, end);
        return Kind;
    }
}
