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

    /// <summary>Told of each change with the request that made it, if one did, before the commit: for a simulation, which checks what is told of which version.</summary>
    public Action<FsOperation?, IReadOnlyList<DirectoryDelta>>? Published { get; init; }

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
        RunReady();
    }

    private void Answer(MdsSession session, Reply reply) => session.Answer(Track(reply));

    private T Track<T>(T message)
        where T : ServerMessage
    {
        _uncommitted.Add(message);
        return message;
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
