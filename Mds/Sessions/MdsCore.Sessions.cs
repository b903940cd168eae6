using Capstan.Mds.Caps;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Sessions;

// Opening, renewing, reclaiming and ending of sessions, and the grace period after a start.
internal sealed partial class MdsCore
{
    private readonly Queue<(MdsSession Session, Request Request)> _afterGrace = [];
    private readonly List<(MdsSession Session, Reply Reply)> _heldReplies = [];
    private readonly List<ReplyGate> _heldGates = [];
    private readonly Dictionary<MdsSession, Reclaim> _heldReclaims = [];
    private readonly List<MdsSession> _ended = [];
    private readonly List<MdsSession> _opened = [];
    private long _graceUntil;

    /// <summary>
    /// After a start, until every known session has reclaimed its caps or its lease has run out: only repeats of changes run (a
    /// read would be granted Fs where an absent one still relies on Fx), and no answer leaves, because a gateway that is still on its way may be serving its pages under an unexpired lease.
    /// </summary>
    public bool IsInGrace { get; private set; }

    /// <summary>First message of a connection. Returns the session that it is about from now on.</summary>
    public MdsSession Open(ISessionLink link, SessionOpen open)
    {
        bool resumed = _sessions.TryGetValue(open.Id, out MdsSession? session) && session.State != MdsSessionState.Ended;
        if (!resumed)
        {
            // A name is one gateway's: its older session has no process behind it any more.
            foreach (MdsSession older in _sessions.Values.Where(s => s.ClientName == open.ClientName).ToArray())
                End(older, "its gateway has started anew");
            session = new MdsSession(NewSessionId(), open.ClientName);
            _sessions.Add(session.Id, session);
            _engine.PutSession(session.Id, session.ClientName);
            _opened.Add(session);
        }
        session!.Link?.Close("the session has been resumed on another connection");
        session.DropMail();
        _heldReclaims.Remove(session);
        CancelStreams(session);
        session.Link = link;
        session.StrictDeltas = open.StrictDeltas;
        session.MayUnlinkAhead = _options.AsyncUnlink;
        if (session.State != MdsSessionState.Awaited)
            session.State = MdsSessionState.Open;
        Extend(session);
        session.Send(new SessionOpened(session.Id, Epoch, _options.Lease, _engine.Generation, resumed, _options.MaxInFlight, _options.AsyncUnlink));
        return session;
    }

    public void Disconnected(MdsSession session, ISessionLink link)
    {
        if (session.Link != link)
            return;
        session.Link = null;
        session.DropMail();
        CancelStreams(session);
    }

    /// <summary>Leases, revokes and the grace period. Called a few times a second, between groups.</summary>
    public void Tick()
    {
        long now = _time.GetTimestamp();
        Begin();
        foreach (MdsSession session in _sessions.Values.ToArray())
        {
            if (session.State == MdsSessionState.Open && now >= session.LeaseUntil)
            {
                session.State = MdsSessionState.Stale;
                Counters.LeasesExpired++;
                _caps.RemoveAll(session);
                session.Send(new SessionStale());
            }
            else if (_time.GetElapsedTime(session.RenewedAt, now) > _options.AutoClose)
            {
                Evict(session, "no renewal for too long");
            }
            else if (session.Caps.Values.Any(c => c.RevokedAt != 0 && _time.GetElapsedTime(c.RevokedAt, now) > _options.RevokeTimeout))
            {
                Evict(session, "a revoke was not answered");
            }
            else if (session.Caps.Values.Any(c => c.Unacked > 0 && _time.GetElapsedTime(c.AwaitedSince, now) > _options.RevokeTimeout))
            {
                Evict(session, "a change was not acknowledged"); // It renews, and keeps writers and readers of others waiting.
            }
        }
        if (IsInGrace && now >= _graceUntil)
            EndGrace();
        RunReady();
        Commit();
    }

    private void BeginGrace()
    {
        IsInGrace = _sessions.Count > 0;
        _caps.GrantsExclusive = !IsInGrace;
        _graceUntil = _time.GetTimestamp() + (long)(_options.Lease.TotalSeconds * _time.TimestampFrequency);
    }

    private void EndGrace()
    {
        IsInGrace = false;
        foreach (MdsSession absent in _sessions.Values.Where(s => s.State == MdsSessionState.Awaited).ToArray())
            End(absent, "it did not come back after a restart");
        foreach ((MdsSession session, Reply reply) in _heldReplies)
            session.Answer(reply);
        _heldReplies.Clear();
        foreach (ReplyGate gate in _heldGates)
            gate.Release();
        _heldGates.Clear();
        foreach ((MdsSession session, Reclaim reclaim) in _heldReclaims)
        {
            if (session.State == MdsSessionState.Open)
                Restore(session, reclaim);
        }
        _heldReclaims.Clear();
        _caps.GrantsExclusive = true; // Not sooner: several may be back in one directory.
        while (_afterGrace.TryDequeue(out (MdsSession Session, Request Request) next))
        {
            next.Session.Live.Remove(next.Request.Tid);
            if (next.Session.State != MdsSessionState.Ended)
                Execute(next.Session, next.Request);
        }
        foreach (DirectoryCaps directory in _caps.Directories.ToArray())
            _caps.Wake(directory);
    }

