using System.Collections.Frozen;
using Capstan.Shared;

namespace Capstan.ClientGateway.Operations;

/// <summary>Counts of one job. Changed under the gateway's lock, read from any thread.</summary>
internal sealed class TrackedJob : OperationJob
{
    private readonly OperationTable _table;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<JobFailure> _failures = [];
    private readonly List<TrashPlace> _trashed = [];
    private readonly long _startedAt;
    private long _endedAt;
    private int _total;
    private int _done;
    private int _failed;
    private int _cancelled;
    private volatile bool _isCancelled;
    private volatile bool _isPaused;
    private volatile Action? _begin;
    private TimeSpan? _durationBefore;
    private volatile bool _isToBeUndone;
    private bool _isUndone;
    private Task _takenIn = Task.CompletedTask;

    public TrackedJob(OperationTable table, TimeProvider time, long id, JobKind kind, string title, Caller caller, InodeId directory, int total)
    {
        _table = table;
        _time = time;
        _startedAt = time.GetTimestamp();
        _total = total;
        Id = id;
        Kind = kind;
        Title = title;
        Caller = caller;
        Directory = directory;
        CompleteIfFinished();
    }

    public override long Id { get; }

    public override JobKind Kind { get; }

    public override string Title { get; }

    public override Caller Caller { get; }

    public override InodeId Directory { get; }

    public override string Scope => Place;

    public override JobState State => IsFinished ? JobState.Finished : _begin is not null ? JobState.Interrupted : _isPaused ? JobState.Paused : JobState.Running;

    public override string? WaitingFor => _table.WaitingFor(this);

    /// <summary>Path of its directory, as far as it was known when it began.</summary>
    public string Place { get; init; } = "";

    public override int Total => Volatile.Read(ref _total);

    public override int Done => Volatile.Read(ref _done);

    public override int Failed => Volatile.Read(ref _failed);

    public override int Cancelled => Volatile.Read(ref _cancelled);

    /// <summary>Of its operations, in whatever way.</summary>
    public int Ended => Done + Failed + Cancelled;

    public override TimeSpan Age => AgeBefore + _time.GetElapsedTime(_startedAt);

    /// <summary>In earlier processes.</summary>
    public TimeSpan AgeBefore { get; init; }

    public override TimeSpan Duration => _durationBefore is { } before ? before : Volatile.Read(ref _endedAt) is var end and not 0 ? _time.GetElapsedTime(_startedAt, end) : Age;

    public override Task Completion => _completion.Task;

    public override Task TakenIn => _takenIn;

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

    public bool IsCancelled => _isCancelled;

    public override bool WasCancelled => _isCancelled;

    public override bool IsToBeUndone => _isToBeUndone;

    public override bool CanUndo
    {
        get
        {
            lock (_trashed)
                return Kind == JobKind.Trash && !_isUndone && _trashed.Count > 0;
        }
    }

    public bool IsPaused
    {
        get => _isPaused;
        set => _isPaused = value;
    }

    /// <summary>Where it is written down; null when it is not.</summary>
    public IJobNotes? Notes { get; set; }

    /// <summary>It was begun by an earlier process: what is gone may have been done by that.</summary>
    public bool IsResumed { get; set; }

    /// <summary>What that process had not found.</summary>
    public IReadOnlySet<InodeId> FailedBefore { get; set; } = FrozenSet<InodeId>.Empty;

    /// <summary>Of a change of attributes.</summary>
    public AttributeChange? Change { get; set; }

    /// <summary>Of its operations, sent and not answered.</summary>
    public int InFlight { get; set; }

    /// <summary>Its operations whose turn came while it was paused.</summary>
    public Queue<TrackedOperation> Held { get; } = [];

    /// <summary>Of one that came to its end in an earlier process: does what that has left, as a new job.</summary>
    public Func<TrackedJob>? DoesTheRest { get; set; }

