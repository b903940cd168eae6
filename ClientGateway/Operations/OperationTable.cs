using Capstan.ClientGateway.Attributes;
using Capstan.ClientGateway.Caps;
using Capstan.ClientGateway.Directories;
using Capstan.ClientGateway.Session;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway.Operations;

/// <summary>
/// Pending operations: preconditions of asynchronous removals, name conflicts, barriers, bounds, outcomes. Not
/// thread-safe but for what its jobs ask of it: owned by <c>GatewayCore</c>, whose lock it is given.
/// </summary>
internal sealed partial class OperationTable(
    GatewayOptions options, GatewaySession session, CapTable caps, DirectoryCache directories, EntryCache entries, TimeProvider time, GatewayCounters counters, Lock gate)
{
    private readonly Dictionary<(InodeId Dir, FileName Name), TrackedOperation> _latestByName = [];
    private readonly Dictionary<InodeId, DirectoryOperations> _byDirectory = [];
    private (InodeId Dir, DirectoryOperations Its)? _lastOf; // Bulk work asks for the same one again and again.
    private readonly Dictionary<(InodeId Dir, FileName Name), TrackedOperation> _failedByName = [];
    private readonly LinkedList<TrackedOperation> _shown = [];
    private readonly Queue<TrackedOperation> _ready = [];
    private long _changeCounter;
    private int _pendingCount;
    private long _nextId = 1;
    private int _sent;

    /// <summary>Operations of one directory that have not ended, and its error sequence (after the kernel's errseq_t).</summary>
    private sealed class DirectoryOperations
    {
        private readonly List<TrackedOperation> _operations = [];
        public readonly Queue<TrackedOperation> Held = [];
        public int Sent;
        public long ErrorSequence;
        public FsErrno LastError;

        public int LiveCount { get; private set; }

        /// <summary>In the order in which they came.</summary>
        public IEnumerable<TrackedOperation> Live => _operations.Where(o => !o.IsTerminal);

        public void Add(TrackedOperation operation)
        {
            _operations.Add(operation);
            LiveCount++;
        }

        /// <summary>Those that have ended go when they are the most: that costs each of them one step, and no look-up.</summary>
        public void Ended()
        {
            LiveCount--;
            if (_operations.Count > 32 + (2 * LiveCount))
                _operations.RemoveAll(o => o.IsTerminal);
        }
    }

    /// <summary>Told of each operation that is taken in: for a simulation, which follows all of them to their ends.</summary>
    public Action<TrackedOperation>? Added { get; set; }

    /// <summary>Read by every page many times a second, and so without the lock.</summary>
    public long ChangeCounter
    {
        get => Volatile.Read(ref _changeCounter);
        private set => Volatile.Write(ref _changeCounter, value);
    }

    /// <summary>Requests out for one directory, at most.</summary>
    public int MaxInFlightPerDirectory { get; set; } = options.MaxInFlightPerDirectory;

    /// <summary>Read without the lock, too.</summary>
    public int PendingCount
    {
        get => Volatile.Read(ref _pendingCount);
        private set => Volatile.Write(ref _pendingCount, value);
    }

    public int FailedCount => _failedByName.Count;

    public LinkedList<TrackedOperation> Shown => _shown;

    public TimeSpan OldestPending
    {
        get
        {
            foreach (TrackedOperation operation in _shown)
            {
                if (!operation.IsTerminal)
                    return operation.Age;
            }
            return TimeSpan.Zero;
        }
    }

    /// <summary>The latest operation on a name that has not ended, or the failed one that nobody has dismissed.</summary>
    public TrackedOperation? Find(InodeId directory, FileName name) =>
        _latestByName.GetValueOrDefault((directory, name)) ?? _failedByName.GetValueOrDefault((directory, name));

    /// <summary>The latest operation on a name that has not ended.</summary>
    public TrackedOperation? FindPending(InodeId directory, FileName name) => _latestByName.GetValueOrDefault((directory, name));

    public int InFlight(InodeId directory) => _byDirectory.TryGetValue(directory, out DirectoryOperations? of) ? of.LiveCount : 0;

    /// <summary>So many operations are going to be added: a table that doubles again and again costs more, and all at once.</summary>
    public void ExpectMore(int operations) => _latestByName.EnsureCapacity(_latestByName.Count + operations);

    /// <summary>Takes an operation in and sends it when nothing stands in its way.</summary>
    public TrackedOperation Add(OperationKind kind, Caller caller, FsOperation request, InodeId directory, FileName name, TrackedJob? job, InodeId victim = default, (InodeId Dir, FileName Name) second = default, IOperationWatcher? watcher = null, OperationJob? owner = null)
    {
        TrackedOperation operation = new(this, time, _nextId++, kind, caller, request, directory, name, job) { Second = second, Victim = victim.IsNone ? VictimOf(request) : victim, Watcher = watcher, Owner = owner };
        if (_outside.Count > 0)
            TakeInFirst(operation);
        operation.Node = _shown.AddLast(operation);
        PendingCount++;
        ChangeCounter++;
        if (_failedByName.Count > 0 && _failedByName.Remove((directory, name), out TrackedOperation? failed))
            Hide(failed);

        // An operation on a name that has one in flight waits for it.
        Claim(operation, directory, name);
        if (!second.Dir.IsNone)
            Claim(operation, second.Dir, second.Name);
        // rename and link wait for every operation in flight of the directories they are in, and of the one they are about; rmdir, see MustWaitForVictim.
        if (kind is OperationKind.Rename or OperationKind.Link)
        {
            Barrier(operation, directory);
            Barrier(operation, second.Dir);
            Barrier(operation, victim);
        }
        else if (kind == OperationKind.Trash)
        {
            Barrier(operation, victim); // A directory goes with all that is in it.
        }
        Of(directory).Add(operation);
        if (!second.Dir.IsNone && second.Dir != directory)
            Of(second.Dir).Add(operation);
        Touch(directory);

        if (operation.IsRemoval && session.State != SessionState.Open)
            operation.FallbackReason = FallbackReason.SessionNotOpen;
        else if (operation.IsRemoval && operation.Blockers > 0)
            operation.FallbackReason = FallbackReason.NameBusy;
        if (operation.IsRemoval && operation.Blockers == 0 && RefusalKnown(operation) is var errno and not FsErrno.Ok)
            End(operation, OperationState.Failed, errno, null);
        else if (operation.Blockers == 0)
            Submit(operation);
        Added?.Invoke(operation);
        return operation;
    }

    public void OnReply(TrackedOperation operation, Reply reply)
    {
        _sent--;
        Of(operation.Directory).Sent--;
        if (reply.Errno == FsErrno.Ok)
        {
            InodeAttributes? result = reply.Attributes.Count > 0 ? Answered(operation, reply.Attributes[0]) : null;
            ApplyOwnChange(operation, reply, result);
            directories.OnUntoldChange(operation.Directory);
            directories.OnUntoldChange(operation.Second.Dir);
            End(operation, OperationState.Done, FsErrno.Ok, result);
        }
        else
        {
            if (operation.Asynchronous)
                counters.ErrorsAfterLocalSuccess++;
            if (reply.Errno is FsErrno.KeyExpired or FsErrno.NotConnected)
            {
                // Outcome unknown: the listings are suspect.
                directories.Find(operation.Directory)?.Forget();
                directories.Find(operation.Second.Dir)?.Forget();
            }
            End(operation, OperationState.Failed, reply.Errno, null);
        }
        Pump();
    }

    /// <summary>The replies of a run. Where it is this table's, and a sole holder's, the listing changes at once and then each operation ends.</summary>
    public void OnReplies(ReplyRun run, IRequestOwner?[] owners)
    {
        if (owners[0] is not TrackedOperation first || run.Changed is not var (dir, from) || !Array.TrueForAll(owners, IsLikeFirst))
        {
            for (int i = 0; i < owners.Length; i++)
                owners[i]?.Replied(run[i]);
            return;
        }
        DirectoryOperations of = Of(dir);
        _sent -= owners.Length;
        of.Sent -= owners.Length;
        ApplyOwnChanges(dir, from, owners, first.Kind == OperationKind.Create ? run.Made : null);
        directories.OnUntoldChange(dir);
        for (int i = 0; i < owners.Length; i++)
        {
            TrackedOperation operation = (TrackedOperation)owners[i]!;
            Finish(operation, of, OperationState.Done, FsErrno.Ok, run.Made is { } made ? Answered(operation, made.Following(i)) : null);
        }
        SubmitHeld(dir, of);

        bool IsLikeFirst(IRequestOwner? owner) =>
            owner is TrackedOperation { Kind: OperationKind.Unlink or OperationKind.Trash or OperationKind.Create } operation && operation.Kind == first.Kind && operation.Directory == dir;
    }

    /// <summary>In the answer of a run the number is the one that was asked for.</summary>
    private static InodeAttributes Answered(TrackedOperation operation, InodeAttributes attributes) =>
        attributes.Ino.IsNone ? attributes with { Ino = operation.Victim } : attributes;

    /// <summary>Sends what is ready as far as the bounds allow. Called when room has come.</summary>
    public void Pump()
    {
        while (session.CanSend && _ready.TryDequeue(out TrackedOperation? operation))
        {
            if (!operation.IsTerminal)
                Submit(operation);
        }
        PumpTrees();
    }

    /// <summary>The gateway ends: what was never sent fails like what was, so that nobody waits for ever.</summary>
    public void FailAll(FsErrno errno)
    {
        foreach (TreeRemoval tree in _trees)
            tree.Job.MarkCancelled();
        foreach (TrackedOperation operation in _shown.Where(o => !o.IsTerminal).ToArray())
            End(operation, OperationState.Failed, errno, null);
        foreach (TreeRemoval tree in _trees)
            tree.Cancel();
    }

    public bool TryCancel(TrackedOperation operation)
    {
        if (operation.State != OperationState.Queued)
            return false;
        End(operation, OperationState.Cancelled, FsErrno.Cancelled, null);
        return true;
    }

    public void Dismiss(TrackedOperation operation)
    {
        if (operation.State == OperationState.Failed && _failedByName.TryGetValue((operation.Directory, operation.Name), out TrackedOperation? failed) && failed == operation)
            _failedByName.Remove((operation.Directory, operation.Name));
        Hide(operation);
        Touch(operation.Directory);
        ChangeCounter++;
    }

    public long ErrorSequence(InodeId directory) => _byDirectory.TryGetValue(directory, out DirectoryOperations? of) ? of.ErrorSequence : 0;

    public FsErrno LastError(InodeId directory) => _byDirectory.TryGetValue(directory, out DirectoryOperations? of) ? of.LastError : FsErrno.Ok;

    /// <summary>Every operation in flight in the directory now, not those of a paused job: a flush waits for each, not for the last.</summary>
    public TrackedOperation[] Live(InodeId directory) => _byDirectory.TryGetValue(directory, out DirectoryOperations? of) ? [.. of.Live.Where(o => !o.IsHeldBack)] : [];

    private void Submit(TrackedOperation operation)
    {
        if (operation.IsHeldBack)
        {
            operation.TrackedJob!.Held.Enqueue(operation);
            return;
        }
        DirectoryOperations of = Of(operation.Directory);
        if (!session.CanSend)
        {
            _ready.Enqueue(operation);
            return;
        }
        if (of.Sent >= MaxInFlightPerDirectory)
        {
            of.Held.Enqueue(operation);
            return;
        }
        if (operation.Kind == OperationKind.Rmdir && MustWaitForVictim(operation))
            return;
        if (operation.IsRemoval)
            Decide(operation);
        of.Sent++;
        _sent++;
        if (operation.TrackedJob is { } job)
            job.InFlight++;
        operation.MarkSent();
        session.Send(operation.Caller, operation.Request, operation);
        operation.Watcher?.Sent(operation);
    }
}
