namespace Capstan.ClientGateway.Operations;

/// <summary>What the operations page sees of the operation table.</summary>
internal sealed class OperationLog(GatewayCore core, Func<TrackedOperation, TrackedOperation> resend, Func<OperationJob, OperationJob> again, Func<OperationJob, Task<OperationJob?>> undo) : IOperationLog
{
    public long ChangeCounter
    {
        get
        {
            lock (core.Gate)
                return core.Operations.ChangeCounter;
        }
    }

    public int PendingCount
    {
        get
        {
            lock (core.Gate)
                return core.Operations.PendingCount;
        }
    }

    public int FailedCount
    {
        get
        {
            lock (core.Gate)
                return core.Operations.FailedCount;
        }
    }

    public TimeSpan OldestPending
    {
        get
        {
            lock (core.Gate)
                return core.Operations.OldestPending;
        }
    }

    public IReadOnlyList<OperationJob> Jobs()
    {
        lock (core.Gate)
            return [.. core.Operations.Jobs.OrderBy(j => j.IsFinished)];
    }

    public IReadOnlyList<PendingOperation> Operations(int first, int count)
    {
        lock (core.Gate)
            return [.. core.Operations.Shown.Skip(first).Take(count)];
    }

    public OperationWindow Operations(Func<PendingOperation, bool> filter, int first, int count)
    {
        OperationWindow.Builder window = new(filter, first, count);
        lock (core.Gate)
        {
            foreach (TrackedOperation operation in core.Operations.Shown)
                window.Add(operation);
        }
        return window.Build();
    }

    public PendingOperation Retry(PendingOperation failed) => resend((TrackedOperation)failed);

    public OperationJob Retry(OperationJob finished) => again(finished);

    public Task<OperationJob?> UndoAsync(OperationJob job) => undo(job);

    public void Dismiss(PendingOperation failed)
    {
        lock (core.Gate)
            core.Operations.Dismiss((TrackedOperation)failed);
    }

    public void Dismiss(OperationJob job)
    {
        lock (core.Gate)
            core.Operations.Dismiss(job);
    }

    public bool TryCancel(PendingOperation queued)
    {
        lock (core.Gate)
            return core.Operations.TryCancel((TrackedOperation)queued);
    }
}
