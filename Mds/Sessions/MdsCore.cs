using System.Diagnostics;
using Capstan.Mds.Caps;
using Capstan.Mds.Namespace;
using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Sessions;

/// <summary>
/// The metadata server's rules, without sockets, threads or clocks of its own. One step is a group: <see cref="Begin"/>, any number
/// of <see cref="Receive"/>, <see cref="Commit"/>. Nothing leaves before the commit; what a group answers is durable.
/// </summary>
internal sealed partial class MdsCore
{
    private readonly MdsOptions _options;
    private readonly TimeProvider _time;
    private readonly NamespaceEngine _engine;
    private readonly IPagePump _pump;
    private readonly CapIssuer _caps;
    private readonly Dictionary<SessionId, MdsSession> _sessions = [];
    private readonly List<DirectoryUse> _uses = [];

    // What the current group has done, so that a failed commit can be taken back and its requests run one by one.
    private readonly List<(MdsSession Session, ClientMessage Asked)> _executed = []; // requests and runs
    private readonly HashSet<ServerMessage> _uncommitted = new(ReferenceEqualityComparer.Instance);
    private readonly List<ReplyGate> _gates = [];
    private readonly List<(MdsSession Session, Request Request, OperationOutcome Outcome)> _opens = [];
    private StoreException? _refusal;

    /// <summary>How long the request at hand had waited for caps.</summary>
    private TimeSpan _parkedFor;

    public MdsCore(MdsOptions options, TimeProvider time, NamespaceEngine engine, IPagePump pump)
    {
        _options = options;
        _time = time;
        _engine = engine;
        _pump = pump;
        _caps = new CapIssuer(time, Describe);
        _listings = new ListingQueue(options.MaxListings, options.MaxListingsPerSession);
        Epoch = engine.Start();
        foreach (SessionRecord known in engine.LoadSessions())
        {
            _sessions.Add(known.Id, new MdsSession(known.Id, known.ClientName)
            {
                State = MdsSessionState.Awaited,
                OldestTid = known.OldestTid,
                RenewedAt = time.GetTimestamp(),
            });
        }
        BeginGrace();
    }

    public Epoch Epoch { get; }

    /// <summary>At random: knowing an id is the right to resume its session. A simulation has its own source of chance.</summary>
    public Func<SessionId> NewSessionId { get; init; } = () => new SessionId(Guid.NewGuid());

    /// <summary>Told of each change with the operation that made it, before the commit: for a simulation, which checks what is told of which version.</summary>
    public Action<FsOperation, IReadOnlyList<DirectoryDelta>>? Published { get; init; }

    public IReadOnlyCollection<MdsSession> Sessions => _sessions.Values;

    public CapIssuer Caps => _caps;

    public MdsCounters Counters => _caps.Counters;

    public MdsSession? Find(SessionId id) => _sessions.GetValueOrDefault(id);

    public void Begin()
    {
        _executed.Clear();
        _uncommitted.Clear();
        _gates.Clear();
        _opened.Clear();
        _engine.BeginGroup();
    }

    /// <summary>Takes one message of a session that has opened on <paramref name="link"/>; those of an older link are refused.</summary>
    public void Receive(MdsSession session, ISessionLink link, ClientMessage message)
    {
        if (session.Link != link || session.State == MdsSessionState.Ended)
            return;
        switch (message)
        {
            case Request request:
                OnRequest(session, request);
                break;
            case RequestRun run:
                OnRun(session, link, run);
                break;
            case CapAck ack:
                _caps.OnAck(session, ack);
                break;
            case CapRelease release:
                _caps.OnRelease(session, release);
                break;
            case DeltaAck ack:
                _caps.OnDeltaAck(session, ack);
                break;
            case ReaddirCredit credit:
                OnCredit(session, credit);
                break;
            case ReaddirCancel cancel:
                OnCancel(session, cancel);
                break;
            case Renew renew:
                OnRenew(session, renew);
                break;
            case Reclaim reclaim:
                OnReclaim(session, reclaim);
                break;
            case SessionClose:
                End(session, "closed by the gateway");
                break;
            case SessionOpen:
                Evict(session, "a session opens once on a connection");
                break;
        }
        RunReady();
    }

