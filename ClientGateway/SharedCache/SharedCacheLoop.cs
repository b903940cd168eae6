using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging;

namespace Capstan.ClientGateway.SharedCache;

/// <summary>
/// The second level's IO: reads with a limit of milliseconds, writes nobody waits for, and a circuit breaker, so that a cache that is slow or gone costs its users
/// a few slow reads and then nothing. What comes back is not believed here: the reader checks it.
/// </summary>
internal sealed partial class SharedCacheLoop(SharedPages pages, Lock gate, IDistributedCache cache, GatewayOptions options, GatewayCounters counters, TimeProvider time, ILogger<SharedCacheLoop> logger)
    : IAsyncDisposable
{
    private const int WritesAtOnce = 16;

    /// <summary>Slow reads in a row after which the cache is left alone.</summary>
    private const int SlowReads = 4;

    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly SemaphoreSlim _writing = new(WritesAtOnce);
    private readonly CancellationTokenSource _stop = new();
    private readonly Random _jitter = new();
    private Task _running = Task.CompletedTask;
    private Task _probing = Task.CompletedTask;
    private int _slow;

    public void Start()
    {
        lock (gate)
        {
            pages.Wake = Wake;
            pages.IsOn = true;
        }
        _running = RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _probing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        (cache as IDisposable)?.Dispose();
    }

    private void Wake()
    {
        if (_wake.CurrentCount > 0)
            return;
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else has woken it: that is enough.
        }
    }

    private async Task RunAsync()
    {
        while (true)
        {
            await _wake.WaitAsync(_stop.Token).ConfigureAwait(false);
            List<(PageKey Key, Action<SharedAnswer, byte[]?> Answer)> reads;
            List<(PageKey Key, byte[] Page)> writes;
            lock (gate)
                (reads, writes) = pages.Take();
            foreach ((PageKey key, Action<SharedAnswer, byte[]?> answer) in reads)
                _ = ReadAsync(key, answer);
            foreach ((PageKey key, byte[] page) in writes)
                _ = WriteAsync(key, page);
        }
    }

    private async Task ReadAsync(PageKey key, Action<SharedAnswer, byte[]?> answer)
    {
        SharedAnswer outcome = SharedAnswer.Bypassed;
        byte[]? page = null;
        long asked = time.GetTimestamp();
        try
        {
            if (pages.IsOn)
            {
                page = await cache.GetAsync(key.ToString(), _stop.Token).WaitAsync(options.SharedCacheTimeout, time, _stop.Token).ConfigureAwait(false);
                outcome = page is null ? SharedAnswer.Missed : SharedAnswer.Found;
                _slow = 0;
            }
        }
        catch (TimeoutException)
        {
            if (Interlocked.Increment(ref _slow) >= SlowReads)
                Open("it is slow");
        }
        catch (Exception e)
        {
            // Whatever a cache throws, it is a cache: its users go on without.
            Open(e.Message);
        }
        lock (gate)
        {
            counters.SharedHits += outcome == SharedAnswer.Found ? 1 : 0;
            counters.SharedMisses += outcome == SharedAnswer.Missed ? 1 : 0;
            counters.SharedBypassed += outcome == SharedAnswer.Bypassed ? 1 : 0;
            if (outcome != SharedAnswer.Bypassed)
                counters.SharedReadTimes.Add(time.GetElapsedTime(asked));
            answer(outcome, page);
        }
        Answered?.Invoke();
    }

    /// <summary>Told after each answer, under no lock: what it led to must be sent.</summary>
    public Action? Answered { get; init; }

    private async Task WriteAsync(PageKey key, byte[] page)
    {
        bool written = false;
        await _writing.WaitAsync(_stop.Token).ConfigureAwait(false);
        if (pages.IsOn)
        {
            try
            {
                double spread = 0.8 + (0.4 * _jitter.NextDouble());
                await cache.SetAsync(key.ToString(), page, new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = options.SharedCacheLifetime * spread }, _stop.Token).ConfigureAwait(false);
                written = true;
            }
            catch (Exception e)
            {
                LogNotWritten(e.Message); // Full, read-only, gone: the reads find out which.
            }
        }
        _writing.Release();
        lock (gate)
        {
            counters.SharedWrites += written ? 1 : 0;
            counters.SharedWritesDropped += written ? 0 : 1;
        }
    }

    private void Open(string reason)
    {
        lock (gate)
        {
            if (!pages.IsOn || _stop.IsCancellationRequested)
                return;
            pages.IsOn = false;
            counters.SharedOutages++;
            _probing = ProbeAsync();
        }
        LogLeftAlone(reason);
    }

    private async Task ProbeAsync()
    {
        while (true)
        {
            await Task.Delay(ProbeEvery, time, _stop.Token).ConfigureAwait(false);
            try
            {
                await cache.GetAsync("capstan:probe", _stop.Token).WaitAsync(options.SharedCacheTimeout, time, _stop.Token).ConfigureAwait(false);
            }
            catch (Exception) when (!_stop.IsCancellationRequested)
            {
                continue;
            }
            _slow = 0;
            lock (gate)
                pages.IsOn = true;
            LogBack();
            return;
        }
    }

    [LoggerMessage(3301, LogLevel.Warning, "The shared cache is left alone for now: {Reason}")]
    private partial void LogLeftAlone(string reason);

    [LoggerMessage(3302, LogLevel.Information, "The shared cache answers again.")]
    private partial void LogBack();

    [LoggerMessage(3303, LogLevel.Debug, "A page was not written to the shared cache: {Reason}")]
    private partial void LogNotWritten(string reason);
}