    /// <summary>What removes whole trees for it; null for a job whose operations were all asked for at once.</summary>
    public TreeRemoval? Tree { get; set; }

    public override void Cancel()
    {
        if (State == JobState.Interrupted)
            return; // It is dismissed.
        MarkCancelled();
        Notes?.Cancelled();
        _table.Cancel(this);
    }

    internal override void WantUndo()
    {
        if (IsFinished || State == JobState.Interrupted)
            return;
        MarkToBeUndone();
        Cancel();
        Notes?.UndoWanted();
    }

    /// <summary>Nothing of it is begun from here on, and what is done is taken back.</summary>
    public void MarkToBeUndone()
    {
        _isToBeUndone = true;
        MarkCancelled();
    }

    public override void Pause()
    {
        _table.Pause(this);
        Notes?.Paused(_isPaused);
    }

    public override void Resume()
    {
        if (Interlocked.Exchange(ref _begin, null) is { } begin)
            begin();
        else
            _table.Resume(this);
        Notes?.Paused(_isPaused);
    }

    internal override void Discard() => Notes?.Over();

    /// <summary>Begins when somebody says so.</summary>
    public void Interrupt(Action begin) => _begin = begin;

    /// <summary>What an earlier process has done.</summary>
    public void CountEarlier(int done)
    {
        Volatile.Write(ref _done, done);
        CompleteIfFinished();
    }

    /// <summary>It came to its end in an earlier process.</summary>
    public void HasEnded(int done, int failed, int cancelled, TimeSpan duration)
    {
        _durationBefore = duration;
        Volatile.Write(ref _failed, failed);
        Volatile.Write(ref _cancelled, cancelled);
        Volatile.Write(ref _done, done);
        _completion.TrySetResult();
    }

    public void AddTrashed(TrashPlace place)
    {
        lock (_trashed)
            _trashed.Add(place);
    }

    /// <summary>True once: whoever gets it undoes.</summary>
    public bool TryBeginUndo()
    {
        lock (_trashed)
        {
            if (!CanUndo)
                return false;
            return _isUndone = true;
        }
    }

    public void TakenInBy(Task work) => _takenIn = work;

    public void MarkCancelled() => _isCancelled = true;

    /// <summary>More has been found that belongs to it.</summary>
    public void Grow(int by) => Volatile.Write(ref _total, _total + by);

    public void AddFailure(JobFailure failure)
    {
        lock (_failures)
            _failures.Add(failure);
    }

    public void Count(TrackedOperation ended)
    {
        bool isMissing = ended is { State: OperationState.Failed, Errno: FsErrno.NoEntry or FsErrno.Stale } && (ended.IsRemoval || ended.Kind == OperationKind.Purge);
        if (IsResumed && isMissing && !FailedBefore.Contains(ended.Subject))
        {
            // It was there when the job was asked for: the earlier process has done it.
            _table.Dismiss(ended);
            Count(OperationState.Done);
            return;
        }
        if (ended.Trashed is { } gone)
            Notes?.Trashed(gone);
        else if (ended.State == OperationState.Done)
            Notes?.Done(ended.Subject);
        else if (isMissing)
            Notes?.Missing(ended.Subject);
        if (ended.State == OperationState.Failed)
            AddFailure(new JobFailure([ended.Name], ended.Errno, ended));
        if (ended.Trashed is { } place)
            AddTrashed(place);
        Count(ended.State);
    }

    public void Count(OperationState state)
    {
        ref int counter = ref _done;
        if (state == OperationState.Failed)
            counter = ref _failed;
        else if (state == OperationState.Cancelled)
            counter = ref _cancelled;
        Volatile.Write(ref counter, counter + 1);
        CompleteIfFinished();
    }

    private void CompleteIfFinished()
    {
        if (!IsFinished)
            return;
        Volatile.Write(ref _endedAt, _time.GetTimestamp());
        _completion.TrySetResult();
        if (CanUndo)
            Notes?.Ended(this);
        else
            Notes?.Over();
    }
}