    private void AnswerAfterGrace(MdsSession session, Reply reply)
    {
        if (!IsInGrace)
        {
            session.Answer(reply);
            return;
        }
        session.Live.Add(reply.Tid);
        _heldReplies.Add((session, reply));
    }

    private void HoldForGrace(ReplyGate gate)
    {
        gate.Outstanding++;
        _heldGates.Add(gate);
    }

    private void OnRenew(MdsSession session, Renew renew)
    {
        session.OldestTid = Math.Max(session.OldestTid, renew.OldestTid);
        if (session.State == MdsSessionState.Stale)
            session.State = MdsSessionState.Open; // Its caps are gone; the reclaim that follows tells what is left.
        Extend(session);
        session.RoundTrip = renew.RoundTrip;
        session.Send(new Renewed(renew.SentAt));
        if (session.Caps.Count > _options.MaxCapsPerSession)
        {
            Counters.Recalls++;
            session.Send(new Recall(_options.MaxCapsPerSession * 9 / 10));
        }
    }

    /// <summary>
    /// In the grace period the answer waits for its end: a gateway that is still on its way may have assumed the success of unlinks
    /// under an exclusive cap of the last term, and nobody may be granted a listing that contradicts it.
    /// </summary>
    private void OnReclaim(MdsSession session, Reclaim reclaim)
    {
        if (session.State == MdsSessionState.Awaited)
            session.State = MdsSessionState.Open;
        if (!IsInGrace)
        {
            Restore(session, reclaim);
            return;
        }
        _heldReclaims[session] = reclaim;
        if (!_sessions.Values.Any(s => s.State == MdsSessionState.Awaited))
            EndGrace();
    }

    /// <summary>
    /// The gateway tells what it believes it holds. A record that it does not name is gone; one that it names is granted
    /// again with the version of now, by which it sees whether its pages are still true. A revoke that was lost with the connection is sent anew.
    /// </summary>
    private void Restore(MdsSession session, Reclaim reclaim)
    {
        HashSet<InodeId> claimed = [.. reclaim.Caps.Select(c => c.Ino)];
        foreach (IssuedCap cap in session.Caps.Values.ToArray())
        {
            if (!claimed.Contains(cap.Directory.Ino))
                _caps.Remove(cap);
        }
        foreach (HeldCap held in reclaim.Caps)
        {
            if (session.Caps.TryGetValue(held.Ino, out IssuedCap? cap))
            {
                cap.AckAll();
                cap.Implemented = cap.Issued;
                cap.RevokedAt = 0;
                if (_caps.Grant(session, held.Ino, cap.Wanted, always: true) is null)
                    _caps.Remove(cap);
                else
                    _caps.Wake(cap.Directory);
            }
            else if (_caps.Find(held.Ino)?.IsExclusiveToAnother(session) != true)
            {
                // A mere claim takes nothing from anybody: where another holds the directory exclusively, the gateway has to ask.
                _caps.Grant(session, held.Ino, held.Bits & CapBits.All);
            }
        }
        session.Send(new Reclaimed());
    }

    private void Evict(MdsSession session, string reason)
    {
        Counters.Evictions++;
        End(session, reason);
    }

    private void End(MdsSession session, string reason)
    {
        if (session.State == MdsSessionState.Ended)
            return;
        session.State = MdsSessionState.Ended;
        _caps.RemoveAll(session);
        CancelStreams(session);
        _engine.RemoveSession(session.Id);
        _sessions.Remove(session.Id);
        session.Send(new SessionEvicted(reason));
        _ended.Add(session);
        if (IsInGrace && !_sessions.Values.Any(s => s.State == MdsSessionState.Awaited))
            EndGrace();
    }

    /// <summary>The group that made these sessions was undone: they are made again, or cannot be had.</summary>
    private void PutOpened()
    {
        foreach (MdsSession session in _opened.ToArray())
        {
            _engine.BeginGroup();
            try
            {
                _engine.PutSession(session.Id, session.ClientName);
                _engine.CommitGroup();
            }
            catch (Storage.StoreException)
            {
                session.DropMail();
                session.State = MdsSessionState.Ended;
                _sessions.Remove(session.Id);
                _ended.Add(session);
            }
        }
    }

    private void FlushEnded()
    {
        foreach (MdsSession session in _ended)
        {
            session.Flush();
            session.Link?.Close("the session has ended");
            session.Link = null;
        }
        _ended.Clear();
    }

    private void Extend(MdsSession session)
    {
        session.RenewedAt = _time.GetTimestamp();
        session.LeaseUntil = session.RenewedAt + (long)(_options.Lease.TotalSeconds * _time.TimestampFrequency);
    }

    private void CancelStreams(MdsSession session)
    {
        _listings.Forget(session);
        foreach (PageStream stream in session.Streams.Values)
        {
            stream.Cancel();
            _pump.Hurry(stream);
        }
        session.Streams.Clear();
        session.ParkedListings.Clear();
    }
}
