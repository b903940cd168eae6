using Capstan.ClientGateway.Jobs;
using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway;

// The trash.
public sealed partial class FileSystemClient
{
    public PendingOperation MoveToTrash(Caller caller, InodeId directory, DirectoryEntry entry)
    {
        TrackedOperation operation;
        lock (_core.Gate)
            operation = AddMoveToTrash(caller, directory, entry, null);
        _loop.Flush();
        return operation;
    }

    public OperationJob MoveManyToTrash(Caller caller, InodeId directory, IReadOnlyList<DirectoryEntry> entries) => RunMany(
        JobKind.Trash,
        entries.Count == 1 ? $"Move {entries[0].Name} to trash" : $"Move {entries.Count:N0} items to trash",
        caller, directory, entries, (entry, job) => AddMoveToTrash(caller, directory, entry, job), JobForm.MoveToTrash, e => JobEntryOf(directory, e), directory);

    public OperationJob MoveManyToTrash(Caller caller, IReadOnlyList<(InodeId Directory, DirectoryEntry Entry)> entries) => RunMany(
        JobKind.Trash,
        entries.Count == 1 ? $"Move {entries[0].Entry.Name} to trash" : $"Move {entries.Count:N0} items to trash",
        caller, entries.Count > 0 ? entries[0].Directory : InodeId.None, entries, (item, job) => AddMoveToTrash(caller, item.Directory, item.Entry, job),
        JobForm.MoveToTrash, item => JobEntryOf(item.Directory, item.Entry));

    public async Task<FsResult<IReadOnlyList<TrashEntry>>> ListTrashAsync(Caller caller, TrashId? after, int count, bool everybody, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        FsResult<Reply> reply = await CallAsync(caller, new ListTrashOperation(after, Math.Min(count, ListTrashOperation.MaxCount), everybody), cancellation);
        return reply.IsOk ? FsResult.Of(reply.Value.Trash) : reply.Errno;
    }

    public PendingOperation Restore(Caller caller, TrashPlace place)
    {
        TrackedOperation operation;
        lock (_core.Gate)
            operation = AddRestore(caller, place, null);
        _loop.Flush();
        return operation;
    }

    public OperationJob RestoreMany(Caller caller, IReadOnlyList<TrashPlace> places) => RestoreMany(caller, places, null);

    /// <param name="undone">Of an undo: what it takes back.</param>
    private TrackedJob RestoreMany(Caller caller, IReadOnlyList<TrashPlace> places, JobFile? undone)
    {
        string title = places.Count == 1 ? $"Restore {places[0].Name}" : $"Restore {places.Count:N0} items";
        InodeId directory = places.Count > 0 ? places[0].Directory : InodeId.None;
        JobFile? file = Write(JobForm.Restore, JobKind.Restore, title, caller, directory, places, EntryOf, undone: undone);
        return RunMany(JobKind.Restore, title, caller, directory, places, (place, job) => AddRestore(caller, place, job), file, EntryOf);

        static JobEntry EntryOf(TrashPlace place) => new(new InodeAddress(place.Directory, place.Name, place.Id.Ino)) { Trash = place.Id };
    }

    public PendingOperation Purge(Caller caller, TrashId id)
    {
        TrackedOperation operation;
        lock (_core.Gate)
            operation = AddPurge(caller, id, null);
        _loop.Flush();
        return operation;
    }

    public OperationJob PurgeMany(Caller caller, IReadOnlyList<TrashId> ids) => RunMany(
        JobKind.Purge, $"Delete {ids.Count:N0} items for good", caller, InodeId.Trash, ids, (id, job) => AddPurge(caller, id, job),
        JobForm.Purge, id => new JobEntry(new InodeAddress(InodeId.Trash, id.ToName(), id.Ino)) { Trash = id }, InodeId.Trash);

    public PendingOperation PurgeTrash(Caller caller, DateTimeOffset before, bool everybody)
    {
        long ticks = Math.Clamp((before - DateTimeOffset.UnixEpoch).Ticks, 0, long.MaxValue / TimeSpan.NanosecondsPerTick);
        long beforeNs = ticks * TimeSpan.NanosecondsPerTick;
        return Submit(OperationKind.Purge, caller, new PurgeTrashOperation(beforeNs, everybody), InodeId.Trash, FileName.Create(everybody ? "all" : $"of {caller.Uid}"));
    }

    private TrackedOperation AddMoveToTrash(Caller caller, InodeId directory, DirectoryEntry entry, TrackedJob? job)
    {
        InodeId ino = entry.Attributes.Ino;
        return _core.Operations.Add(OperationKind.Trash, caller, new TrashOperation(directory, entry.Name, ino), directory, entry.Name, job, victim: ino);
    }

    private TrackedOperation AddRestore(Caller caller, TrashPlace place, TrackedJob? job) => _core.Operations.Add(
        OperationKind.Restore, caller, new RestoreOperation(place.Id, place.Directory, place.Name), place.Directory, place.Name, job, second: (InodeId.Trash, place.Id.ToName()));

    private TrackedOperation AddPurge(Caller caller, TrashId id, TrackedJob? job) =>
        _core.Operations.Add(OperationKind.Purge, caller, new PurgeOperation(id), InodeId.Trash, id.ToName(), job);
}
