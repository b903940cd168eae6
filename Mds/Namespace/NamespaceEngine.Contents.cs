using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Namespace;

/// <summary>The bytes of files, and what goes behind the replies: purged rows and the trash.</summary>
internal sealed partial class NamespaceEngine
{
    /// <summary>Where the bytes of a file are, for a caller who may read them.</summary>
    public FsErrno OpenContent(Caller caller, InodeAddress target, out InodeAttributes? attributes, out ContentExtent extent) =>
        _contents.Open(caller, target, out attributes, out extent);

    /// <summary>Reserves the version under which new bytes are filed before <see cref="CommitContent"/> shows them. Needs no group.</summary>
    public FsErrno StageContent(Caller caller, InodeAddress target, long? ifContent, out ContentTicket ticket) =>
        _contents.Stage(caller, target, ifContent, out ticket);

    /// <summary>
    /// Lets the file show what is durably filed under <paramref name="ticket"/>. Refused with Stale when the file is another
    /// one by now, or its content is not <paramref name="ifContent"/>; then the caller deletes what it filed. Only then: who
    /// stopped waiting for the group does not know how it ended, and may not delete what could be shown.
    /// </summary>
    public OperationOutcome CommitContent(Caller caller, InodeAddress target, ContentTicket ticket, long size, long? mtimeNs, long? ifContent) =>
        Change(() => _contents.Commit(caller, target, ticket, size, mtimeNs, ifContent));

    /// <summary>
    /// A number under which the content of a file to be is filed, before <see cref="CommitNew"/> or <see cref="CommitCopy"/> lets the file appear.
    /// To be used when this group is durable; one that is not used is skipped for ever.
    /// </summary>
    public ContentTicket StageNew()
    {
        RequireGroup();
        ContentTicket ticket = default;
        Guarded(() => ticket = new ContentTicket(_tree.NewIno(), 1));
        return ticket;
    }

    /// <summary>Lets a file appear with what is durably filed under <paramref name="ticket"/>. Refused, the caller deletes what it filed.</summary>
    public OperationOutcome CommitNew(Caller caller, NewFile file, ContentTicket ticket, long size, long? mtimeNs) =>
        Change(() => _creations.CreateWhole(caller, file, ticket, size, mtimeNs));

    /// <summary>The same with the attributes of <paramref name="source"/>, as long as it shows <paramref name="extent"/>, a copy of which is filed.</summary>
    public OperationOutcome CommitCopy(Caller caller, InodeAddress source, ContentExtent extent, NewFile file, ContentTicket ticket) =>
        Change(() => _creations.Copy(caller, source, extent, file, ticket));

    /// <summary>Ends the reservation, after the group with the commit is durable or when there will be none.</summary>
    public void ReleaseContent(ContentTicket ticket) => _contents.Release(ticket);

    /// <summary>The files behind these rows are gone; so are the rows, with this group.</summary>
    public void ConfirmPurged(IEnumerable<PurgeRow> rows)
    {
        RequireGroup();
        Guarded(() =>
        {
            foreach (PurgeRow row in rows)
                _store.DeletePurge(row.Id);
        });
    }

    /// <summary>Whether <see cref="PurgeTrash"/> may find something that is not a matter of retention.</summary>
    public bool HasTrashToPurge => _trash.HasWork;

    /// <summary>A step of what is done behind the replies of the trash: <see cref="TrashPurge.Step"/>. <paramref name="isBlocked"/>: try again when caps have come back.</summary>
    public OperationOutcome PurgeTrash(long retainedSinceNs, int limit, Func<InodeId, bool> mayChange, out int count, out IReadOnlyList<InodeId> removed, out bool isBlocked)
    {
        RequireGroup();
        _tree.BeginOperation();
        try
        {
            count = _purge.Step(retainedSinceNs, limit, mayChange);
            removed = _purge.Removed;
            isBlocked = _purge.IsBlocked;
            return _tree.Done();
        }
        catch
        {
            AbortGroup();
            throw;
        }
    }
}
