using Capstan.ClientGateway;

namespace Capstan.WebUi.ViewModels;

/// <summary>A window over the pending and failed operations.</summary>
public sealed class OperationsViewModel(IOperationLog log)
{
    private long _counter = -1;
    private int _count = 80;

    public int First { get; private set; }

    public IReadOnlyList<PendingOperation> Rows { get; private set; } = [];

    public int Pending { get; private set; }

    public int Failed { get; private set; }

    public int Total => Pending + Failed;

    public TimeSpan Oldest { get; private set; }

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

    public void Retry(PendingOperation operation) => Act(() => log.Retry(operation));

    public void Dismiss(PendingOperation operation) => Act(() => log.Dismiss(operation));

    public void Cancel(PendingOperation operation) => Act(() => log.TryCancel(operation));

    private void Act(Action action)
    {
        action();
        Read();
    }

    private void Read()
    {
        Pending = log.PendingCount;
        Failed = log.FailedCount;
        Oldest = log.OldestPending;
        First = Math.Clamp(First, 0, Math.Max(0, Total - 1));
        Rows = log.Operations(First, _count);
    }
}
