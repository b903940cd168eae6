using Capstan.TestKit;

namespace Capstan.Simulation;

/// <summary>One clock, one source of chance, one queue of what happens next. Everything in a schedule follows from its seed.</summary>
internal sealed class World(int seed)
{
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private readonly Queue<string> _trace = [];
    private long _order;
    private long _startedAt;

    public int Seed { get; } = seed;

    public Random Random { get; } = new(seed);

    public ManualTime Time { get; } = new();

    public long Steps { get; private set; }

    public IEnumerable<string> Trace => _trace;

    public int TraceLines { get; set; } = 100_000;

    public bool Chance(double probability) => Random.NextDouble() < probability;

    public TimeSpan Milliseconds(double atMost) => TimeSpan.FromMilliseconds(Random.NextDouble() * atMost);

    public long Now => Time.GetTimestamp();

    public void After(TimeSpan delay, Action action) => At(Now + delay.Ticks, action);

    public void At(long timestamp, Action action) => _events.Enqueue(action, (Math.Max(timestamp, Now), _order++));

    /// <summary>Lets the next event happen, and moves the clock to it.</summary>
    public void Step()
    {
        if (_startedAt == 0)
            _startedAt = Now;
        if (!_events.TryDequeue(out Action? next, out (long At, long Order) when))
            throw new InvalidOperationException("Nothing is left to happen.");
        Time.Advance(TimeSpan.FromTicks(when.At - Now));
        Steps++;
        next();
    }

    public void Say(string who, string what)
    {
        if (_trace.Count == TraceLines)
            _trace.Dequeue();
        _trace.Enqueue($"{TimeSpan.FromTicks(Now - _startedAt).TotalMilliseconds,10:F2} ms  {who,-6} {what}");
    }
}
