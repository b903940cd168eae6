using Capstan.Shared;

namespace Capstan.ClientGateway;

public enum OperationKind
{
    Unlink,
    Rmdir,
    Create,
    Mkdir,
    Symlink,
    Link,
    Rename,
    SetAttributes,
    SetXattr,
    RemoveXattr,
    Trash,
    Restore,
    Purge,
}

/// <summary><c>Queued -> Sent -> Done | Failed</c>; a queued one can also be <c>Cancelled</c>. Each operation reaches one terminal state, once.</summary>
public enum OperationState
{
    Queued,
    Sent,
    Done,
    Failed,
    Cancelled,
}

/// <summary>Why an operation that could have been asynchronous was not; each is counted.</summary>
public enum FallbackReason
{
    None = 0,
    SwitchedOff,
    NotCached,
    IsDirectory,
    HardLinked,
    NoExclusiveCap,
    NoTargetLink,
    NoAuthCap,
    VersionNotCurrent,
    NameBusy,
    SessionNotOpen,

    /// <summary>Of an rmdir: an entry may be left, or appear, in the directory.</summary>
    NotKnownEmpty,
}

/// <summary>A mutation that the user asked for. Read from any thread; written by the gateway alone.</summary>
public abstract class PendingOperation
{
    public abstract long Id { get; }

    public abstract OperationKind Kind { get; }

    public abstract Caller Caller { get; }

    public abstract InodeId Directory { get; }

    public abstract FileName Name { get; }

    public abstract OperationState State { get; }

    /// <summary>Set when <see cref="State"/> is Failed.</summary>
    public abstract FsErrno Errno { get; }

    /// <summary>Success was assumed before the MDS confirmed it.</summary>
    public abstract bool IsAsynchronous { get; }

    public abstract FallbackReason Fallback { get; }

    public abstract OperationJob? Job { get; }

    /// <summary>Of a move to the trash that is done: what to restore, and where to.</summary>
    public virtual TrashPlace? Trashed => null;

    /// <summary>Since it was asked for.</summary>
    public abstract TimeSpan Age { get; }

    /// <summary>The terminal outcome: durable success, or the errno.</summary>
    public abstract Task<FsResult<InodeAttributes?>> Completion { get; }
}
