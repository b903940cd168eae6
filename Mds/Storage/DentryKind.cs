namespace Capstan.Mds.Storage;

/// <summary>Where the inode of a dentry is. Stored; the numbers are frozen.</summary>
internal enum DentryKind : byte
{
    /// <summary>In the dentry's own row: any inode with one link that is not a directory.</summary>
    Embedded = 0,

    /// <summary>In the table of directories.</summary>
    Directory = 1,

    /// <summary>In the table of linked inodes: more than one name has had it.</summary>
    Linked = 2,
}
