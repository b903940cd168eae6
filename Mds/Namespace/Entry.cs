using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Mds.Namespace;

/// <summary>A dentry with its inode at hand wherever that lives. By reference, so that looking one up allocates nothing.</summary>
internal struct Entry
{
    public DentryKind Kind;

    /// <summary>Of a directory only the number: the rest is in <see cref="Directory"/>.</summary>
    public Inode Inode;

    public DirectoryState? Directory;

    public readonly InodeId Ino => Inode.Ino;

    public readonly bool IsDirectory => Kind == DentryKind.Directory;

    public readonly InodeAttributes ToAttributes() => Directory is null ? Inode.ToAttributes() : Directory.Record.ToAttributes();
}
