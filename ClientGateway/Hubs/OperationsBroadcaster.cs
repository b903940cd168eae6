using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;

namespace Capstan.ClientGateway.Hubs;

/// <summary>
/// Compares the operation log with what was sent last, ten times a second and only when its counter has moved, and sends the
/// difference. What happens between two batches is one message, however much it is.
/// </summary>
/// <remarks>Watches the oldest <see cref="Window"/> operations; counts and jobs are of all.</remarks>
public sealed class OperationsBroadcaster(IFileSystemClient client, IHubContext<OperationsHub> hub, TimeProvider time) : BackgroundService
{
    private const int Window = 1000;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private volatile OperationsSnapshotMessage _last = new(0, 0, 0, 0, [], []);
    private long _counter = -1;

    /// <summary>The state as of the last batch: what comes next has the sequence number after it.</summary>
    public OperationsSnapshotMessage Snapshot() => _last;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                if (Advance() is { } batch)
                    await hub.Clients.Group(OperationsHub.Watchers).SendAsync(OperationsHub.BatchMethod, batch, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private OperationsBatchMessage? Advance()
    {
        IOperationLog log = client.Operations;
        long counter = log.ChangeCounter;
        if (counter == _counter)
            return null;
        _counter = counter;

        OperationsSnapshotMessage before = _last;
        OperationsSnapshotMessage now = new(
            before.Sequence + 1, log.PendingCount, log.FailedCount, log.OldestPending.TotalMilliseconds,
            [.. log.Jobs().Select(JobMessage.Of)], [.. log.Operations(0, Window).Select(OperationMessage.Of)]);
        _last = now;

        Dictionary<long, OperationMessage> operations = before.Operations.ToDictionary(o => o.Id);
        List<OperationMessage> changed = [.. now.Operations.Where(o => !operations.Remove(o.Id, out OperationMessage? old) || old != o)];
        HashSet<JobMessage> jobs = [.. before.Jobs];
        return new OperationsBatchMessage(
            now.Sequence, now.Pending, now.Failed, now.OldestPendingMs, [.. now.Jobs.Where(j => !jobs.Contains(j))], changed, [.. operations.Keys]);
    }
}
