using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway;

/// <summary>
/// The filesystem as one gateway's users see it. Thread-safe. Every call carries its caller's identity. Cancelling a
/// call stops the wait; a mutation that was sent still reaches one terminal state.
/// </summary>
public interface IFileSystemClient
{
    /// <summary>Walks <paramref name="names"/> from the root; from caches where caps allow, else in one round trip. An empty list is the root.</summary>
    /// <returns>The entry of the last name, with the directory it was found in; the first errno met otherwise.</returns>
    Task<FsResult<ResolvedPath>> ResolveAsync(Caller caller, IReadOnlyList<FileName> names, CancellationToken cancellation = default);

    /// <summary>Opens a live view of a directory. Dispose it when nobody looks any more. EACCES without read permission.</summary>
    /// <param name="whole">The caller is going to read all of it: the first request already asks for the pages to keep coming.</param>
    Task<FsResult<IDirectoryView>> OpenDirectoryAsync(Caller caller, InodeId directory, bool whole = false, CancellationToken cancellation = default);

    Task<FsResult<InodeAttributes>> GetAttributesAsync(Caller caller, InodeAddress target, CancellationToken cancellation = default);

    Task<FsResult<InodeAttributes>> SetAttributesAsync(Caller caller, SetAttrOperation change, CancellationToken cancellation = default);

    /// <summary>
    /// Unlinks a file or removes an empty directory. Returns at once, in most cases before the MDS answers: watch
    /// <see cref="PendingOperation.State"/>, or await <see cref="PendingOperation.Completion"/>.
    /// <paramref name="entry"/> must be what the user saw: another inode under the name fails with ESTALE.
    /// </summary>
    PendingOperation Remove(Caller caller, InodeId directory, DirectoryEntry entry);

    /// <summary>As <see cref="Remove"/> for many entries of one directory, as one job: one lock, one flush, one line on the operations page.</summary>
    OperationJob RemoveMany(Caller caller, InodeId directory, IReadOnlyList<DirectoryEntry> entries);

    /// <summary>
    /// Removes the entry with all that is under it, pipelined: no round trip a directory or a level is waited for. The
    /// job's total grows with what is found; what fails stays, with the directories above it, and the rest goes on. Symlinks are
    /// removed, never followed. <paramref name="target"/> needs its directory, its name and its number.
    /// </summary>
    OperationJob RemoveTree(Caller caller, InodeAddress target);

    /// <summary>As <see cref="RemoveTree"/> for entries of one directory, files among them, as one job.</summary>
    OperationJob RemoveTrees(Caller caller, InodeId directory, IReadOnlyList<DirectoryEntry> entries);

    /// <summary>As <see cref="RemoveTree"/> for entries of many directories.</summary>
    OperationJob RemoveTrees(Caller caller, IReadOnlyList<(InodeId Directory, DirectoryEntry Entry)> entries);

    /// <summary>
    /// As <see cref="Remove"/>, and what is taken away can be had back: a directory goes with all that is in it, in one operation.
    /// <see cref="PendingOperation.Trashed"/> tells afterwards how.
    /// </summary>
    PendingOperation MoveToTrash(Caller caller, InodeId directory, DirectoryEntry entry);

    /// <summary>As <see cref="MoveToTrash"/> for many entries of one directory, as one job, whose <see cref="OperationJob.Trashed"/> an undo restores.</summary>
    OperationJob MoveManyToTrash(Caller caller, InodeId directory, IReadOnlyList<DirectoryEntry> entries);

    /// <summary>
    /// Copies or moves entries with all that is under them, as one job, without a byte through the gateway. A move is a rename; where a directory of the name is
    /// there already, the one is merged into the other. Symlinks are copied, never followed; no directory is copied into itself.
    /// </summary>
    OperationJob Transfer(TransferRequest request);

    /// <summary>As <see cref="MoveManyToTrash(Caller, InodeId, IReadOnlyList{DirectoryEntry})"/> for entries of many directories.</summary>
    OperationJob MoveManyToTrash(Caller caller, IReadOnlyList<(InodeId Directory, DirectoryEntry Entry)> entries);

    /// <summary>
    /// A page of the trash: the caller's entries, the newest first; with <paramref name="everybody"/> (root alone) all, owner by owner.
    /// </summary>
    /// <param name="after">The last entry of the page before; null for the first page.</param>
    /// <param name="count">At most; never more than <see cref="ListTrashOperation.MaxCount"/>. Fewer are the last page.</param>
    Task<FsResult<IReadOnlyList<TrashEntry>>> ListTrashAsync(Caller caller, TrashId? after = null, int count = ListTrashOperation.MaxCount, bool everybody = false, CancellationToken cancellation = default);

    /// <summary>
    /// Out of the trash, to the given place. Its owner and root may. ESTALE: that directory is gone or in the trash itself; EEXIST: the name is
    /// taken; ENOENT: it is not in the trash (any more). Then another place may be given.
    /// </summary>
    PendingOperation Restore(Caller caller, TrashPlace place);

    OperationJob RestoreMany(Caller caller, IReadOnlyList<TrashPlace> places);

    /// <summary>Removes one entry of the trash for good. Its owner and root may.</summary>
    PendingOperation Purge(Caller caller, TrashId id);

