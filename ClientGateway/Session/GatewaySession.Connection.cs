using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway.Session;

/// <summary>The steps of every connection, the lease, and the session's end.</summary>
internal sealed partial class GatewaySession
{
    public void Connected()
    {
        State = SessionState.Connecting;
        Outbox.Clear();
        _deltaAcks.Clear();
        _sent -= _abandoned.Count; // Not sent again on this connection.
        _abandoned.Clear();
        _openSentAt = time.GetTimestamp();
        Outbox.Add(new SessionOpen(Id, options.ClientName, SessionOpen.CurrentProtocol, options.StrictDeltas));
    }

    public void Disconnected()
    {
        if (State != SessionState.Closed)
            State = SessionState.Connecting;
        Outbox.Clear();
        _deltaAcks.Clear();
        LoseMarks();
    }

    /// <summary>Steps 2 and 3. Returns whether this is another session or epoch than before, which voids every cap.</summary>
    public bool OnOpened(SessionOpened opened)
    {
        bool isNew = opened.Id != Id || !opened.Resumed;
        bool voids = isNew || opened.Epoch != Epoch;
        if (!Id.IsNone)
            counters.Reconnects++;
        Id = opened.Id;
        Epoch = opened.Epoch;
        Generation = opened.Generation;
        Lease = opened.Lease;
        AsyncUnlink = opened.AsyncUnlink;
        _serverLimit = opened.MaxInFlight;
        _leaseUntil = _openSentAt + (long)(opened.Lease.TotalSeconds * time.TimestampFrequency);
        State = SessionState.Reclaiming;
        if (isNew)
            FailWhatWasSent();
        foreach (Outstanding request in InTidOrder)
        {
            if (request.WasSent && request.Operation.IsMutation)
                Emit(request, retry: true);
        }
        return voids;
    }

    /// <summary>Step 4.</summary>
    public void SendReclaim(IReadOnlyList<HeldCap> held) => Outbox.Add(new Reclaim(held));

    /// <summary>Step 6.</summary>
    public void OnReclaimed()
    {
        State = SessionState.Open;
        List<Outstanding> streams = [];
        foreach (Outstanding request in InTidOrder)
        {
            if (request.WasSent && request.Owner is IPageOwner)
                streams.Add(request);
            else if (request.WasSent && !request.Operation.IsMutation)
                Emit(request, retry: true);
        }
        // A stream restarts where its last page ended, under a tid of its own: late pages of the old one must not be taken for it.
        foreach (Outstanding stream in streams)
        {
            Remove(stream);
            Resume(stream.Caller, (IPageOwner)stream.Owner);
        }
        SendWaiting();
    }

    /// <summary>The MDS let the lease run out: no cap is left, but the session lives. Renews it and begins anew at step 4.</summary>
    public void OnStale()
    {
        State = SessionState.Reclaiming;
        Renew();
        SendReclaim([]);
    }

    /// <summary>The MDS has ended the session: the next connection asks for a new one.</summary>
    public void OnEvicted()
    {
        Id = SessionId.None;
        State = SessionState.Closed;
        LoseMarks();
        FailWhatWasSent();
    }

    public void Renew() => Post(new Renew(OldestTid, time.GetTimestamp()) { RoundTrip = counters.RoundTrip });

    public void OnRenewed(Renewed renewed)
    {
        _leaseUntil = Math.Max(_leaseUntil, renewed.SentAt + (long)(Lease.TotalSeconds * time.TimestampFrequency));
        counters.RoundTrip = time.GetElapsedTime(renewed.SentAt);
    }

    public void Close()
    {
        Post(new SessionClose());
        State = SessionState.Closed;
        Id = SessionId.None;
        LoseMarks();
        foreach (Outstanding request in InTidOrder)
        {
            Remove(request);
            request.Owner.Replied(new Reply(request.Tid, FsErrno.NotConnected));
        }
    }

    private void FailWhatWasSent()
    {
        foreach (Outstanding request in InTidOrder)
        {
            if (!request.WasSent)
                continue;
            bool again = request.Owner.SessionLost();
            Remove(request);
            if (again && request.Owner is IPageOwner pages)
                Resume(request.Caller, pages);
            else if (again)
                Send(request.Caller, request.Operation, request.Owner);
        }
    }
}
