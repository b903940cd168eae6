namespace Capstan.Mds.Storage;

/// <summary>A name's row. Of a directory or linked inode only <see cref="Storage.Inode.Ino"/> is filled.</summary>
internal struct Dentry
{
    public DentryKind Kind;
    public Inode Inode;
}
