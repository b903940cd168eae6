using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway.Jobs;

// Hard links: names of one file that are met in a copy are names of one file in the copy.
internal sealed partial class TransferRun
{
    private readonly Dictionary<InodeId, LinkedCopy> _linked = [];

    private async Task<FsResult<InodeAttributes>> MakeFileAsync(TransferEntry entry)
    {
        if (entry.Attributes.Nlink < 2)
            return await _client.CopyFileAsync(Caller, entry.Source, entry.Directory, entry.Name).ConfigureAwait(false);
        LinkedCopy linked;
        lock (_lock)
            linked = LinkedOf(entry.Source.Ino);
        // A turn is as long as a request; it never waits for an answer of somebody.
        await linked.Turn.WaitAsync().ConfigureAwait(false);
        try
        {
            return await LinkFirstAsync(entry, linked).ConfigureAwait(false) ?? await MakeFirstAsync(entry, linked).ConfigureAwait(false);
        }
        finally
        {
            linked.Turn.Release();
        }
    }

    /// <summary>Null: there is no first copy, or not any more.</summary>
    private async Task<FsResult<InodeAttributes>?> LinkFirstAsync(TransferEntry entry, LinkedCopy linked)
    {
        if (linked.Unsure is { } place)
        {
            FsResult<InodeAttributes> there = await _client.LookUpAsync(Caller, place.Directory, place.Name).ConfigureAwait(false);
            if (IsOutage(there.Errno))
                return there;
            linked.Unsure = null;
            if (there.IsOk && IsLikeACopy(entry.Attributes, there.Value))
                linked.First = new InodeAddress(place.Directory, place.Name, there.Value.Ino);
        }
        if (linked.First is not { } first)
            return null;
        if (first.Dir == entry.Directory && first.Name == entry.Name)
            return FsErrno.Exists; // It is this name that was begun before.
        FsResult<InodeAttributes> made = await DoAsync(
            OperationKind.Link, new LinkOperation(first, entry.Directory, entry.Name), entry.Directory, entry.Name, (first.Dir, first.Name)).ConfigureAwait(false);
        if (made.Errno is not (FsErrno.NoEntry or FsErrno.Stale))
            return made;
        linked.First = null; // Somebody has taken it away.
        return null;
    }

    private async Task<FsResult<InodeAttributes>> MakeFirstAsync(TransferEntry entry, LinkedCopy linked)
    {
        // Before it is asked for: after a restart another name of the file must not be copied by itself.
        _file?.NoteNow(new JobNote(JobNoteKind.Linked) { Ino = entry.Source.Ino, Place = new InodeAddress(entry.Directory, entry.Name, InodeId.None) }, durably: false);
        FsResult<InodeAttributes> made = await _client.CopyFileAsync(Caller, entry.Source, entry.Directory, entry.Name).ConfigureAwait(false);
        if (made.IsOk)
            linked.First = new InodeAddress(entry.Directory, entry.Name, made.Value.Ino);
        else if (IsOutage(made.Errno))
            linked.Unsure = (entry.Directory, entry.Name);
        return made;
    }

    private LinkedCopy LinkedOf(InodeId source)
    {
        if (!_linked.TryGetValue(source, out LinkedCopy? linked))
            _linked.Add(source, linked = new LinkedCopy());
        return linked;
    }

    /// <summary>Numbers only grow: a copy is younger than what it was made of.</summary>
    private static bool IsLikeACopy(InodeAttributes original, InodeAttributes there) =>
        there.Kind == FileKind.File && there.Ino.Value > original.Ino.Value && there.Size == original.Size && there.MtimeNs == original.MtimeNs;
}
