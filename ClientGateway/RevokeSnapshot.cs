using Capstan.Shared;

namespace Capstan.ClientGateway;

/// <summary>A revoke that is not answered yet.</summary>
/// <param name="Asked">Bits that are to be given up.</param>
/// <param name="Operations">In flight, which rely on them.</param>
/// <param name="Jobs">Titles of the jobs that those belong to.</param>
public sealed record RevokeSnapshot(InodeId Ino, string? Path, CapBits Asked, TimeSpan Since, int Operations, IReadOnlyList<string> Jobs);
