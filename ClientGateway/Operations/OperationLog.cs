namespace Capstan.ClientGateway.Operations;

/// <summary>What the operations page sees of the operation table.</summary>
internal sealed class OperationLog(GatewayCore core, Action<IReadOnlyList<TrackedOperation>> resend, Func<OperationJob, OperationJob> again, Func<OperationJob, Task<OperationJob?>> undo) : IOperationLog
{
    public long ChangeCounter => core.Operations.ChangeCounter;

    public int PendingCount => core.Operations.PendingCount;

    public int FailedCount
    {
        get
        {
            using (core.Turns.EnterAhead())
                return core.Operations.FailedCount;
        }
    }

    public TimeSpan OldestPending
    {
        get
        {
            using (core.Turns.EnterAhead())
                return core.Operations.OldestPending;
        }
    }

    public IReadOnlyList<OperationJob> Jobs()
    {
        using (core.Turns.EnterAhead())
            return [.. core.Operations.Jobs.OrderBy(j => j.IsFinished)];
    }

    public IReadOnlyList<PendingOperation> Operations(int first, int count)
    {
        using (core.Turns.EnterAhead())
            return [.. core.Operations.Shown.Skip(first).Take(count)];
    }

    public OperationWindow Operations(Func<PendingOperation, bool> filter, int first, int count)
    {
        OperationWindow.Builder window = new(filter, first, count);
        using (core.Turns.EnterAhead())
        {
            foreach (TrackedOperation operation in core.Operations.Shown)
                window.Add(operation);
        }
        return window.Build();
    }

    public void Retry(IReadOnlyList<PendingOperation> failed) => resend([.. failed.Cast<TrackedOperation>()]);

    public OperationJob Retry(OperationJob finished) => again(finished);

    public Task<OperationJob?> UndoAsync(OperationJob job) => undo(job);

    public void Dismiss(PendingOperation failed)
    {
        using (core.Turns.EnterAhead())
            core.Operations.Dismiss((TrackedOperation)failed);
    }

    public void Dismiss(OperationJob job)
    {
        using (core.Turns.EnterAhead())
            core.Operations.Dismiss(job);
    }

    public bool TryCancel(PendingOperation queued)
    {
        using (core.Turns.EnterAhead())
            return core.Operations.TryCancel((TrackedOperation)queued);
    }
}
