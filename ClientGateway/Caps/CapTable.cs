using System.Diagnostics;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.ClientGateway.Session;

namespace Capstan.ClientGateway.Caps;

/// <summary>
/// Every cap record of the gateway: issued, implemented, references, revoke and ack, after CephFS's client bookkeeping.
/// Check and reference are one step, because everything here runs under the gateway's lock.
/// </summary>
internal sealed class CapTable(GatewaySession session, TimeProvider time, GatewayCounters counters)
{
    private const int RevokesKept = 1000;

    private readonly Dictionary<InodeId, CapRecord> _records = [];
    private readonly HashSet<InodeId> _claimed = [];
    private long _connection = 1;
    private bool _isReclaiming;

    /// <summary>Told how long each answered revoke has taken.</summary>
    public Action<TimeSpan>? RevokeAnswered { get; set; }

    /// <summary>The last revokes, oldest first: when they came, as timestamps, and what they were about.</summary>
    public Queue<(long At, InodeId Ino)> LastRevokes { get; } = [];

    public IReadOnlyCollection<CapRecord> Records => _records.Values;

    public int RevokesWaiting => _records.Values.Count(r => r.UnackedRevokes.Count > 0);

    public CapRecord? Find(InodeId ino) => _records.GetValueOrDefault(ino);

    /// <summary>Whether all of <paramref name="bits"/> may be relied on right now.</summary>
    public bool Holds(InodeId ino, CapBits bits) => (Held(ino) & bits) == bits;

    /// <summary>
    /// Everything that may be relied on right now. Not between a reclaim and its end: the MDS takes the reclaim for the ack of all
    /// earlier deltas, lets writers go on, and takes back what it had granted before it read it.
    /// </summary>
    public CapBits Held(InodeId ino) =>
        !_isReclaiming && session.LeaseIsValid && _records.TryGetValue(ino, out CapRecord? record) ? record.Issued : CapBits.None;

    /// <summary>Takes a reference that keeps a revoke of <see cref="CapBits.Exclusive"/> from being acked, after <see cref="Held"/> under the same lock.</summary>
    /// <returns>A token for <see cref="PutReference"/>.</returns>
    public long Reference(InodeId ino)
    {
        _records[ino].References++;
        return _connection;
    }

    /// <summary>References die with their connection (the requests they stood for were sent again ahead of the reclaim): an older token is void.</summary>
    public void PutReference(InodeId ino, long token)
    {
        if (token != _connection || !_records.TryGetValue(ino, out CapRecord? record))
            return;
        Debug.Assert(record.References > 0, "a reference is put once");
        if (--record.References == 0)
            AckWaiting(record);
    }

    public CapRecord OnGrant(CapGrant grant)
    {
        if (!_records.TryGetValue(grant.Ino, out CapRecord? record))
            _records.Add(grant.Ino, record = new CapRecord(grant.Ino) { GrantedAt = time.GetTimestamp() });
        record.Issued = grant.Bits;
        record.Implemented |= grant.Bits;
        record.Seq = grant.Seq;
        record.GrantedOn = _connection;
        return record;
    }

    /// <summary>Returns the bits that no new use may rely on from now on.</summary>
    public CapBits OnRevoke(CapRevoke revoke)
    {
        counters.Revokes++;
        LastRevokes.Enqueue((time.GetTimestamp(), revoke.Ino));
        if (LastRevokes.Count > RevokesKept)
            LastRevokes.Dequeue();
        if (!_records.TryGetValue(revoke.Ino, out CapRecord? record))
        {
            // Always acked, also for an inode no longer known: otherwise the MDS waits for ever.
            session.Post(new CapAck(revoke.Ino, revoke.Seq, CapBits.None));
            return CapBits.None;
        }
        CapBits lost = record.Issued & ~revoke.Keep;
        record.Issued &= revoke.Keep;
        record.Seq = revoke.Seq;
        if (record.UnackedRevokes.Count == 0)
            record.RevokedAt = time.GetTimestamp();
        record.UnackedRevokes.Add(revoke.Seq);
        bool inUse = record.References > 0 && ((record.Implemented & ~record.Issued) & CapBits.Exclusive) != 0;
        if (!inUse)
            AckWaiting(record);
        return lost;
    }

    /// <summary>Not while reclaiming: the reclaim on its way names the record, and its numbers may start anew, so that the release would meet the grant to come.</summary>
    public void Release(InodeId ino)
    {
        if (!_isReclaiming && _records.TryGetValue(ino, out CapRecord? record) && record.References == 0 && _records.Remove(ino))
            session.Post(new CapRelease(ino, record.Seq));
    }

    /// <summary>A new connection: references are void (the requests they stood for are sent again first), and with a new session or epoch so is every cap.</summary>
    public List<HeldCap> BeginReclaim(bool voided, Func<InodeId, DirectoryVersion> versionOf)
    {
        _connection++;
        _isReclaiming = true;
        _claimed.Clear();
        List<HeldCap> held = new(_records.Count);
        foreach (CapRecord record in _records.Values)
        {
            _claimed.Add(record.Ino);
            held.Add(new HeldCap(record.Ino, record.Issued, versionOf(record.Ino)));
            record.References = 0;
            record.UnackedRevokes.Clear();
            record.Implemented = record.Issued;
            if (voided)
                record.Issued = record.Implemented = CapBits.None;
        }
        return held;
    }

    /// <summary>What the reclaim did not bring back; nor does the MDS keep a grant that crossed a reclaim which does not name it.</summary>
    public List<InodeId> EndReclaim()
    {
        _isReclaiming = false;
        return Drop(r => r.GrantedOn != _connection || !_claimed.Contains(r.Ino));
    }

    /// <summary>References die with the records: a token taken before is void for a record granted after. A reclaim follows: no cap counts before its end.</summary>
    public List<InodeId> DropAll()
    {
        _connection++;
        _isReclaiming = true;
        _claimed.Clear();
        return Drop(_ => true);
    }

    private List<InodeId> Drop(Func<CapRecord, bool> which)
    {
        List<InodeId> lost = [.. _records.Values.Where(which).Select(r => r.Ino)];
        foreach (InodeId ino in lost)
            _records.Remove(ino);
        return lost;
    }

    private void AckWaiting(CapRecord record)
    {
        if (record.UnackedRevokes.Count == 0)
            return;
        record.Implemented = record.Issued;
        foreach (long seq in record.UnackedRevokes)
            session.Post(new CapAck(record.Ino, seq, record.Issued));
        record.UnackedRevokes.Clear();
        counters.LastRevokeLatency = time.GetElapsedTime(record.RevokedAt);
        counters.RevokeLatency.Add(counters.LastRevokeLatency);
        RevokeAnswered?.Invoke(counters.LastRevokeLatency);
        Debug.Assert((record.Issued & ~record.Implemented) == 0, "issued is a subset of implemented");
        if (record.Issued == CapBits.None)
            _records.Remove(record.Ino);
    }
}
