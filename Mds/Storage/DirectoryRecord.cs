using Capstan.Shared;

namespace Capstan.Mds.Storage;

/// <summary>A directory's own row: its inode, its one place in the tree, and the counts maintained with every change of its entries.</summary>
internal sealed class DirectoryRecord
{
    public required InodeId Ino { get; init; }

    /// <summary>The directory that lists this one; the root is its own parent.</summary>
    public InodeId Parent { get; set; }

    /// <summary>The name in <see cref="Parent"/>; empty for the root.</summary>
    public FileName Name { get; set; }

    public uint Mode { get; set; }
    public uint Uid { get; set; }
    public uint Gid { get; set; }
    public long MtimeNs { get; set; }
    public long CtimeNs { get; set; }
    public long AtimeNs { get; set; }
    public uint Xattrs { get; set; }
    public long Entries { get; set; }

    /// <summary>Entries that are directories; the link count is two more.</summary>
    public long Subdirectories { get; set; }

    /// <summary>Entries that are hard links. Zero spares the look at the victim when an unlink asks what it would touch.</summary>
    public long Links { get; set; }

    public long Version { get; set; }

    public InodeAttributes ToAttributes() => new()
    {
        Ino = Ino,
        Mode = Mode,
        Uid = Uid,
        Gid = Gid,
        Nlink = (uint)(2 + Subdirectories),
        Size = Entries,
        MtimeNs = MtimeNs,
        CtimeNs = CtimeNs,
        AtimeNs = AtimeNs,
        Xattrs = Xattrs,
    };
}
