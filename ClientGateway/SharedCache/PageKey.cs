using Capstan.Shared;

namespace Capstan.ClientGateway.SharedCache;

/// <summary>
/// Names one content for ever: versions are durable, inode numbers are never reused, and the generation changes when a store is restored from a copy.
/// The version comes from the MDS or from a held cap, never from the cache, so that a stale page has a key that nobody asks for.
/// </summary>
internal readonly record struct PageKey(Guid Generation, InodeId Directory, DirectoryVersion Version, long FirstRank)
{
    public override string ToString() => $"capstan:page:1:{Generation:N}:{Directory.Value:x}:{Version.Value:x}:{FirstRank:x}";
}
