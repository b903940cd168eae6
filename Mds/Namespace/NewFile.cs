using Capstan.Shared;

namespace Capstan.Mds.Namespace;

/// <summary>Where a file is to appear; the name must be free.</summary>
/// <param name="Mode">Permission bits.</param>
internal readonly record struct NewFile(InodeId Dir, FileName Name, uint Mode);
