namespace Capstan.Mds.Storage;

/// <summary>Numbers of the whole filesystem. Stored; the values are frozen.</summary>
internal enum StoreCounter
{
    SchemaVersion = 1,
    Epoch = 2,

    /// <summary>The first inode number that no block has been reserved from.</summary>
    NextIno = 3,

    /// <summary>Names in the whole tree.</summary>
    Entries = 4,

    /// <summary>Directories, the root included.</summary>
    Directories = 5,

    /// <summary>Sizes of all files and symlinks, an inode counted once.</summary>
    Bytes = 6,
}
