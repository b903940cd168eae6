using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway.Jobs;

// Names that are taken.
internal sealed partial class TransferRun
{
    private const int MostNames = 10_000;

    /// <summary>Decides about an entry whose name is taken. Null: it is to be tried again, under the name that it has now.</summary>
    private async Task<Step?> TakenAsync(TransferEntry entry)
    {
        if (entry is { Number: > 1, MayBeDone: false })
            return NextName(entry);
        FsResult<InodeAttributes> found = await LookAsync(entry).ConfigureAwait(false);
        if (found.Errno == FsErrno.NoEntry)
            return null; // Free again.
        if (!found.IsOk)
            return Step.Failed(found.Errno);
        InodeAttributes there = found.Value;
        bool isSamePlace = entry.Directory == entry.Source.Dir && entry.Name == entry.Source.Name;
        if (IsMove && isSamePlace)
            return Step.Done();
        if (!IsMove && entry.MayBeDone && await IsOurCopyAsync(entry, there).ConfigureAwait(false))
            return await MadeAsync(entry, there).ConfigureAwait(false);

        ConflictChoice choice = ChoiceFor(entry, there, isSamePlace);
        entry.Answer = default;
        switch (choice)
        {
            case ConflictChoice.Ask:
                _job.Ask(entry, there);
                return Step.Asked;
            case ConflictChoice.Skip:
                return Step.LeftOut;
            case ConflictChoice.Fail:
                return Step.Failed(FsErrno.Exists);
            case ConflictChoice.KeepBoth:
                return NextName(entry);
        }
        if (entry.Attributes.IsDirectory && there.IsDirectory)
            return Step.Into(new TransferNode(entry, there.Ino, isNew: false));
        return await MakeRoomAsync(entry, there).ConfigureAwait(false);
    }

    private ConflictChoice ChoiceFor(TransferEntry entry, InodeAttributes there, bool isSamePlace)
    {
        if (isSamePlace || entry.Number > 1)
            return ConflictChoice.KeepBoth; // A copy in its own place.
        if (entry.Parent.Entry is not null && entry.Attributes.IsDirectory && there.IsDirectory)
            return ConflictChoice.Replace; // Whoever had two directories merged meant those in them, too.
        return entry.Answer.Existing == there.Ino && entry.Answer.Choice != ConflictChoice.Ask ? entry.Answer.Choice : _job.Standing;
    }

    /// <summary>What is there goes to the trash, if it is still what was asked about.</summary>
    private async Task<Step?> MakeRoomAsync(TransferEntry entry, InodeAttributes there)
    {
        if (there.Ino == entry.Source.Dir || there.Ino == entry.Source.Ino)
            return Step.Failed(FsErrno.Invalid); // The source would go with it.
        if (!MayStillChange(() => entry.MakesRoomFrom = there.Ino))
            return Step.LeftOut;
        TrackedOperation trash = _client.Submit(
            OperationKind.Trash, Caller, new TrashOperation(entry.Directory, entry.Name, there.Ino), entry.Directory, entry.Name, there.Ino, owner: _job);
        FsErrno errno = (await trash.Completion.ConfigureAwait(false)).Errno;
        lock (_lock)
            (entry.Displaced, entry.MakesRoomFrom) = (trash.Trashed, InodeId.None);
        if (errno != FsErrno.Ok)
            Dismiss(trash);
        if (errno is FsErrno.NoEntry or FsErrno.Stale)
            return null; // Another by now: it is looked at anew.
        if (errno != FsErrno.Ok)
            return Step.Failed(errno);
        return null;
    }

    /// <summary>The end of an entry that something had made room for: the one is to be found by an undo, or comes back.</summary>
    private async Task SettleDisplacedAsync(TransferEntry entry, StepKind step)
    {
        if (entry.Displaced is not { } place || step is StepKind.Asked or StepKind.Halted)
            return;
        if (step is StepKind.Failed or StepKind.LeftOut)
            await _client.Restore(Caller, place).Completion.ConfigureAwait(false);
        else
            _job.Remember(TransferRecord.Of(JobNoteKind.Replaced, place));
        lock (_lock)
            entry.Displaced = null;
    }

    /// <summary>The next free name beside the one that is taken.</summary>
    private Step? NextName(TransferEntry entry)
    {
        if (++entry.Number > MostNames)
            return Step.Failed(FsErrno.Exists);
        if (!MayStillChange(() => entry.Name = KeepBothName.Of(entry.Item.Name, entry.Number, entry.Attributes.IsDirectory)))
            return Step.LeftOut;
        // Before it is asked for: after a restart it would be one name further otherwise.
        _file?.NoteNow(new JobNote(JobNoteKind.Name) { Ino = entry.Source.Ino, Place = new InodeAddress(entry.Directory, entry.Name, InodeId.None), Value = entry.Number }, durably: false);
        return null;
    }

    /// <summary>Whether what is there is what a request of ours made whose outcome nobody has told.</summary>
    private async Task<bool> IsOurCopyAsync(TransferEntry entry, InodeAttributes there)
    {
        InodeAttributes original = entry.Attributes;
        if (there.Kind != original.Kind || there.Ino.Value <= original.Ino.Value || (there.Uid != Caller.Uid && there.Uid != original.Uid))
            return false; // Numbers only grow: a copy is younger than what it was made of.
        return there.Kind switch
        {
            FileKind.File => IsLikeACopy(original, there),
            FileKind.Directory => entry.Parent.IsNew || there.Size == 0 || _madeBefore.GetValueOrDefault(original.Ino) == there.Ino,
            _ => await _client.ReadLinkAsync(Caller, entry.Source).ConfigureAwait(false) is { IsOk: true, Value: var from }
                && await _client.ReadLinkAsync(Caller, new InodeAddress(entry.Directory, entry.Name, there.Ino)).ConfigureAwait(false) is { IsOk: true, Value: var to }
                && from.AsSpan().SequenceEqual(to),
        };
    }

    private Task<FsResult<InodeAttributes>> LookAsync(TransferEntry entry) => _client.LookUpAsync(Caller, entry.Directory, entry.Name);
}
