using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.WebUi.Hosting;

/// <summary>Stands where no gateway was composed: every answer is that the metadata server cannot be reached.</summary>
internal sealed class DisconnectedFileSystem : IFileSystemClient, IOperationLog
{
    private const FsErrno Answer = FsErrno.NotConnected;

    public IOperationLog Operations => this;

    public long ChangeCounter => 0;

    public int PendingCount => 0;

    public int FailedCount => 0;

    public TimeSpan OldestPending => TimeSpan.Zero;

    public Task<FsResult<ResolvedPath>> ResolveAsync(Caller caller, IReadOnlyList<FileName> names, CancellationToken cancellation) => Refuse<ResolvedPath>();

    public Task<FsResult<IDirectoryView>> OpenDirectoryAsync(Caller caller, InodeId directory, CancellationToken cancellation) => Refuse<IDirectoryView>();

    public Task<FsResult<InodeAttributes>> GetAttributesAsync(Caller caller, InodeAddress target, CancellationToken cancellation) => Refuse<InodeAttributes>();

    public Task<FsResult<InodeAttributes>> SetAttributesAsync(Caller caller, SetAttrOperation change, CancellationToken cancellation) => Refuse<InodeAttributes>();

    public PendingOperation Remove(Caller caller, InodeId directory, DirectoryEntry entry) => throw Nothing();

    public OperationJob RemoveMany(Caller caller, InodeId directory, IReadOnlyList<DirectoryEntry> entries) => throw Nothing();

    public PendingOperation CreateFile(Caller caller, InodeId directory, FileName name, uint permissions) => throw Nothing();

    public PendingOperation MakeDirectory(Caller caller, InodeId directory, FileName name, uint permissions) => throw Nothing();

    public PendingOperation MakeSymlink(Caller caller, InodeId directory, FileName name, byte[] target) => throw Nothing();

    public PendingOperation Link(Caller caller, InodeAddress source, InodeId directory, FileName name) => throw Nothing();

    public PendingOperation Rename(Caller caller, InodeAddress source, InodeId directory, FileName name, bool noReplace) => throw Nothing();

    public Task<FsResult<byte[]>> ReadLinkAsync(Caller caller, InodeAddress target, CancellationToken cancellation) => Refuse<byte[]>();

    public Task<FsResult<IReadOnlyList<byte[]>>> ListXattrsAsync(Caller caller, InodeAddress target, CancellationToken cancellation) => Refuse<IReadOnlyList<byte[]>>();

    public Task<FsResult<byte[]>> GetXattrAsync(Caller caller, InodeAddress target, byte[] name, CancellationToken cancellation) => Refuse<byte[]>();

    public Task<FsErrno> SetXattrAsync(Caller caller, InodeAddress target, byte[] name, byte[] value, XattrMode mode, CancellationToken cancellation) => Task.FromResult(Answer);

    public Task<FsErrno> RemoveXattrAsync(Caller caller, InodeAddress target, byte[] name, CancellationToken cancellation) => Task.FromResult(Answer);

    public Task<FsResult<FileSystemStatistics>> StatFsAsync(Caller caller, CancellationToken cancellation) => Refuse<FileSystemStatistics>();

    public Task<(FsErrno Errno, long ErrorSequence)> FlushDirectoryAsync(InodeId directory, long observedErrors, CancellationToken cancellation) =>
        Task.FromResult((Answer, observedErrors));

    public Task<FsErrno> ReadContentAsync(Caller caller, InodeAddress target, long offset, long length, Stream destination, CancellationToken cancellation) => Task.FromResult(Answer);

    public Task<FsResult<InodeAttributes>> WriteContentAsync(Caller caller, InodeAddress target, Stream source, long size, CancellationToken cancellation) => Refuse<InodeAttributes>();

    public IReadOnlyList<OperationJob> Jobs() => [];

    IReadOnlyList<PendingOperation> IOperationLog.Operations(int first, int count) => [];

    public PendingOperation Retry(PendingOperation failed) => throw Nothing();

    public void Dismiss(PendingOperation failed)
    {
    }

    public bool TryCancel(PendingOperation queued) => false;

    public GatewaySnapshot Snapshot() => new()
    {
        Session = new SessionSnapshot(SessionState.Closed, "", default, TimeSpan.Zero, TimeSpan.Zero, 0, 0, "none"),
        Pages = default,
        Attributes = default,
        NegativeNames = default,
        NegativeXattrs = default,
        Fallbacks = new Dictionary<FallbackReason, long>(),
        CapsByClass = new Dictionary<CapBits, int>(),
        Directories = [],
    };

    private static Task<FsResult<T>> Refuse<T>() => Task.FromResult<FsResult<T>>(Answer);

    private static InvalidOperationException Nothing() => new("No gateway is composed: nothing was listed, so nothing can be changed.");
}
