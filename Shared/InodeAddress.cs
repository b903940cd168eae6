namespace Capstan.Shared;

/// <summary>
/// An inode by where it lives: (directory, name, expected inode number). A request that finds another inode there fails with
/// <see cref="FsErrno.Stale"/> rather than hit the wrong file. A directory, or a hard-linked inode, may be named by its number
/// alone (<see cref="Dir"/> none, <see cref="Name"/> empty).
/// </summary>
public readonly record struct InodeAddress(InodeId Dir, FileName Name, InodeId Ino)
{
    public static InodeAddress ByNumber(InodeId ino) => new(InodeId.None, default, ino);
}
