using Capstan.Shared;

namespace Capstan.Mds.Namespace;

/// <summary>A directory whose entries or listed attributes an operation reads, or with <see cref="Write"/> changes.</summary>
internal readonly record struct DirectoryUse(InodeId Dir, bool Write);
