using Capstan.Mds.Sessions;
using Capstan.Shared;

namespace Capstan.Mds.Caps;

/// <summary>What one session holds on one directory, and which deltas it has not acked.</summary>
internal sealed class IssuedCap(MdsSession session, DirectoryCaps directory)
{
    private readonly Queue<(DirectoryVersion Version, ReplyGate Gate)> _unacked = [];

    public MdsSession Session { get; } = session;

    public DirectoryCaps Directory { get; } = directory;

    /// <summary>What the session was last told it may use.</summary>
    public CapBits Issued { get; set; }

    /// <summary>Issued, plus what is being revoked and not yet acked: what the session may still be using.</summary>
    public CapBits Implemented { get; set; }

    /// <summary>What the session's requests have asked for; granted when it becomes possible.</summary>
    public CapBits Wanted { get; set; }

    public long Seq { get; set; }

    /// <summary>When the oldest unanswered revoke was sent, as a timestamp; 0 for none.</summary>
    public long RevokedAt { get; set; }

    /// <summary>Since when the oldest of the acks that somebody waits for has been due; means something while there is one.</summary>
    public long AwaitedSince { get; private set; }

    public bool IsRevoking => Implemented != Issued;

    /// <summary>Its readers may be shown what it has cached: also while Fs is being taken back, and that has not been acked.</summary>
    public bool MayBeBelieved => (Implemented & CapBits.Fs) != 0;

    /// <summary>Answers that wait for this holder.</summary>
    public int Unacked => _unacked.Count;

    /// <summary>The last version that the holder was told of, and the last that it is known to have.</summary>
    public DirectoryVersion Told { get; private set; }

    public DirectoryVersion Known { get; private set; }

    /// <summary>Its readers may still see what was before: what others have seen is not settled.</summary>
    public bool IsBehind => Known < Told && Session.StrictDeltas;

    /// <summary>A grant: what it is told from here on comes after <paramref name="version"/>.</summary>
    public void StartsAt(DirectoryVersion version) => Told = Known = version;

    public void IsTold(DirectoryVersion version) => Told = version;

    /// <summary>An answer waits for this holder to ack all that it has been told.</summary>
    public void AwaitAck(ReplyGate gate, long now)
    {
        if (_unacked.Count == 0)
            AwaitedSince = now;
        gate.Outstanding++;
        _unacked.Enqueue((Told, gate));
    }

    /// <summary>What it was never told it cannot have.</summary>
    public void Acked(DirectoryVersion version, long now)
    {
        if (version > Told)
            version = Told;
        if (version > Known)
            Known = version;
        while (_unacked.TryPeek(out (DirectoryVersion Version, ReplyGate Gate) next) && next.Version <= version)
        {
            AwaitedSince = now;
            _unacked.Dequeue().Gate.Release();
        }
    }

    /// <summary>A group was undone: the deltas of its changes were never sent, and nobody will ack them.</summary>
    public void Undo(DirectoryVersion current)
    {
        if (Told > current)
            Told = current;
        if (Known > Told)
            Known = Told;
        for (int left = _unacked.Count; left > 0; left--)
        {
            (DirectoryVersion Version, ReplyGate Gate) next = _unacked.Dequeue();
            if (!next.Gate.IsVoid)
                _unacked.Enqueue(next);
        }
    }

    /// <summary>The holder is gone, or has been told to start anew: nobody waits for it.</summary>
    public void AckAll()
    {
        Known = Told;
        while (_unacked.TryDequeue(out (DirectoryVersion Version, ReplyGate Gate) next))
            next.Gate.Release();
    }
}
