using System.Diagnostics;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway.Session;

/// <summary>
/// The gateway's half of a session, without IO: request table, tids, lease, reconnect. Not thread-safe: owned by <c>GatewayCore</c>.
/// <para>On every connection: (1) SessionOpen; (2) SessionOpened; (3) mutations without a reply are sent again under
/// their tids, in order; (4) Reclaim names the caps held; (5) grants, then Reclaimed; (6) reads are sent again, and
/// business goes on. Between (1) and (6) new requests wait.</para>
/// </summary>
internal sealed partial class GatewaySession(GatewayOptions options, TimeProvider time, GatewayCounters counters)
{
    /// <summary>No request runs so far ahead of the oldest unanswered one: the MDS remembers what was answered since that.</summary>
    private const long TidWindow = 262_144;

    private readonly Dictionary<long, Outstanding> _requests = [];
    private readonly Queue<Outstanding> _waiting = [];

    /// <summary>Reads that nobody waits for any more: until their answer comes the MDS has them, and they use up credit.</summary>
    private readonly HashSet<long> _abandoned = [];

    private readonly Dictionary<InodeId, DirectoryVersion> _deltaAcks = [];
    private int _sent;
    private long _nextTid = 1;
    private long _oldestTid = 1;
    private long _openSentAt;
    private long _leaseUntil;
    private bool _hasArrived;
    private int _serverLimit = int.MaxValue;

    private sealed record Outstanding(long Tid, Caller Caller, FsOperation Operation, IRequestOwner Owner, long AskedAt, Activity? Span)
    {
        public bool WasSent { get; set; }

        public long SentAt { get; set; }
    }

    public RequestTimer Timer { get; } = new(time, counters);

    /// <summary>Who listens to what is said, while an administrator has a path traced.</summary>
    public IMessageTap? Tap { get; set; }

    public SessionState State { get; private set; } = SessionState.Closed;

    public SessionId Id { get; private set; }

    public Epoch Epoch { get; private set; }

    public Guid Generation { get; private set; }

    public TimeSpan Lease { get; private set; } = TimeSpan.FromSeconds(60);

    public bool AsyncUnlink { get; private set; }

    /// <summary>Requests out, at most, as this gateway's administrators want it; the MDS may set less.</summary>
    public int InFlightLimit { get; set; } = options.MaxInFlight;

    public int MaxInFlight => Math.Min(InFlightLimit, _serverLimit);

    public int InFlight => _requests.Count;

    /// <summary>Of those in flight, sent and not answered: never more than <see cref="MaxInFlight"/>.</summary>
    public int Sent => _sent;

    public List<ClientMessage> Outbox { get; private set; } = [];

    /// <summary>Caps count only while the lease runs, measured from the moment the renewal was sent, on this machine's monotonic clock.</summary>
    public bool LeaseIsValid => State != SessionState.Closed && !Id.IsNone && time.GetTimestamp() < _leaseUntil;

    public bool CanSend => State == SessionState.Open && InFlight < MaxInFlight;

    public TimeSpan LeaseRemaining => LeaseIsValid ? time.GetElapsedTime(time.GetTimestamp(), _leaseUntil) : TimeSpan.Zero;

    /// <summary>Lowest tid without a reply. Only ever grows, so looking for it costs a step a tid over the session's life.</summary>
    private long OldestTid
    {
        get
        {
            while (_oldestTid < _nextTid && !_requests.ContainsKey(_oldestTid))
                _oldestTid++;
            return _oldestTid;
        }
    }

    private IEnumerable<Outstanding> InTidOrder => _requests.Values.OrderBy(r => r.Tid).ToArray();

    /// <summary>Acks of deltas go first: what another waits for with the ack of a revoke is then settled, and need not be asked about.</summary>
    public List<ClientMessage> TakeOutbox()
    {
        List<ClientMessage> taken = Outbox;
        Outbox = [];
        if (_deltaAcks.Count > 0)
            taken.InsertRange(0, _deltaAcks.Select(a => new DeltaAck(a.Key, a.Value)));
        _deltaAcks.Clear();
        Timer.NextMoment();
        if (Tap is { } tap)
            taken.ForEach(tap.Sent);
        return taken;
    }

    /// <summary>Registers and, when the session is open and has credit, sends. The reply reaches <paramref name="owner"/> in any case, once.</summary>
    public long Send(Caller caller, FsOperation operation, IRequestOwner owner)
    {
        Outstanding request = new(_nextTid++, caller, operation, owner, Moment, GatewayTracing.Current);
        _requests.Add(request.Tid, request);
        _waiting.Enqueue(request);
        SendWaiting();
        return request.Tid;
    }

    public void Post(ClientMessage message)
    {
        if (State is SessionState.Open or SessionState.Reclaiming)
            Outbox.Add(message);
    }

    /// <summary>The version has been applied: one ack a directory tells of all that came since the last mail. Nobody waits for those of a gateway that is not strict.</summary>
    public void AckDelta(InodeId dir, DirectoryVersion version)
    {
        if (options.StrictDeltas && State is SessionState.Open or SessionState.Reclaiming)
            _deltaAcks[dir] = version;
    }

    /// <summary>Forgets a read whose waiter has gone; the reply, if one comes, is dropped.</summary>
    public void Abandon(long tid)
    {
        if (_requests.TryGetValue(tid, out Outstanding? request) && !request.Operation.IsMutation)
            Remove(request, isAbandoned: request.WasSent);
        SendWaiting();
    }

    public void OnReply(Reply reply)
    {
        _hasArrived = true;
        if (_requests.TryGetValue(reply.Tid, out Outstanding? request))
        {
            Timer.Ended(request.Operation, request.AskedAt, request.SentAt, 1, reply.Errno, reply.Times);
            Remove(request);
            request.Owner.Replied(reply);
        }
        else if (_abandoned.Remove(reply.Tid))
        {
            _sent--;
        }
        SendWaiting();
    }

    public void OnPage(PageMessage page)
    {
        _hasArrived = true;
        if (_requests.TryGetValue(page.Tid, out Outstanding? request) && request.Owner is IPageOwner owner)
            owner.PageArrived(page.Page);
    }

    private void Resume(Caller caller, IPageOwner stream) => stream.Resumed(Send(caller, stream.Resume(), stream));

    private void Remove(Outstanding request, bool isAbandoned = false)
    {
        if (!_requests.Remove(request.Tid))
            return;
        if (isAbandoned)
            _abandoned.Add(request.Tid);
        else if (request.WasSent)
            _sent--;
    }

    /// <summary>Also reads wait for credit: a session with more requests out than it was given is ended.</summary>
    private void SendWaiting()
    {
        while (State == SessionState.Open && _sent < MaxInFlight && _waiting.TryPeek(out Outstanding? request) && request.Tid - OldestTid < TidWindow)
        {
            _waiting.Dequeue();
            if (!request.WasSent && _requests.ContainsKey(request.Tid))
                Emit(request, retry: false);
        }
    }

    private void Emit(Outstanding request, bool retry)
    {
        _sent += request.WasSent ? 0 : 1;
        request.WasSent = true;
        request.SentAt = Moment;
        counters.Requests++;
        counters.SequentialRoundTrips += _hasArrived ? 1 : 0;
        _hasArrived = false;
        Post(request.Tid, request.Caller, request.Operation, retry, request.Span);
    }

    /// <summary>Only what is being sent can share a moment: without a connection the outbox does not leave for long.</summary>
    private long Moment => State == SessionState.Open ? Timer.Moment : time.GetTimestamp();
}
