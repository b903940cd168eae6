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

    public bool IsRevoking => Implemented != Issued;

    public int Unacked => _unacked.Count;

    /// <summary>The writer's reply waits for this holder to ack <paramref name="version"/>.</summary>
    public void AwaitAck(DirectoryVersion version, ReplyGate gate)
    {
        gate.Outstanding++;
        _unacked.Enqueue((version, gate));
    }

    public void Acked(DirectoryVersion version)
    {
        while (_unacked.TryPeek(out (DirectoryVersion Version, ReplyGate Gate) next) && next.Version <= version)
            _unacked.Dequeue().Gate.Release();
    }

    /// <summary>A group was undone: the deltas of its changes were never sent, and nobody will ack them.</summary>
    public void ForgetVoid()
    {
        for (int left = _unacked.Count; left > 0; left--)
        {
            (DirectoryVersion Version, ReplyGate Gate) next = _unacked.Dequeue();
            if (!next.Gate.IsVoid)
                _unacked.Enqueue(next);
        }
    }

    /// <summary>The holder is gone, or has been told to start anew: nobody waits for it.</summary>
    public void AckAll() => Acked(new DirectoryVersion(long.MaxValue));
}
