using Capstan.Shared;

namespace Capstan.Mds.Storage;

/// <summary>A name that lists a linked inode.</summary>
internal readonly record struct Place(InodeId Dir, FileName Name);
