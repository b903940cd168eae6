using System.Threading.Channels;
using Capstan.Mds.Storage;
using Microsoft.Extensions.Logging;

namespace Capstan.Mds.Hosting;

/// <summary>Has the writer loop purge the trash, a bounded step a group, so that nobody waits for it; looks for what has grown too old once a minute.</summary>
internal sealed partial class TrashPurger(MdsLoop loop, Action purged, TimeProvider time, ILogger logger)
{
    private const int StepSize = 1_000;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    // One place, newest dropped: any number of hints mean "look again". Written by the loop after commits, read here.
    private readonly Channel<bool> _hints = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>There may be something to purge. From any thread.</summary>
    public void Hint() => _hints.Writer.TryWrite(true);

    /// <summary>Works until cancelled, starting with what an earlier run left.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using ITimer timer = time.CreateTimer(_ => Hint(), null, TimeSpan.Zero, Period);
        try
        {
            while (await _hints.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
            {
                _hints.Reader.TryRead(out _);
                while (await StepAsync(cancellation).ConfigureAwait(false) is { IsDone: false } step)
                {
                    if (step.IsBlocked)
                        await Task.Delay(RetryAfter, time, cancellation).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // What is left is in the store, and found at the next start.
        }
    }

    private async Task<(bool IsDone, bool IsBlocked)> StepAsync(CancellationToken cancellation)
    {
        (int count, bool isBlocked) = (0, false);
        try
        {
            await loop.RunInGroupAsync(
                (core, _) =>
                {
                    (count, isBlocked) = core.PurgeTrash(StepSize);
                    return true;
                },
                cancellation).ConfigureAwait(false);
        }
        catch (StoreException failure)
        {
            LogFailed(failure);
            return (false, true);
        }
        if (count > 0)
            purged();
        return (count == 0 && !isBlocked, isBlocked && count == 0);
    }

    [LoggerMessage(1501, LogLevel.Warning, "Purging the trash failed; it is tried again.")]
    private partial void LogFailed(Exception failure);
}
