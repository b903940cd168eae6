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

    /// <summary>Sends a failed operation again, as a new one.</summary>
    PendingOperation Retry(PendingOperation failed);

    /// <summary>Forgets a failed operation: its row is normal again.</summary>
    void Dismiss(PendingOperation failed);

    /// <summary>Cancels a queued operation; false when it was sent already.</summary>
    bool TryCancel(PendingOperation queued);
}
