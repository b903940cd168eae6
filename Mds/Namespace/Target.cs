using Capstan.Shared;

namespace Capstan.Mds.Namespace;

/// <summary>What an <see cref="InodeAddress"/> led to.</summary>
internal struct Target
{
    public Entry Entry;

    /// <summary>The directory that lists it under <see cref="Name"/>; null for the root and for a linked inode named by its number.</summary>
    public DirectoryState? Parent;

    public FileName Name;
}
