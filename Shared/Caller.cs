namespace Capstan.Shared;

/// <summary>On whose behalf a request is made. Every request carries one; the MDS enforces POSIX permissions by it.</summary>
public sealed record Caller(uint Uid, uint Gid, IReadOnlyList<uint> Groups)
{
    public static readonly Caller Root = new(0, 0, []);

    /// <summary>Also of another list of the same groups, which a record's equality does not see.</summary>
    public bool IsSameAs(Caller other) =>
        ReferenceEquals(this, other) || (Uid == other.Uid && Gid == other.Gid && (ReferenceEquals(Groups, other.Groups) || Groups.SequenceEqual(other.Groups)));

    public bool IsInGroup(uint gid) => gid == Gid || Groups.Contains(gid);
}
