using System.Runtime.InteropServices;
using Capstan.ClientGateway.Directories;
using Capstan.ClientGateway.Session;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway.Operations;

// Who waits for whom, and what the end of an operation sets in motion.
internal sealed partial class OperationTable
{
    private void Claim(TrackedOperation operation, InodeId directory, FileName name)
    {
        ref TrackedOperation? latest = ref CollectionsMarshal.GetValueRefOrAddDefault(_latestByName, (directory, name), out _);
        if (latest is { } earlier && earlier != operation)
        {
            WaitFor(operation, earlier);
            (operation.Behind ??= []).Add((directory, name, earlier));
        }
        latest = operation;
    }

    private void Barrier(TrackedOperation operation, InodeId directory)
    {
        if (directory.IsNone || !_byDirectory.TryGetValue(directory, out DirectoryOperations? of))
            return;
        foreach (TrackedOperation earlier in of.Live)
        {
            if (!earlier.IsHeldBack && (operation.Owner is null || earlier.Owner != operation.Owner))
                WaitFor(operation, earlier);
        }
    }

    private static void WaitFor(TrackedOperation operation, TrackedOperation earlier)
    {
        if (earlier == operation || earlier.IsTerminal)
            return;
        (earlier.Dependents ??= []).Add(operation);
        operation.Blockers++;
    }

    private void End(TrackedOperation operation, OperationState state, FsErrno errno, InodeAttributes? result)
    {
        DirectoryOperations of = Of(operation.Directory);
        Finish(operation, of, state, errno, result);
        SubmitHeld(operation.Directory, of);
        ForgetIfIdle(operation.Second.Dir);
    }

    private void Finish(TrackedOperation operation, DirectoryOperations of, OperationState state, FsErrno errno, InodeAttributes? result)
    {
        DirectoryOperations? second = operation.Second.Dir.IsNone ? null : Of(operation.Second.Dir);
        Unclaim(operation, operation.Directory, operation.Name);
        Unclaim(operation, operation.Second.Dir, operation.Second.Name);
        if (state == OperationState.Failed)
        {
            of.ErrorSequence++;
            of.LastError = errno;
            if (operation.Kind == OperationKind.Rename && second is not null && second != of)
            {
                second.ErrorSequence++;
                second.LastError = errno;
            }
            if (!_latestByName.ContainsKey((operation.Directory, operation.Name)))
            {
                if (_failedByName.Remove((operation.Directory, operation.Name), out TrackedOperation? older))
                    Hide(older);
                _failedByName[(operation.Directory, operation.Name)] = operation;
            }
        }
        else
        {
            Hide(operation);
        }
        PendingCount--;
        ChangeCounter++;
        Touch(operation.Directory);
        if (operation.State == OperationState.Sent && operation.TrackedJob is { } job)
            job.InFlight--;
        operation.Finish(state, errno, result);
        of.Ended();
        if (second is not null && second != of)
            second.Ended();
        if (operation.Watcher is { } watcher)
            watcher.Ended(operation);
        else
            operation.TrackedJob?.Count(operation);
        if (operation.Reference != 0)
            caps.PutReference(operation.Directory, operation.Reference);
        if (operation.VictimReference != 0)
            caps.PutReference(operation.Victim, operation.VictimReference);
        if (operation.Kind == OperationKind.Rmdir && state == OperationState.Done)
            directories.Forget(operation.Victim);
        if (operation.Blockers == 0)
            LetDependentsGo(operation);
    }

    private void SubmitHeld(InodeId directory, DirectoryOperations of)
    {
        // Also while the session takes nothing: then they line up with what waits for the session.
        while (of.Sent < MaxInFlightPerDirectory && of.Held.TryDequeue(out TrackedOperation? held))
        {
            if (held.State == OperationState.Queued)
                Submit(held);
        }
        ForgetIfIdle(directory);
    }

    private void ForgetIfIdle(InodeId directory)
    {
        if (_byDirectory.TryGetValue(directory, out DirectoryOperations? of) && of.LiveCount == 0 && of.ErrorSequence == 0)
        {
            _byDirectory.Remove(directory);
            _lastOf = null;
        }
    }

