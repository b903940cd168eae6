using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Capstan.TestKit;

/// <summary>
/// Runs what it is given a fixed time later, in order. One thread serves a direction of all connections of a proxy: what waits is only
/// stamped on arrival, so a thousand chunks that arrive together leave together.
/// </summary>
internal sealed class DelayLine : IDisposable
{
    /// <summary>Below this the operating system's short sleep is used: waiting on a monitor is good to a millisecond or two.</summary>
    private static readonly TimeSpan FineGrained = TimeSpan.FromMilliseconds(3);

    private readonly Lock _lock = new();
    private readonly Queue<(long Due, Action Run)> _waiting = new();
    private readonly AutoResetEvent _changed = new(false);
    private readonly Thread _thread;
    private TimeSpan _delay;
    private TimeSpan _jitter;
    private long _lastDue;
    private bool _stalled;
    private bool _stopped;

    public DelayLine(TimeSpan delay)
    {
        _delay = delay;
        _thread = new Thread(Run) { IsBackground = true, Name = "delay line" };
        _thread.Start();
    }

    /// <summary>Of what comes from now on; what waits already keeps its time, and nothing overtakes.</summary>
    public TimeSpan Delay
    {
        get
        {
            lock (_lock)
                return _delay;
        }
        set
        {
            lock (_lock)
                _delay = value;
        }
    }

    /// <summary>Up to so much more, at random, for each chunk; order is kept.</summary>
    public TimeSpan Jitter
    {
        get
        {
            lock (_lock)
                return _jitter;
        }
        set
        {
            lock (_lock)
                _jitter = value;
        }
    }

    /// <summary>While set, nothing leaves.</summary>
    public bool Stalled
    {
        get
        {
            lock (_lock)
                return _stalled;
        }
        set
        {
            lock (_lock)
                _stalled = value;
            _changed.Set();
        }
    }

    public void Enqueue(Action run)
    {
        bool first;
        lock (_lock)
        {
            double seconds = _delay.TotalSeconds + (_jitter > TimeSpan.Zero ? Random.Shared.NextDouble() * _jitter.TotalSeconds : 0);
            _lastDue = Math.Max(_lastDue, Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency));
            first = _waiting.Count == 0;
            _waiting.Enqueue((_lastDue, run));
        }
        if (first)
            _changed.Set();
    }

    public void Dispose()
    {
        lock (_lock)
            _stopped = true;
        _changed.Set();
        _thread.Join();
        _changed.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            Action? run = null;
            TimeSpan wait = Timeout.InfiniteTimeSpan;
            lock (_lock)
            {
                if (_stopped)
                    return;
                if (!_stalled && _waiting.TryPeek(out (long Due, Action Run) next))
                {
                    wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), next.Due);
                    if (wait <= TimeSpan.Zero)
                        run = _waiting.Dequeue().Run;
                }
            }
            if (run is not null)
                run();
            else if (wait == Timeout.InfiniteTimeSpan)
                _changed.WaitOne();
            else if (wait > FineGrained)
                _changed.WaitOne(wait - FineGrained);
            else
                ShortSleep(wait);
        }
    }

    private static void ShortSleep(TimeSpan time)
    {
        if (OperatingSystem.IsLinux())
        {
            TimeSpec spec = new() { Seconds = 0, Nanoseconds = (nint)time.TotalNanoseconds };
            _ = nanosleep(ref spec, 0);
        }
        else
        {
            Thread.Sleep(0);
        }
    }

    [DllImport("libc")]
    private static extern int nanosleep(ref TimeSpec request, nint remaining);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
