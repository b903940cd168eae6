using Capstan.ClientGateway.Directories;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Operations;

// When a removal may be taken for done before its reply.
internal sealed partial class OperationTable
{
    /// <summary>
    /// The preconditions of an asynchronous removal, checked and its references taken in one step, when it is sent and not before:
    /// a revoke waits for what is in flight, never for a queue without bound.
    /// </summary>
    private void Decide(TrackedOperation operation)
    {
        operation.FallbackReason = Fallback(operation);
        operation.Asynchronous = operation.FallbackReason == FallbackReason.None;
        if (operation.Asynchronous)
        {
            operation.Reference = caps.Reference(operation.Directory);
            if (operation.Kind == OperationKind.Rmdir)
                operation.VictimReference = caps.Reference(operation.Victim);
            counters.AsynchronousOperations++;
        }
        else
        {
            counters.PipelinedOperations++;
        }
        counters.Fallbacks[(int)operation.FallbackReason]++;
    }

    private static InodeId VictimOf(FsOperation request) => request switch
    {
        UnlinkOperation o => o.Ino,
        RmdirOperation o => o.Ino,
        TrashOperation o => o.Ino,
        _ => InodeId.None,
    };

    /// <summary>Bits of the directory's record that an asynchronous removal refers to. A directory has no link right of its own: Fx and Du of its own record stand for it.</summary>
    private CapBits Needed(TrackedOperation operation) =>
        CapBits.Fx | CapBits.Du | (options.RequireTargetLx && operation.Kind != OperationKind.Rmdir ? CapBits.Lx : CapBits.None);

    private FallbackReason Fallback(TrackedOperation operation)
    {
        InodeId dir = operation.Directory;
        if (!options.AsyncUnlink || !session.AsyncUnlink)
            return FallbackReason.SwitchedOff;
        if (operation.FallbackReason is FallbackReason.NameBusy or FallbackReason.SessionNotOpen)
            return operation.FallbackReason;
        CapBits held = caps.Held(dir);
        if ((held & CapBits.As) == 0)
            return FallbackReason.NoAuthCap;
        if ((held & (CapBits.Fx | CapBits.Du)) != (CapBits.Fx | CapBits.Du))
            return FallbackReason.NoExclusiveCap;
        if ((held & Needed(operation)) != Needed(operation))
            return FallbackReason.NoTargetLink;
        if (directories.Find(dir) is not { IsKnown: true } directory)
            return FallbackReason.NotCached;
        if (!entries.TryFind(directory, operation.Name, held, out PageRow victim))
            return FallbackReason.NotCached;
        if (victim.Ino != operation.Victim)
            return FallbackReason.VersionNotCurrent;
        if (operation.Kind == OperationKind.Rmdir)
        {
            if (!caps.Holds(victim.Ino, CapBits.Fx | CapBits.Du))
                return FallbackReason.NoExclusiveCap;
            if (!victim.IsDirectory || !IsKnownEmpty(victim.Ino))
                return FallbackReason.NotKnownEmpty;
        }
        else if (victim.IsDirectory)
        {
            return FallbackReason.IsDirectory;
        }
        else if (victim.Nlink != 1)
        {
            return FallbackReason.HardLinked;
        }
        if (directory.Attributes is not { } own || !MayRemove(own, operation.Caller, victim))
            return FallbackReason.NoAuthCap; // The MDS will refuse: success must not be assumed.
        return FallbackReason.None;

        static bool MayRemove(InodeAttributes own, Caller caller, in PageRow victim) =>
            own.MayRemoveAnyEntry(caller) || own.MayChangeEntries(caller, victim.ToAttributes()) == FsErrno.Ok;
    }

    /// <summary>
    /// Whether every entry of the directory is gone, or has an asynchronous removal in flight; under Fs, so that the count is exact.
    /// The MDS executes those before what is sent after them: while their references hold, nothing parks one and lets the other pass.
    /// </summary>
    private bool IsKnownEmpty(InodeId ino)
    {
        if (directories.Find(ino) is not { } directory || !directories.IsLive(directory))
            return false;
        int leaving = 0;
        foreach (TrackedOperation operation in _byDirectory.TryGetValue(ino, out DirectoryOperations? of) ? of.Live : [])
        {
            if (operation is not { IsRemoval: true, Asynchronous: true, State: OperationState.Sent } || operation.Directory != ino)
                return false;
            if (directory.TryFind(operation.Name, out _))
                leaving++; // Not one whose delta has come before its reply.
        }
        return leaving == directory.Total;
    }

    /// <summary>An rmdir that cannot go ahead waits for every operation of its victim that was asked for before it; those of the parent are none of its business.</summary>
    private bool MustWaitForVictim(TrackedOperation rmdir)
    {
        if (Fallback(rmdir) != FallbackReason.None && _byDirectory.TryGetValue(rmdir.Victim, out DirectoryOperations? of))
        {
            foreach (TrackedOperation earlier in of.Live)
            {
                if (earlier.Id < rmdir.Id && !earlier.IsHeldBack)
                    WaitFor(rmdir, earlier);
            }
        }
        return rmdir.Blockers > 0;
    }

    /// <summary>Under As the caller's right is known here: a refusal needs no round trip.</summary>
    private FsErrno RefusalKnown(TrackedOperation operation)
    {
        if (directories.Find(operation.Directory) is not { Attributes: { } own } directory || own.MayRemoveAnyEntry(operation.Caller))
            return FsErrno.Ok;
        return caps.Holds(operation.Directory, CapBits.As)
            && directories.IsSettled(directory)
            && entries.Find(directory, operation.Name) is { } victim
            && victim.Ino == operation.Victim
                ? own.MayChangeEntries(operation.Caller, victim)
                : FsErrno.Ok;
    }
}
