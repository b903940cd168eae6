namespace Capstan.ClientGateway.Hubs;

/// <summary>Where everything in a feed stands at one moment. Batches that follow count on from its <see cref="Sequence"/>.</summary>
/// <param name="Operations">The oldest that are pending or failed, a thousand at most; the counts are of all.</param>
public sealed record OperationsSnapshotMessage(
    string Feed, long Sequence, int Pending, int Failed, double OldestPendingMs, IReadOnlyList<JobMessage> Jobs, IReadOnlyList<OperationMessage> Operations);

/// <summary>What is different since the batch before, whose number was one less.</summary>
/// <param name="Removed">Ids of operations that are neither pending nor failed any more, or have left the window that is watched.</param>
public sealed record OperationsBatchMessage(
    string Feed, long Sequence, int Pending, int Failed, double OldestPendingMs, IReadOnlyList<JobMessage> Jobs, IReadOnlyList<OperationMessage> Operations, IReadOnlyList<long> Removed);

/// <summary>The watcher has read too slowly: batches were left out, and none comes before it has asked to watch again.</summary>
public sealed record OperationsStaleMessage(string Feed);

/// <param name="WaitingFor">Why nothing happens just now, in words; null when it gets on.</param>
public sealed record JobMessage(
    long Id, string Title, string Kind, string Scope, string State, string? WaitingFor, int Total, int Done, int Failed, int Cancelled, bool IsFinished)
{
    internal static JobMessage Of(OperationJob job) => new(
        job.Id, job.Title, job.Kind.ToString(), job.Scope, job.State.ToString(), job.WaitingFor, job.Total, job.Done, job.Failed, job.Cancelled, job.IsFinished);
}

/// <param name="Directory">Inode number, as text: it may not fit a JavaScript number.</param>
public sealed record OperationMessage(
    long Id, string Kind, string Directory, string Name, string State, int Errno, bool IsAsynchronous, string Fallback, long? Job)
{
    internal static OperationMessage Of(PendingOperation operation) => new(
        operation.Id, operation.Kind.ToString(), operation.Directory.ToString(), operation.Name.ToString(), operation.State.ToString(),
        (int)operation.Errno, operation.IsAsynchronous, operation.Fallback.ToString(), operation.Job?.Id);
}
