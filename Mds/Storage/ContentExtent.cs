using Capstan.Shared;

namespace Capstan.Mds.Storage;

/// <summary>
/// Where a file's bytes are: the first <see cref="Stored"/> bytes of the blob filed under (<see cref="Ino"/>, <see cref="Blob"/>),
/// then zeros up to <see cref="Size"/>. <see cref="Blob"/> 0: zeros alone.
/// </summary>
public readonly record struct ContentExtent(InodeId Ino, long Blob, long Stored, long Size);
