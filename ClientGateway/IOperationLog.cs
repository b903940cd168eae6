using Capstan.Shared;

namespace Capstan.ClientGateway;

/// <summary>Pending operations, failures that nobody dismissed, and jobs. Thread-safe.</summary>
public interface IOperationLog
{
    /// <summary>Bumped at each change; components compare it on a 100 ms timer.</summary>
    long ChangeCounter { get; }

    int PendingCount { get; }

    int FailedCount { get; }

    /// <summary>Age of the oldest pending operation; zero when there is none.</summary>
    TimeSpan OldestPending { get; }

    /// <summary>Newest first; running jobs before finished ones. Finished jobs are kept for a while, bounded.</summary>
    IReadOnlyList<OperationJob> Jobs();

    /// <summary>A window over pending and failed operations, oldest first.</summary>
    IReadOnlyList<PendingOperation> Operations(int first, int count);

    /// <summary>The same over those that pass a filter, which must be quick: each is looked at.</summary>
    OperationWindow Operations(Func<PendingOperation, bool> filter, int first, int count)
    {
        const int Chunk = 1000;
        OperationWindow.Builder window = new(filter, first, count);
        for (int at = 0; ; at += Chunk)
        {
            IReadOnlyList<PendingOperation> chunk = Operations(at, Chunk);
            foreach (PendingOperation operation in chunk)
                window.Add(operation);
            if (chunk.Count < Chunk)
                return window.Build();
        }
    }

    /// <summary>Failed operations of one directory that nobody dismissed, oldest first.</summary>
    IReadOnlyList<PendingOperation> FailedIn(InodeId directory)
    {
        List<PendingOperation> failed = [];
        if (FailedCount == 0)
            return failed;
        const int Chunk = 1000;
        for (int first = 0; ; first += Chunk)
        {
            IReadOnlyList<PendingOperation> window = Operations(first, Chunk);
            failed.AddRange(window.Where(o => o.State == OperationState.Failed && o.Directory == directory));
            if (window.Count < Chunk)
                return failed;
        }
    }

    /// <summary>Sends failed operations again, as new ones; those that one job has asked for as a job of their own, whether that one goes on or not.</summary>
    void Retry(IReadOnlyList<PendingOperation> failed);

    void Retry(PendingOperation failed) => Retry([failed]);

    /// <summary>Does what a finished job has left (what failed, and of trees also what was kept), as a new job.</summary>
    OperationJob Retry(OperationJob finished);

    /// <summary>
    /// Takes back what a job has done, as a new job: what it put into the trash is restored, what it moved goes back, what it copied goes to the trash, and what it
    /// replaced comes back. One that goes on is cancelled first. Null when there is nothing to undo, or it was undone already.
    /// </summary>
    Task<OperationJob?> UndoAsync(OperationJob job);

    /// <summary>Forgets a failed operation: its row is normal again.</summary>
    void Dismiss(PendingOperation failed);

    /// <summary>Forgets a finished job with its failures, and gives up one that was interrupted. One that goes on, or is paused, stays: cancel it first.</summary>
    void Dismiss(OperationJob job);

    /// <summary>Cancels a queued operation; false when it was sent already.</summary>
    bool TryCancel(PendingOperation queued);
}
