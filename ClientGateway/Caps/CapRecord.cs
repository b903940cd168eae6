using Capstan.Shared;

namespace Capstan.ClientGateway.Caps;

/// <summary>What this gateway holds on one directory and, through it, on the children.</summary>
internal sealed class CapRecord(InodeId ino)
{
    public InodeId Ino { get; } = ino;

    /// <summary>New uses may start on these.</summary>
    public CapBits Issued { get; set; }

    /// <summary>Issued, plus bits being revoked that are still in use. Always a superset of <see cref="Issued"/>.</summary>
    public CapBits Implemented { get; set; }

    /// <summary>Asynchronous operations that rely on <see cref="CapBits.Exclusive"/>.</summary>
    public int References { get; set; }

    /// <summary>Last number the MDS issued.</summary>
    public long Seq { get; set; }

    /// <summary>Revokes whose ack waits for the last reference, oldest first.</summary>
    public List<long> UnackedRevokes { get; } = [];

    public long RevokedAt { get; set; }

    /// <summary>When it was first granted, as a timestamp.</summary>
    public long GrantedAt { get; set; }

    /// <summary>The connection on which the record was last granted: what a reclaim does not bring back is lost.</summary>
    public long GrantedOn { get; set; }
}
