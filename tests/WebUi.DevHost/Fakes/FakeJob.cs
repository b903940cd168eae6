using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.DevHost.Fakes;

public sealed class FakeJob(long id, JobKind kind, string title, Caller caller, InodeId directory, string scope, int total, TimeProvider time) : OperationJob
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _asked = time.GetTimestamp();
    private readonly List<JobFailure> _failures = [];
    private readonly List<TrashPlace> _trashed = [];
    private bool _isUndone;
    private int _done;
    private int _failed;
    private int _cancelled;
    private TimeSpan? _duration;

    public override long Id => id;

    public override string Title => title;

    public override JobKind Kind => kind;

    public override string Scope { get; } = scope;

    public override JobState State => IsFinished ? JobState.Finished : IsPaused ? JobState.Paused : JobState.Running;

    public override Caller Caller => caller;

    public override InodeId Directory => directory;

    public override int Total => total;

    public override int Done => _done;

    public override int Failed => _failed;

    public override int Cancelled => _cancelled;

    public override TimeSpan Age => time.GetElapsedTime(_asked);

    public override TimeSpan Duration => _duration ?? Age;

    public override Task Completion => _completion.Task;

    public bool IsCancelled { get; private set; }

    public override bool WasCancelled => IsCancelled;

    public bool IsPaused { get; private set; }

    public override void Cancel() => IsCancelled = true;

    public override void Pause() => IsPaused = !IsFinished;

    public override void Resume() => IsPaused = false;

    public override IReadOnlyList<JobFailure> Failures
    {
        get
        {
            lock (_failures)
                return [.. _failures];
        }
    }

    public override IReadOnlyList<TrashPlace> Trashed
    {
        get
        {
            lock (_trashed)
                return [.. _trashed];
        }
    }

    public override bool CanUndo
    {
        get
        {
            lock (_trashed)
                return !_isUndone && _trashed.Count > 0;
        }
    }

    internal bool TryBeginUndo()
    {
        lock (_trashed)
            return CanUndo && (_isUndone = true);
    }

    internal void Count(FakeOperation ended)
    {
        if (ended.State == OperationState.Failed)
        {
            lock (_failures)
                _failures.Add(new JobFailure([ended.Name], ended.Errno, ended));
        }
        if (ended.Trashed is { } place)
        {
            lock (_trashed)
                _trashed.Add(place);
        }
        _ = ended.State switch
        {
            OperationState.Done => Interlocked.Increment(ref _done),
            OperationState.Failed => Interlocked.Increment(ref _failed),
            _ => Interlocked.Increment(ref _cancelled),
        };
        if (IsFinished)
        {
            _duration = Age;
            _completion.TrySetResult();
        }
    }
}
