using System.Diagnostics;
using Capstan.ClientGateway.Session;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway.Operations;

/// <summary>One mutation: <c>Queued -> Sent -> Done | Failed</c>, or <c>Queued -> Cancelled</c>. Changed under the gateway's lock, read from any thread.</summary>
internal sealed class TrackedOperation : PendingOperation, IRequestOwner
{
    private readonly OperationTable _table;
    private readonly TimeProvider _time;
    private readonly long _askedAt;
    private volatile OperationState _state = OperationState.Queued;
    private TaskCompletionSource<FsResult<InodeAttributes?>>? _completion;
    private InodeAttributes? _result;
    private volatile FsErrno _errno;

    public TrackedOperation(OperationTable table, TimeProvider time, long id, OperationKind kind, Caller caller, FsOperation request, InodeId directory, FileName name, TrackedJob? job)
    {
        _table = table;
        _time = time;
        _askedAt = time.GetTimestamp();
        Id = id;
        Kind = kind;
        Caller = caller;
        Request = request;
        Directory = directory;
        Name = name;
        TrackedJob = job;
    }

    public override long Id { get; }

    public override OperationKind Kind { get; }

    public override Caller Caller { get; }

    public override InodeId Directory { get; }

    public override FileName Name { get; }

    public override OperationState State => _state;

    public override FsErrno Errno => _errno;

    public override bool IsAsynchronous => Asynchronous;

    public override FallbackReason Fallback => FallbackReason;

    public override OperationJob? Job => TrackedJob ?? Owner;

    /// <summary>The reply tells the inode and, as its change time, the moment of the removal.</summary>
    public override TrashPlace? Trashed => Kind == OperationKind.Trash && _state == OperationState.Done && _result is { } gone
        ? new TrashPlace(new TrashId(Caller.Uid, gone.CtimeNs, gone.Ino), Directory, Name)
        : null;

    public override TimeSpan Age => _time.GetElapsedTime(_askedAt);

    public override Task<FsResult<InodeAttributes?>> Completion
    {
        get
        {
            TaskCompletionSource<FsResult<InodeAttributes?>> fresh = new(TaskCreationOptions.RunContinuationsAsynchronously);
            TaskCompletionSource<FsResult<InodeAttributes?>> completion = Interlocked.CompareExchange(ref _completion, fresh, null) ?? fresh;
            if (IsTerminal)
                completion.TrySetResult(Outcome);
            return completion.Task;
        }
    }

    // What follows is the gateway's own and changes under its lock.
    public FsOperation Request { get; }

    public TrackedJob? TrackedJob { get; }

    /// <summary>A job that counts for itself; its renames do not wait for each other.</summary>
    public OperationJob? Owner { get; init; }

    /// <summary>Counts for the job instead of the job itself.</summary>
    public IOperationWatcher? Watcher { get; init; }

    public bool Asynchronous { get; set; }

    public FallbackReason FallbackReason { get; set; }

    /// <summary>Token of the cap reference it holds; 0 for none.</summary>
    public long Reference { get; set; }

    /// <summary>The same on the directory that an rmdir is about.</summary>
    public long VictimReference { get; set; }

    /// <summary>The inode that is removed or renamed; none where it does not matter.</summary>
    public InodeId Victim { get; init; }

    /// <summary>What it is about, by number, as far as a job's notes need it.</summary>
    public InodeId Subject => Request switch
    {
        RestoreOperation restore => restore.Id.Ino,
        PurgeOperation purge => purge.Id.Ino,
        SetAttrOperation change => change.Target.Ino,
        _ => Victim,
    };

    /// <summary>It takes a name away, and may be taken for done before its reply.</summary>
    public bool IsRemoval => Kind is OperationKind.Unlink or OperationKind.Rmdir or OperationKind.Trash;

    /// <summary>Its job was paused before it was sent.</summary>
    public bool IsHeldBack => TrackedJob is { IsPaused: true } && _state == OperationState.Queued;

    /// <summary>Operations that must end before this one may be sent.</summary>
    public int Blockers { get; set; }

    public List<TrackedOperation>? Dependents { get; set; }

    /// <summary>Who had its names before it; kept while one of them may be in flight.</summary>
    public List<(InodeId Dir, FileName Name, TrackedOperation Earlier)>? Behind { get; set; }

    public LinkedListNode<TrackedOperation>? Node { get; set; }

    /// <summary>A name may be there when it has ended that was not, or be another inode's.</summary>
    public bool Makes => Kind is not (OperationKind.Unlink or OperationKind.Rmdir or OperationKind.Trash or OperationKind.Purge or OperationKind.SetAttributes or OperationKind.SetXattr or OperationKind.RemoveXattr);

    /// <summary>For this gateway's lookups it has happened.</summary>
    public bool IsAssumedDone => IsRemoval && Asynchronous && State == OperationState.Sent;

    public bool IsTerminal => _state is OperationState.Done or OperationState.Failed or OperationState.Cancelled;

    /// <summary>The second name of a rename or link; empty otherwise.</summary>
    public (InodeId Dir, FileName Name) Second { get; init; }

    private FsResult<InodeAttributes?> Outcome => _state == OperationState.Done ? _result! : _errno;

    public void MarkSent()
    {
        Debug.Assert(_state == OperationState.Queued, "only what is queued is sent");
        _state = OperationState.Sent;
    }

    public void Finish(OperationState state, FsErrno errno, InodeAttributes? result)
    {
        Debug.Assert(!IsTerminal, "an operation ends once");
        _errno = errno;
        _result = result;
        _state = state;
        // The getter of Completion publishes its source and then looks at the state; here it is the other way round. Without a full
        // fence both could miss the other's write.
        Interlocked.MemoryBarrier();
        _completion?.TrySetResult(Outcome);
    }

    public void Replied(Reply reply) => _table.OnReply(this, reply);

    public bool SessionLost()
    {
        _table.OnReply(this, new Reply(0, FsErrno.KeyExpired));
        return false;
    }
}