    /// <summary>One that was cancelled while it waited keeps its place until what it waited for has ended: those behind it wait for that, too.</summary>
    private void LetDependentsGo(TrackedOperation ended)
    {
        ended.Behind = null;
        if (ended.Dependents is not { } dependents)
            return;
        ended.Dependents = null;
        foreach (TrackedOperation dependent in dependents)
        {
            if (--dependent.Blockers > 0)
                continue;
            if (dependent.IsTerminal)
                LetDependentsGo(dependent);
            else
                Submit(dependent);
        }
    }

    /// <summary>The reply of a sole holder's own change stands for the delta that nobody sent.</summary>
    private void ApplyOwnChange(TrackedOperation operation, Reply reply, InodeAttributes? result)
    {
        foreach (VersionSpan span in reply.Changed)
        {
            if (directories.Find(span.Dir) is not { } directory)
                continue;
            DeltaKind kind = operation.Kind switch
            {
                OperationKind.Unlink or OperationKind.Rmdir or OperationKind.Trash => DeltaKind.Removed,
                OperationKind.Create or OperationKind.Mkdir or OperationKind.Symlink or OperationKind.Restore => DeltaKind.Added,
                _ => DeltaKind.Changed,
            };
            directories.Apply(directory, new DirectoryDelta(span.Dir, span.From, span.To, kind, operation.Name, result));
        }
    }

    private void ApplyOwnChanges(InodeId dir, DirectoryVersion from, IRequestOwner?[] operations, InodeAttributes? made)
    {
        if (directories.Find(dir) is not { } directory)
            return;
        if (made is null)
        {
            directories.ApplyRemovals(directory, from, Array.ConvertAll(operations, o => ((TrackedOperation)o!).Name));
            return;
        }
        for (int i = 0; i < operations.Length; i++)
        {
            DirectoryVersion before = new(from.Value + i);
            directories.Apply(directory, new DirectoryDelta(dir, before, before.Next, DeltaKind.Added, ((TrackedOperation)operations[i]!).Name, made.Following(i)));
        }
    }

    /// <summary>
    /// What a lookup of the name goes by: the last operation on it that makes something of the name (its outcome has to be waited for), or
    /// an unlink whose success is assumed. Removals and changes that wait behind one of these make it no other.
    /// </summary>
    public TrackedOperation? FindDecisive(InodeId directory, FileName name)
    {
        for (TrackedOperation? operation = FindPending(directory, name); operation is not null; operation = Earlier(operation, directory, name))
        {
            if (!operation.IsTerminal && (operation.Makes || operation.IsAssumedDone))
                return operation;
        }
        return null;
    }

    private static TrackedOperation? Earlier(TrackedOperation of, InodeId directory, FileName name) =>
        of.Behind?.Find(b => b.Dir == directory && b.Name == name).Earlier;

    private void Unclaim(TrackedOperation operation, InodeId directory, FileName name)
    {
        if (directory.IsNone || !_latestByName.Remove((directory, name), out TrackedOperation? latest))
            return;
        if (latest != operation)
        {
            _latestByName.Add((directory, name), latest);
            return;
        }
        for (TrackedOperation? earlier = Earlier(operation, directory, name); earlier is not null; earlier = Earlier(earlier, directory, name))
        {
            if (earlier.IsTerminal)
                continue;
            _latestByName.Add((directory, name), earlier); // Cancelled in front of one that is still in flight.
            return;
        }
    }

    private void Hide(TrackedOperation operation)
    {
        if (operation.Node is { } node)
        {
            _shown.Remove(node);
            operation.Node = null;
        }
    }

    private void Touch(InodeId directory)
    {
        if (directories.Find(directory) is { } known)
            known.ChangeCounter++;
    }

    private DirectoryOperations Of(InodeId directory)
    {
        if (_lastOf is var (last, its) && last == directory)
            return its;
        if (!_byDirectory.TryGetValue(directory, out DirectoryOperations? of))
            _byDirectory.Add(directory, of = new DirectoryOperations());
        _lastOf = (directory, of);
        return of;
    }
}
