using Capstan.ClientGateway.Operations;
using Capstan.Shared;

namespace Capstan.ClientGateway.Jobs;

/// <summary>A copy or a move as everybody sees it: counts, conflicts, failures, what an undo needs. Thread-safe; <see cref="TransferRun"/> carries it out.</summary>
internal sealed partial class TransferJob : OperationJob
{
    private readonly Lock _lock = new();
    private readonly OperationTable _table;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<JobFailure> _failures = [];
    private readonly List<(TransferItem Item, PendingOperation? Failed)> _left = [];
    private readonly JobFile? _file;
    private readonly long _startedAt;
    private Action? _begin;
    private TaskCompletionSource? _pause;
    private long _endedAt;
    private int _total;
    private int _done;
    private int _failed;
    private int _cancelled;
    private long _bytes;
    private TimeSpan? _durationBefore;
    private volatile bool _wasCancelled;
    private volatile bool _isHalted;

    /// <param name="file">Where it is written down, with the notes of an earlier process; null when it is not.</param>
    public TransferJob(OperationTable table, TimeProvider time, long id, TransferRequest request, string scope, JobFile? file)
    {
        _file = file;
        foreach (JobNote note in file?.Notes ?? [])
            Undo.Take(note);
        _table = table;
        _time = time;
        _startedAt = time.GetTimestamp();
        _total = request.Items.Count;
        Id = id;
        Request = request;
        Scope = scope;
        Standing = request.Conflicts;
    }

    public override long Id { get; }

    public TransferRequest Request { get; }

    public override string Title => Request.Title;

    public override JobKind Kind => Request.Kind;

    public override Caller Caller => Request.Caller;

    /// <summary>Where the entries come from.</summary>
    public override InodeId Directory => Request.Items.Count > 0 ? Request.Items[0].Source.Dir : InodeId.None;

    public override string Scope { get; }

    /// <summary>Where it is written down; null when it is not.</summary>
    public JobFile? File => _file;

    public override int Total => Volatile.Read(ref _total);

    public override int Done => Volatile.Read(ref _begin) is null ? Volatile.Read(ref _done) : Math.Min(DoneBefore, Total - 1);

    /// <summary>By earlier processes, as far as they have noted it: shown until it goes on, and counted again then.</summary>
    public int DoneBefore { get; init; }

    public override int Failed => Volatile.Read(ref _failed);

    public override int Cancelled => Volatile.Read(ref _cancelled);

    public override long BytesDone => Interlocked.Read(ref _bytes);

    public override bool WasCancelled => _wasCancelled;

    public override TimeSpan Age => AgeBefore + _time.GetElapsedTime(_startedAt);

    /// <summary>In earlier processes.</summary>
    public TimeSpan AgeBefore { get; init; }

    public override TimeSpan Duration => _durationBefore is { } before ? before : Volatile.Read(ref _endedAt) is var end and not 0 ? _time.GetElapsedTime(_startedAt, end) : Age;

    public override Task Completion => _completion.Task;

    public override JobState State
    {
        get
        {
            lock (_lock)
                return IsFinished ? JobState.Finished : _isHalted || _begin is not null ? JobState.Interrupted : _pause is not null ? JobState.Paused : JobState.Running;
        }
    }

    public override string? WaitingFor
    {
        get
        {
            if (State != JobState.Running)
                return null;
            if (!_table.IsConnected)
                return "the metadata server";
            int open;
            lock (_lock)
                open = _conflicts.Count;
            return open switch
            {
                0 => null,
                1 => "your answer to a conflict",
                _ => $"your answer to {open:N0} conflicts",
            };
        }
    }

    public override IReadOnlyList<JobFailure> Failures
    {
        get
        {
            lock (_lock)
                return [.. _failures];
        }
    }

    /// <summary>What is left to be tried again: what failed, from its own place on.</summary>
    public IReadOnlyList<TransferItem> Left
    {
        get
        {
            lock (_lock)
                return [.. _left.Select(l => l.Item)];
        }
    }

    /// <summary>The entries that failed with these operations; whoever takes them tries them again.</summary>
    public IReadOnlyList<TransferItem> TakeLeft(IReadOnlyCollection<PendingOperation> failed)
    {
        lock (_lock)
        {
            TransferItem[] taken = [.. _left.Where(l => l.Failed is { } operation && failed.Contains(operation)).Select(l => l.Item)];
            _left.RemoveAll(l => l.Failed is { } operation && failed.Contains(operation));
            return taken;
        }
    }

    public override void Cancel()
    {
        TransferEntry[] waiting;
        lock (_lock)
        {
            if (_wasCancelled || IsFinished || _begin is not null)
                return;
            _wasCancelled = true;
            waiting = [.. _conflicts.Values.Select(c => c.Entry)];
            _conflicts.Clear();
            _pause?.TrySetResult();
            _pause = null;
        }
        _file?.Cancelled();
        foreach (TransferEntry entry in waiting)
            Answered?.Invoke(entry);
        _table.Changed();
    }

    public override void Pause()
    {
        lock (_lock)
        {
            if (IsFinished || _wasCancelled || _begin is not null)
                return;
            _pause ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        _file?.Paused(true);
        _table.Changed();
    }

    public override void Resume()
    {
        Action? begin;
        lock (_lock)
        {
            (begin, _begin) = (_begin, null);
            _pause?.TrySetResult();
            _pause = null;
        }
        _file?.Paused(false);
        begin?.Invoke();
        _table.Changed();
    }

    /// <summary>Begins when somebody says so.</summary>
    public void Interrupt(Action begin)
    {
        lock (_lock)
            _begin = begin;
    }

    internal override void Discard() => ((IJobNotes?)_file)?.Over();

    /// <summary>Waits while it is paused. False: it was cancelled, and nothing else is begun.</summary>
    public async ValueTask<bool> MayGoOnAsync()
    {
        while (true)
        {
            TaskCompletionSource? pause;
            lock (_lock)
                pause = _pause;
            if (pause is null)
                return !_wasCancelled;
            await pause.Task.ConfigureAwait(false);
        }
    }

    public void Grow(int by) => Interlocked.Add(ref _total, by);

    public void Fail(TransferEntry entry, FsErrno errno, PendingOperation? operation)
    {
        lock (_lock)
        {
            _failures.Add(new JobFailure(entry.Path, errno, operation));
            _left.Add((entry.Item, operation));
        }
        Count(ref _failed);
    }

    public void CountDone(long bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        Count(ref _done);
    }

    public void CountLeftOut() => Count(ref _cancelled);

    private void Count(ref int counter)
    {
        lock (_lock)
            counter++;
        _table.Changed();
    }

    /// <summary>It came to its end in an earlier process, and left these.</summary>
    public void HasEnded(in JobEnd end, IEnumerable<TransferItem> left)
    {
        lock (_lock)
        {
            _durationBefore = end.Duration;
            _left.AddRange(left.Select(item => (item, (PendingOperation?)null)));
            (_total, _done, _failed, _cancelled, _bytes) = (end.Total, end.Done, end.Failed, end.Cancelled, end.Bytes);
        }
        _completion.TrySetResult();
    }

    /// <summary>The gateway has ended before the job.</summary>
    public void Halt()
    {
        _isHalted = true;
        _completion.TrySetResult();
    }

    public void Complete()
    {
        Volatile.Write(ref _endedAt, _time.GetTimestamp());
        if (CanUndo)
            _file?.Ended(JobEnd.Of(this));
        else
            _file?.Over();
        _completion.TrySetResult();
        _table.Changed();
    }
}
