using System.Runtime.CompilerServices;
using Capstan.TestKit;

namespace Capstan.Simulation;

/// <summary>One clock, one source of chance, one queue of what happens next. Everything in a schedule follows from its seed.</summary>
internal sealed class World(int seed, bool isTraced)
{
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private readonly List<string> _trace = [];
    private long _order;
    private long _startedAt;

    public int Seed { get; } = seed;

    public Random Random { get; } = new(seed);

    public ManualTime Time { get; } = new();

    public long Steps { get; private set; }

    /// <summary>Lines are made only when somebody is to read them: a seed that fails is played again.</summary>
    public bool IsTraced => isTraced;

    public IReadOnlyList<string> Trace => _trace;

    /// <summary>What this schedule has met, by name.</summary>
    public SortedDictionary<string, long> Met { get; } = new(StringComparer.Ordinal);

    public bool Chance(double probability) => probability > 0 && Random.NextDouble() < probability;

    public TimeSpan Milliseconds(double atMost) => TimeSpan.FromMilliseconds(Random.NextDouble() * atMost);

    public TimeSpan Milliseconds(double atLeast, double atMost) => TimeSpan.FromMilliseconds(atLeast + (Random.NextDouble() * (atMost - atLeast)));

    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[Random.Next(choices.Length)];

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

    public void Meet(string what, long times = 1) => Met[what] = Met.GetValueOrDefault(what) + times;

    public void Say(string who, string what)
    {
        if (isTraced)
            _trace.Add($"{TimeSpan.FromTicks(Now - _startedAt).TotalMilliseconds,10:F2} ms  {who,-6} {what}");
    }

    public void Say(string who, [InterpolatedStringHandlerArgument("")] TraceText what)
    {
        if (isTraced)
            Say(who, what.ToString());
    }

    /// <summary>A line of the trace that is put together only when it is wanted.</summary>
    [InterpolatedStringHandler]
    public ref struct TraceText
    {
        private DefaultInterpolatedStringHandler _text;

        public TraceText(int literals, int values, World world, out bool isWanted)
        {
            isWanted = world.IsTraced;
            _text = isWanted ? new DefaultInterpolatedStringHandler(literals, values) : default;
        }

        public void AppendLiteral(string text) => _text.AppendLiteral(text);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        public void AppendFormatted<T>(T value, string? format) => _text.AppendFormatted(value, format);

        public override string ToString() => _text.ToStringAndClear();
    }
}
