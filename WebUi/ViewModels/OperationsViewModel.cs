using Capstan.ClientGateway;

namespace Capstan.WebUi.ViewModels;

/// <summary>A window over the pending and failed operations that pass a filter.</summary>
/// <param name="uid">Whose operations are shown; null: everybody's.</param>
public sealed class OperationsViewModel(IOperationLog log, uint? uid = null)
{
    private long _counter = -1;
    private int _count = 80;

    public int First { get; private set; }

    public IReadOnlyList<PendingOperation> Rows { get; private set; } = [];

    public int Pending { get; private set; }

    public int Failed { get; private set; }

    public int Total => Pending + Failed;

    public TimeSpan Oldest { get; private set; }

    public OperationFilter Filter { get; private set; } = OperationFilter.Everything;

    public bool Tick()
    {
        long counter = log.ChangeCounter;
        if (counter == _counter)
            return false;
        _counter = counter;
        Read();
        return true;
    }

    public void Look(long first, int count)
    {
        First = (int)Math.Clamp(first, 0, int.MaxValue);
        _count = count;
        Read();
    }

    public void Show(OperationFilter filter)
    {
        if (filter == Filter)
            return;
        Filter = filter;
        First = 0;
        Read();
    }

    public void Retry(PendingOperation operation) => Act(() => log.Retry(operation));

    public void Dismiss(PendingOperation operation) => Act(() => log.Dismiss(operation));

    public void Cancel(PendingOperation operation) => Act(() => log.TryCancel(operation));

    /// <summary>All that are shown and failed.</summary>
    public void DismissFailed() => Act(() =>
    {
        foreach (PendingOperation failed in log.Operations(o => o.State == OperationState.Failed && IsShown(o), 0, int.MaxValue).Rows)
            log.Dismiss(failed);
    });

    private void Act(Action action)
    {
        action();
        Read();
    }

    private void Read()
    {
        if (uid is null && Filter.IsEverything)
        {
            Pending = log.PendingCount;
            Failed = log.FailedCount;
            Oldest = log.OldestPending;
            First = Math.Clamp(First, 0, Math.Max(0, Total - 1));
            Rows = log.Operations(First, _count);
            return;
        }
        OperationWindow window = log.Operations(IsShown, First, _count);
        if (First >= window.Total && First > 0)
        {
            First = Math.Max(0, window.Total - 1);
            window = log.Operations(IsShown, First, _count);
        }
        (Rows, Pending, Failed, Oldest) = (window.Rows, window.Pending, window.Failed, window.Oldest);
    }

    private bool IsShown(PendingOperation operation) => (uid is null || operation.Caller.Uid == uid) && Filter.Passes(operation);
}
