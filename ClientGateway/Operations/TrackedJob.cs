using Capstan.Shared;

namespace Capstan.ClientGateway.Operations;

/// <summary>Counts of one job. Changed under the gateway's lock, read from any thread.</summary>
internal sealed class TrackedJob(OperationTable table, TimeProvider time, long id, string title, Caller caller, InodeId directory, int total) : OperationJob
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _startedAt = time.GetTimestamp();
    private long _endedAt;
    private int _done;
    private int _failed;
    private int _cancelled;

    public override long Id => id;

    public override string Title => title;

    public override Caller Caller => caller;

    public override InodeId Directory => directory;

    public override int Total => total;

    public override int Done => Volatile.Read(ref _done);

    public override int Failed => Volatile.Read(ref _failed);

    public override int Cancelled => Volatile.Read(ref _cancelled);

    public override TimeSpan Age => time.GetElapsedTime(_startedAt);

    public override TimeSpan Duration => Volatile.Read(ref _endedAt) is var end and not 0 ? time.GetElapsedTime(_startedAt, end) : Age;

    public override Task Completion => _completion.Task;

    public bool IsCancelled { get; private set; }

    public override void Cancel()
    {
        IsCancelled = true;
        table.Cancel(this);
    }

    public void Count(OperationState state)
    {
        ref int counter = ref _done;
        if (state == OperationState.Failed)
            counter = ref _failed;
        else if (state == OperationState.Cancelled)
            counter = ref _cancelled;
        Volatile.Write(ref counter, counter + 1);
        if (IsFinished)
        {
            Volatile.Write(ref _endedAt, time.GetTimestamp());
            _completion.TrySetResult();
        }
    }
}
