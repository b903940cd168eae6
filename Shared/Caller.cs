namespace Capstan.Shared;

/// <summary>On whose behalf a request is made. Every request carries one; the MDS enforces POSIX permissions by it.</summary>
public sealed record Caller(uint Uid, uint Gid, IReadOnlyList<uint> Groups)
{
    public static readonly Caller Root = new(0, 0, []);

    public bool IsInGroup(uint gid) => gid == Gid || Groups.Contains(gid);
}
