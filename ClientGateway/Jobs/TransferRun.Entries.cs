using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway.Jobs;

// One entry: the rename, or the copy of what it is.
internal sealed partial class TransferRun
{
    private const uint OwnerMayDoAll = 0x1C0;
    private const uint Permissions = 0x1FF;

    private async Task<Step> MoveAsync(TransferEntry entry)
    {
        while (true)
        {
            TrackedOperation rename = _client.Submit(
                OperationKind.Rename, Caller, new RenameOperation(entry.Source, entry.Directory, entry.Name, NoReplace: true),
                entry.Source.Dir, entry.Source.Name, entry.Source.Ino, (entry.Directory, entry.Name), _job);
            FsErrno errno = (await rename.Completion.ConfigureAwait(false)).Errno;
            if (errno == FsErrno.Ok)
                return Moved(entry);
            if (IsOutage(errno) || errno == FsErrno.Exists || (entry.MayBeDone && errno is FsErrno.NoEntry or FsErrno.Stale))
                Dismiss(rename);
            if (IsOutage(errno))
            {
                if (!await ConnectedAsync().ConfigureAwait(false))
                    return Step.Halted;
                entry.MayBeDone = true;
                continue;
            }
            if (entry.MayBeDone && errno is FsErrno.NoEntry or FsErrno.Stale)
                return await LookAsync(entry).ConfigureAwait(false) is { IsOk: true, Value: var there } && there.Ino == entry.Source.Ino ? Moved(entry) : Step.Failed(errno);
            if (errno != FsErrno.Exists)
                return Step.Failed(errno, rename);
            if (await TakenAsync(entry).ConfigureAwait(false) is { } step)
                return step;
        }
    }

    private async Task<Step> CopyAsync(TransferEntry entry)
    {
        while (true)
        {
            FsResult<InodeAttributes> made = await MakeAsync(entry).ConfigureAwait(false);
            if (made.IsOk)
                return await MadeAsync(entry, made.Value).ConfigureAwait(false);
            if (IsOutage(made.Errno))
            {
                if (!await ConnectedAsync().ConfigureAwait(false))
                    return Step.Halted;
                entry.MayBeDone = true;
                continue;
            }
            if (made.Errno != FsErrno.Exists)
                return Step.Failed(made.Errno);
            if (await TakenAsync(entry).ConfigureAwait(false) is { } step)
                return step;
        }
    }

    private async Task<FsResult<InodeAttributes>> MakeAsync(TransferEntry entry)
    {
        switch (entry.Attributes.Kind)
        {
            case FileKind.File:
                return await MakeFileAsync(entry).ConfigureAwait(false);
            case FileKind.Directory:
                // Its own permissions come last: until then we must be able to write it.
                return await DoAsync(
                    OperationKind.Mkdir, new MkdirOperation(entry.Directory, entry.Name, (entry.Attributes.Mode & Permissions) | OwnerMayDoAll), entry.Directory, entry.Name).ConfigureAwait(false);
            case FileKind.Symlink:
                FsResult<byte[]> target = await _client.ReadLinkAsync(Caller, entry.Source).ConfigureAwait(false);
                return target.IsOk
                    ? await DoAsync(OperationKind.Symlink, new SymlinkOperation(entry.Directory, entry.Name, target.Value), entry.Directory, entry.Name).ConfigureAwait(false)
                    : target.Errno;
            default:
                return FsErrno.NotSupported;
        }
    }

    private async Task<Step> MadeAsync(TransferEntry entry, InodeAttributes made)
    {
        if (!entry.Parent.IsNew)
            // Of a directory at once: after a restart it must be known for ours, whatever is in it.
            _job.Remember(new JobNote(JobNoteKind.Made) { Ino = entry.Source.Ino, Place = new InodeAddress(entry.Directory, entry.Name, made.Ino) }, now: made.IsDirectory);
        if (made.IsDirectory)
            return Step.Into(new TransferNode(entry, made.Ino, isNew: true));
        FsErrno errno = await DressAsync(entry, made).ConfigureAwait(false);
        return errno == FsErrno.Ok ? Step.Done(made is { Kind: FileKind.File, Nlink: 1 } ? made.Size : 0) : Step.Failed(errno);
    }