    /// <summary>Makes the group durable and lets its answers go. Returns the store's refusal, if any; the group's requests then ran apart.</summary>
    public StoreException? Commit()
    {
        try
        {
            TrimCompleted();
            _engine.CommitGroup();
        }
        catch (StoreException e)
        {
            Recover(e);
            _engine.AbortGroup();
        }
        StoreException? refusal = _refusal;
        _refusal = null;
        OpenStreams();
        foreach (MdsSession session in _sessions.Values)
            session.Flush();
        FlushEnded();
        return refusal;
    }

    private (DirectoryVersion Version, InodeAttributes Attributes)? Describe(InodeId ino) =>
        _engine.TryGetDirectory(ino, out InodeAttributes attributes, out DirectoryVersion version, out _) ? (version, attributes) : null;

    private void OnRequest(MdsSession session, Request request)
    {
        session.OldestTid = Math.Max(session.OldestTid, request.OldestTid);
        if (request.Retry)
        {
            if (session.Live.Contains(request.Tid))
                return; // Parked or held: its answer will come.
            if (request.Operation.IsMutation && _engine.TryGetCompleted(session.Id, request.Tid, out CompletedResult completed))
            {
                AnswerCompleted(session, request, completed);
                return;
            }
            if (request.Operation.IsMutation && session.WasRefused(request.Tid, out FsErrno refusal))
            {
                // Refused in this very group: it has its answer there, or runs again when the group is undone.
                if (!_executed.Exists(e => e.Session == session && (e.Asked is RequestRun run ? run.Contains(request.Tid) : ((Request)e.Asked).Tid == request.Tid)))
                    session.Answer(new Reply(request.Tid, refusal));
                return;
            }
        }
        if (session.Live.Count >= _options.MaxInFlight * 2)
        {
            Evict(session, "more requests than its credit allows");
            return;
        }
        if (session.Refused + _engine.CompletedCount(session.Id) >= _options.MaxRemembered)
        {
            Evict(session, "it never says what it has been answered");
            return;
        }
        if (IsInGrace && !(request.Retry && request.Operation.IsMutation))
        {
            session.Live.Add(request.Tid);
            _afterGrace.Enqueue((session, request));
            return;
        }
        Execute(session, request);
    }

    /// <summary>The answer of a repeat. What completed it may be in this very group: then both are undone together.</summary>
    private void AnswerCompleted(MdsSession session, Request request, CompletedResult completed)
    {
        _executed.Add((session, request));
        AnswerAfterGrace(session, Track(AnswerOf(request, completed)));
    }

    private static Reply AnswerOf(Request request, CompletedResult completed) =>
        new(request.Tid, FsErrno.Ok) { Attributes = completed.Attributes is { } attributes ? [attributes] : [] };

    /// <summary>Runs a part of the group; when the store refuses it, what came before is saved (<see cref="Recover"/>) and a new group begins.</summary>
    public void Guard(Action part)
    {
        try
        {
            part();
        }
        catch (StoreException e)
        {
            Recover(e);
        }
    }

    private void Execute(MdsSession session, Request request)
    {
        try
        {
            ExecuteInGroup(session, request);
        }
        catch (StoreException e)
        {
            Recover(e);
        }
    }

    private void ExecuteInGroup(MdsSession session, Request request)
    {
        if (request.Operation is MalformedOperation malformed)
        {
            session.Answer(new Reply(request.Tid, malformed.Errno));
            return;
        }
        _uses.Clear();
        if (request.Operation is SettleOperation settle)
        {
            _executed.Add((session, request));
            _uses.Add(new DirectoryUse(settle.Dir, Write: false));
            AnswerWhenSettled(session, new Reply(request.Tid, FsErrno.Ok));
            return;
        }
        FsErrno errno = _engine.Footprint(request.Operation, _uses);
        // Every directory is asked for at once; the request waits at the first that is not free.
        InodeId busy = InodeId.None;
        foreach (DirectoryUse use in _uses)
        {
            if (_caps.MustWait(session, use.Dir) && busy.IsNone)
                busy = use.Dir;
        }
        if (!busy.IsNone)
        {
            session.Live.Add(request.Tid);
            _caps.Park(busy, session, request, _uses.Select(u => u.Dir));
            return;
        }
        _executed.Add((session, request));
        OperationOutcome outcome = errno != FsErrno.Ok ? errno
            : request.Operation is ReaddirOperation readdir ? MayList(request.Caller, readdir.Dir)
            : _engine.Apply(request.Caller, request.Operation);
        Conclude(session, request, outcome);
    }

