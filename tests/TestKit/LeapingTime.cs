namespace Capstan.TestKit;

/// <summary>The machine's clock, which a test can put forward: a lease ends when the test says so, and never because the machine is slow. Timers run as ever.</summary>
public sealed class LeapingTime : TimeProvider
{
    private long _ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ahead));

    public override long GetTimestamp() => base.GetTimestamp() + (Interlocked.Read(ref _ahead) * (TimestampFrequency / TimeSpan.TicksPerSecond));

    public void Leap(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);
}
