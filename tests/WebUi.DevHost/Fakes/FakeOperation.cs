using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.DevHost.Fakes;

public sealed class FakeOperation(long id, OperationKind kind, Caller caller, InodeId directory, DirectoryEntry entry, FakeJob? job, TimeProvider time) : PendingOperation
{
    private readonly TaskCompletionSource<FsResult<InodeAttributes?>> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _asked = time.GetTimestamp();
    private volatile int _state;

    public override long Id => id;

    public override OperationKind Kind => kind;

    public override Caller Caller => caller;

    public override InodeId Directory => directory;

    public DirectoryEntry Entry => entry;

    public override FileName Name => entry.Name;

    public override OperationState State => (OperationState)_state;

    public override FsErrno Errno => _errno;

    private FsErrno _errno;

    public override bool IsAsynchronous => Fallback == FallbackReason.None;

    public override FallbackReason Fallback => kind == OperationKind.Rmdir ? FallbackReason.IsDirectory : entry.Attributes.Nlink > 1 ? FallbackReason.HardLinked : FallbackReason.None;

    public override OperationJob? Job => job;

    internal FakeJob? FakeJob => job;

    /// <summary>Folders go with what is in them.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Where in the trash it has put its entry.</summary>
    public TrashPlace? Put { get; set; }

    public override TrashPlace? Trashed => Put;

    public override TimeSpan Age => time.GetElapsedTime(_asked);

    public override Task<FsResult<InodeAttributes?>> Completion => _completion.Task;

    public bool TryMove(OperationState from, OperationState to, FsErrno errno = FsErrno.Ok)
    {
        _errno = errno;
        if (Interlocked.CompareExchange(ref _state, (int)to, (int)from) != (int)from)
            return false;
        if (to == OperationState.Failed)
            _completion.TrySetResult(errno);
        else if (to is OperationState.Done or OperationState.Cancelled)
            _completion.TrySetResult(to == OperationState.Cancelled ? FsErrno.Cancelled : new InodeAttributes { Ino = entry.Attributes.Ino, Mode = 0 });
        return true;
    }
}
