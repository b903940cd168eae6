using Capstan.Shared;

namespace Capstan.Mds.Content;

/// <summary>A file found in the content store; <see cref="Ino"/> is none when its name is not one of ours.</summary>
public sealed record ContentFile(string Path, InodeId Ino, long Version, long Length);