    /// <summary>What a copy did not get when it was made: owner (root's copies alone), times, and of directories permissions and xattrs.</summary>
    private async Task<FsErrno> DressAsync(TransferEntry entry, InodeAttributes made)
    {
        InodeAddress target = new(entry.Directory, entry.Name, made.Ino);
        InodeAttributes original = entry.Attributes;
        if (made.Kind != FileKind.File && original.Xattrs > 0)
            await CopyXattrsAsync(entry.Source, target).ConfigureAwait(false);
        bool isRoot = Caller.Uid == 0;
        SetAttrOperation change = new(target)
        {
            Uid = isRoot && original.Uid != made.Uid ? original.Uid : null,
            Gid = isRoot && original.Gid != made.Gid ? original.Gid : null,
            Mode = made.IsDirectory && (original.Mode & Permissions) != (made.Mode & Permissions) ? original.Mode & Permissions : null,
            MtimeNs = made.Kind != FileKind.File ? original.MtimeNs : null,
        };
        if (change == new SetAttrOperation(target))
            return FsErrno.Ok;
        FsErrno errno = (await DoAsync(OperationKind.SetAttributes, change, target.Dir, target.Name).ConfigureAwait(false)).Errno;
        return errno is FsErrno.NoEntry or FsErrno.Stale || IsOutage(errno) ? FsErrno.Ok : errno; // Somebody has taken it away already: it was made.
    }

    /// <summary>Those that the caller may read and write; the others are no reason to give up the copy.</summary>
    private async Task CopyXattrsAsync(InodeAddress from, InodeAddress to)
    {
        FsResult<IReadOnlyList<byte[]>> names = await _client.ListXattrsAsync(Caller, from).ConfigureAwait(false);
        foreach (byte[] name in names.IsOk ? names.Value : [])
        {
            if (await _client.GetXattrAsync(Caller, from, name).ConfigureAwait(false) is { IsOk: true, Value: var value })
                await _client.SetXattrAsync(Caller, to, name, value, XattrMode.Either).ConfigureAwait(false);
        }
    }

    /// <summary>All that is in the directory has ended.</summary>
    private async Task FinishAsync(TransferNode node, TransferEntry entry)
    {
        Step step;
        if (entry.IsBeingRemoved = IsMove)
            Begins(entry);
        try
        {
            step = _core.IsClosed ? Step.Halted
                : node.Fault != FsErrno.Ok ? Step.Failed(node.Fault)
                : IsMove ? await RemoveEmptiedAsync(node, entry).ConfigureAwait(false)
                : !node.IsNew ? Step.Done()
                : await FinishCopyAsync(node, entry).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            LogBroken(e, _job.Title);
            step = Step.Failed(FsErrno.Io);
        }
        HasSettled(entry);
        if (node.SomethingStays)
            entry.IsIncomplete = entry.Parent.SomethingStays = true;
        Ended(entry, step);
    }

    private async Task<Step> FinishCopyAsync(TransferNode node, TransferEntry entry)
    {
        FsErrno errno = await DressAsync(entry, entry.Attributes with { Ino = node.Target, Uid = Caller.Uid, Gid = uint.MaxValue, Mode = entry.Attributes.Mode | OwnerMayDoAll }).ConfigureAwait(false);
        return errno == FsErrno.Ok ? Step.Done() : Step.Failed(errno);
    }

    private async Task<Step> RemoveEmptiedAsync(TransferNode node, TransferEntry entry)
    {
        if (node.SomethingStays)
            return Step.LeftOut;
        TrackedOperation rmdir = _client.Submit(
            OperationKind.Rmdir, Caller, new RmdirOperation(entry.Source.Dir, entry.Source.Name, entry.Source.Ino), entry.Source.Dir, entry.Source.Name, entry.Source.Ino, owner: _job);
        FsErrno errno = (await rmdir.Completion.ConfigureAwait(false)).Errno;
        if (errno == FsErrno.Ok)
        {
            _job.Remember(EmptiedNote(entry));
            return Step.Done();
        }
        if (errno is not (FsErrno.NoEntry or FsErrno.Stale or FsErrno.NotEmpty))
            return Step.Failed(errno, rmdir);
        Dismiss(rmdir);
        return errno == FsErrno.NotEmpty ? Step.LeftOut : Step.Done(); // Something new is in it: it stays.
    }

    private Step Moved(TransferEntry entry)
    {
        TransferItem back = new(new InodeAddress(entry.Directory, entry.Name, entry.Source.Ino), entry.Attributes, entry.Source.Dir, entry.Source.Name);
        _job.Remember(TransferRecord.Of(back));
        return Step.Done();
    }

    /// <summary>An operation whose failure is the job's alone to tell.</summary>
    private async Task<FsResult<InodeAttributes>> DoAsync(OperationKind kind, FsOperation request, InodeId directory, FileName name, (InodeId Dir, FileName Name) second = default)
    {
        TrackedOperation operation = _client.Submit(kind, Caller, request, directory, name, second: second, owner: _job);
        FsResult<InodeAttributes?> outcome = await operation.Completion.ConfigureAwait(false);
        if (outcome.IsOk)
            return outcome.Value!;
        Dismiss(operation);
        return outcome.Errno;
    }

    private void Dismiss(TrackedOperation failed)
    {
        lock (_core.Gate)
            _core.Operations.Dismiss(failed);
    }

    /// <summary>Nobody has answered: what was asked may have been done.</summary>
    private static bool IsOutage(FsErrno errno) => errno is FsErrno.NotConnected or FsErrno.KeyExpired or FsErrno.TimedOut;
}