    OperationJob PurgeMany(Caller caller, IReadOnlyList<TrashId> ids);

    /// <summary>Purges all that the caller (with <paramref name="everybody"/>, root alone: anybody) put into the trash before a moment, in one operation.</summary>
    PendingOperation PurgeTrash(Caller caller, DateTimeOffset before, bool everybody = false);

    PendingOperation CreateFile(Caller caller, InodeId directory, FileName name, uint permissions);

    PendingOperation MakeDirectory(Caller caller, InodeId directory, FileName name, uint permissions);

    PendingOperation MakeSymlink(Caller caller, InodeId directory, FileName name, byte[] target);

    PendingOperation Link(Caller caller, InodeAddress source, InodeId directory, FileName name);

    PendingOperation Rename(Caller caller, InodeAddress source, InodeId directory, FileName name, bool noReplace);

    Task<FsResult<byte[]>> ReadLinkAsync(Caller caller, InodeAddress target, CancellationToken cancellation = default);

    Task<FsResult<IReadOnlyList<byte[]>>> ListXattrsAsync(Caller caller, InodeAddress target, CancellationToken cancellation = default);

    Task<FsResult<byte[]>> GetXattrAsync(Caller caller, InodeAddress target, byte[] name, CancellationToken cancellation = default);

    Task<FsErrno> SetXattrAsync(Caller caller, InodeAddress target, byte[] name, byte[] value, XattrMode mode, CancellationToken cancellation = default);

    Task<FsErrno> RemoveXattrAsync(Caller caller, InodeAddress target, byte[] name, CancellationToken cancellation = default);

    Task<FsResult<FileSystemStatistics>> StatFsAsync(Caller caller, CancellationToken cancellation = default);

    /// <summary>Our fsync of a directory: waits for every operation in flight in it, then tells this observer of each failure once.</summary>
    /// <param name="observedErrors">The directory's error sequence as this observer last saw it; updated.</param>
    Task<(FsErrno Errno, long ErrorSequence)> FlushDirectoryAsync(InodeId directory, long observedErrors, CancellationToken cancellation = default);

    /// <summary>Copies <paramref name="length"/> bytes (negative: to the end) from <paramref name="offset"/> into <paramref name="destination"/>.</summary>
    Task<FsErrno> ReadContentAsync(Caller caller, InodeAddress target, long offset, long length, Stream destination, CancellationToken cancellation = default);

    /// <summary>Replaces the whole content by <paramref name="size"/> bytes of <paramref name="source"/>; nothing is visible before all of it is durable.</summary>
    /// <param name="ifContent">The content version that the caller has seen: ESTALE when the file shows another by now.</param>
    Task<FsResult<InodeAttributes>> WriteContentAsync(
        Caller caller, InodeAddress target, Stream source, long size, long? ifContent = null, CancellationToken cancellation = default);

    /// <summary>A new file that appears with all of its content, or not at all. EEXIST when the name is taken.</summary>
    /// <param name="mtimeNs">Time of last modification; null: now.</param>
    Task<FsResult<InodeAttributes>> CreateFileWithContentAsync(
        Caller caller, InodeId directory, FileName name, uint permissions, Stream source, long size, long? mtimeNs = null, CancellationToken cancellation = default);

    /// <summary>
    /// A new file with the content, permissions, mtime and readable xattrs of <paramref name="source"/>, made by the MDS: no byte
    /// travels, and at the MDS a file of any size costs one link. EEXIST when the name is taken, ESTALE when the source was replaced meanwhile.
    /// </summary>
    Task<FsResult<InodeAttributes>> CopyFileAsync(Caller caller, InodeAddress source, InodeId directory, FileName name, CancellationToken cancellation = default);

    /// <summary>Looks for entries under a directory, which <paramref name="root"/> are the attributes of. Returns at once; what is found comes by and by.</summary>
    ISearch Search(Caller caller, InodeAttributes root, SearchSpec spec);

    /// <summary>
    /// Changes attributes of entries, wherever they lie, with <paramref name="enclosed"/> also of all that is under them, pipelined, as one job whose total grows with what
    /// is found. Each directory is changed after what is in it. Symlinks are not followed.
    /// The entries may have been found some time ago: what becomes of each depends on what it is by now, and one that was replaced meanwhile is refused.
    /// </summary>
    OperationJob ChangeAttributes(Caller caller, IReadOnlyList<(InodeId Directory, DirectoryEntry Entry)> entries, AttributeChange change, bool enclosed);

    /// <summary>Counts what is in <paramref name="entries"/> and, of directories, under them. Returns at once.</summary>
    ITreeCount CountTrees(Caller caller, IReadOnlyList<DirectoryEntry> entries);

    /// <summary>Pending and failed operations and their jobs; what the operations page and the hub show.</summary>
    IOperationLog Operations { get; }

    /// <summary>The session alone: asked for by every open page, once a second.</summary>
    SessionSnapshot Session => Snapshot().Session;

    /// <summary>Everything the cache page shows, taken at one moment.</summary>
    GatewaySnapshot Snapshot();
}

/// <summary>The inode that a path leads to, and where it lives. The root has <see cref="InodeAddress.ByNumber"/>.</summary>
public sealed record ResolvedPath(InodeAddress Address, InodeAttributes Attributes);
