using Capstan.Shared;

namespace Capstan.Mds.Storage;

/// <summary>Full passes over the store, for the checker.</summary>
internal interface IStoreScan
{
    /// <summary>All dentries, by directory and then by name.</summary>
    IEnumerable<(InodeId Dir, FileName Name, Dentry Dentry)> Dentries();

    IEnumerable<DirectoryRecord> Directories();

    IEnumerable<Inode> Linked();

    IEnumerable<(InodeId Ino, Place Place)> Places();

    /// <summary>How many xattrs each inode that has any has.</summary>
    IEnumerable<(InodeId Ino, long Count)> XattrCounts();

    IEnumerable<PurgeRow> PurgeQueue();
}