    /// <summary>What follows from an outcome: grants, the answer or the opening of a listing, the completed tid, deltas.</summary>
    private void Conclude(MdsSession session, Request request, OperationOutcome outcome)
    {
        if (outcome.IsOk && session.State is MdsSessionState.Open or MdsSessionState.Awaited)
            GrantWanted(session, request.Operation, outcome);
        if (outcome.IsOk && request.Operation is ReaddirOperation)
        {
            if (_parkedFor > TimeSpan.Zero)
                session.ParkedListings[request.Tid] = _parkedFor;
            _opens.Add((session, request, outcome));
            return;
        }
        Reply reply = new(request.Tid, outcome.Errno)
        {
            Attributes = outcome.Attributes,
            Data = outcome.Data,
            Names = outcome.Names,
            Statistics = outcome.Statistics,
            Trash = outcome.Trash,
            Times = _parkedFor > TimeSpan.Zero ? new RequestTimes { Parked = _parkedFor } : null,
        };
        if (!outcome.IsOk && request.Operation.IsMutation)
            session.Refuse(request.Tid, outcome.Errno);
        if (outcome.IsOk && request.Operation.IsMutation)
        {
            _engine.Complete(session.Id, request.Tid, new CompletedResult(outcome.Attributes.Count > 0 ? outcome.Attributes[0] : null));
            Publish(session, outcome.Changes, (request, reply));
            if (request.Operation is RmdirOperation or RenameOperation or PurgeOperation)
                ForgetRemovedDirectories();
        }
        else
        {
            AnswerWhenSettled(session, reply);
        }
    }

    private OperationOutcome MayList(Caller caller, InodeId dir) =>
        _engine.MayList(caller, dir) is var errno and not FsErrno.Ok ? errno : new OperationOutcome(FsErrno.Ok) { Attributes = [Describe(dir)!.Value.Attributes] };

    private void GrantWanted(MdsSession session, FsOperation operation, OperationOutcome outcome)
    {
        if (operation is ReaddirOperation readdir)
        {
            _caps.Grant(session, readdir.Dir, readdir.Want);
        }
        else if (operation is LookupOperation lookup && lookup.Want != CapBits.None)
        {
            // Every directory walked, so that the names found stay true.
            InodeId at = lookup.Dir;
            for (int i = 0; i <= outcome.Attributes.Count && i < lookup.Names.Count; i++)
            {
                _caps.Grant(session, at, lookup.Want & CapBits.Shared);
                if (i < outcome.Attributes.Count)
                    at = outcome.Attributes[i].Ino;
            }
        }
    }

    private void Answer(MdsSession session, Reply reply) => session.Answer(Track(reply));

    private T Track<T>(T message)
        where T : ServerMessage
    {
        _uncommitted.Add(message);
        return message;
    }

    private void RunReady()
    {
        while (_caps.Ready.TryDequeue(out DirectoryCaps? directory))
        {
            foreach (ParkedRequest parked in _caps.TakeWaiters(directory))
            {
                _caps.Unclaim(parked.Directories);
                parked.Session.Live.Remove(parked.Request.Tid);
                _parkedFor = _time.GetElapsedTime(parked.Since);
                if (parked.Session.State != MdsSessionState.Ended)
                    Execute(parked.Session, parked.Request);
                _parkedFor = TimeSpan.Zero;
                foreach (DirectoryCaps claimed in parked.Directories)
                    _caps.Wake(claimed);
            }
            _caps.Wake(directory);
        }
    }

    private void TrimCompleted()
    {
        foreach (MdsSession session in _sessions.Values)
        {
            if (session.OldestTid <= session.TrimmedTid)
                continue;
            _engine.TrimCompleted(session.Id, session.OldestTid);
            session.TrimmedTid = session.OldestTid;
        }
    }
}
