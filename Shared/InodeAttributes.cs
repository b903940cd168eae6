namespace Capstan.Shared;

/// <summary>What stat tells of an inode. Times are nanoseconds since 1970 in UTC.</summary>
public sealed record InodeAttributes
{
    public const uint TypeMask = 0xF000;
    public const uint PermissionMask = 0x0FFF;

    public required InodeId Ino { get; init; }

    /// <summary>Type and permission bits, as st_mode.</summary>
    public required uint Mode { get; init; }

    public uint Uid { get; init; }

    public uint Gid { get; init; }

    public uint Nlink { get; init; } = 1;

    /// <summary>Bytes; of a directory the number of its entries; of a symlink the bytes of its target.</summary>
    public long Size { get; init; }

    public long MtimeNs { get; init; }

    public long CtimeNs { get; init; }

    public long AtimeNs { get; init; }

    /// <summary>How many extended attributes there are: zero answers listxattr and getxattr locally.</summary>
    public uint Xattrs { get; init; }

    /// <summary>Version of the content: one more with each replacement, 0 for none. Names the content's bytes for ever.</summary>
    public long Content { get; init; }

    public FileKind Kind => (FileKind)(Mode >> 12);

    public bool IsDirectory => Kind == FileKind.Directory;

    /// <summary>
    /// The inode made <paramref name="places"/> after this one in a run of creates: of the next numbers, and otherwise the same. Without a number (a run that moves
    /// inodes to the trash) it stands for each of them.
    /// </summary>
    public InodeAttributes Following(int places) => places == 0 || Ino.IsNone ? this : this with { Ino = new InodeId(Ino.Value + (ulong)places) };

    public static uint ModeOf(FileKind kind, uint permissions) => ((uint)kind << 12) | (permissions & PermissionMask);
}
