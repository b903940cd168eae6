namespace Capstan.ClientGateway.Hubs;

/// <summary>
/// What the watchers of one scope are told: a snapshot, then batches, each one the difference to the one before. The last batches are kept, so that a watcher
/// whose connection broke goes on where it was. Not thread-safe: owned by the broadcaster.
/// </summary>
internal sealed class OperationFeed(WatchScope scope, long sequence)
{
    /// <summary>Operations that are told one by one: the oldest. Counts and jobs are of all.</summary>
    private const int Window = 1000;

    private const int BytesKept = 1 << 20;

    private readonly Queue<(long Sequence, SharedPayload Batch)> _kept = [];
    private OperationsSnapshotMessage _now = new(scope.Name, sequence, 0, 0, 0, [], []);
    private int _keptBytes;

    public List<Watcher> Watchers { get; } = [];

    /// <summary>Since when nobody watches, as a timestamp; 0 while somebody does.</summary>
    public long AloneSince { get; set; }

    public long Sequence => _now.Sequence;

    public SharedPayload Snapshot() => SharedPayload.Of(OperationsHub.SnapshotMethod, _now);

    /// <summary>The batches after this one; null when they are not known any more, or are too many.</summary>
    public List<SharedPayload>? Since(long seen)
    {
        long oldest = Sequence - _kept.Count;
        if (seen < oldest || seen > Sequence || !Watcher.HoldsAtOnce((int)(Sequence - seen)))
            return null;
        return [.. _kept.Where(k => k.Sequence > seen).Select(k => k.Batch)];
    }

    /// <summary>Looks at the log, and tells the watchers what is different.</summary>
    public void Advance(IOperationLog log)
    {
        OperationWindow window = scope.IsEverything
            ? new OperationWindow(log.Operations(0, Window), log.PendingCount, log.FailedCount, log.OldestPending)
            : log.Operations(scope.Holds, 0, Window);
        OperationsSnapshotMessage before = _now;
        OperationsSnapshotMessage now = new(
            before.Feed, before.Sequence + 1, window.Pending, window.Failed, window.Oldest.TotalMilliseconds,
            [.. log.Jobs().Where(scope.Holds).Select(JobMessage.Of)], [.. window.Rows.Select(OperationMessage.Of)]);

        Dictionary<long, OperationMessage> gone = before.Operations.ToDictionary(o => o.Id);
        List<OperationMessage> changed = [.. now.Operations.Where(o => !gone.Remove(o.Id, out OperationMessage? old) || old != o)];
        HashSet<JobMessage> jobs = [.. before.Jobs];
        List<JobMessage> changedJobs = [.. now.Jobs.Where(j => !jobs.Contains(j))];
        if (changed.Count == 0 && gone.Count == 0 && changedJobs.Count == 0 && (now.Pending, now.Failed) == (before.Pending, before.Failed))
            return;
        _now = now;
        Tell(SharedPayload.Of(OperationsHub.BatchMethod, new OperationsBatchMessage(
            now.Feed, now.Sequence, now.Pending, now.Failed, now.OldestPendingMs, changedJobs, changed, [.. gone.Keys])));
    }

    private void Tell(SharedPayload batch)
    {
        _kept.Enqueue((Sequence, batch));
        _keptBytes += batch.Bytes;
        while (_keptBytes > BytesKept)
            _keptBytes -= _kept.Dequeue().Batch.Bytes;
        foreach (Watcher watcher in Watchers)
            watcher.Post(batch);
    }
}
