using Capstan.Shared;

namespace Capstan.Mds.Storage;

/// <summary>
/// An inode as stored, mutable and passed by reference so that reading one allocates nothing. Of a directory only the
/// fields that are not kept in <see cref="DirectoryRecord"/> itself matter.
/// </summary>
internal struct Inode
{
    public InodeId Ino;
    public uint Mode;
    public uint Uid;
    public uint Gid;
    public uint Nlink;
    public long Size;
    public long MtimeNs;
    public long CtimeNs;
    public long AtimeNs;
    public uint Xattrs;

    /// <summary>Version of the content as clients see it: grows with each replacement and each truncation.</summary>
    public long Content;

    /// <summary>The content version under which the bytes are filed; 0: there is no file. At most <see cref="Content"/>.</summary>
    public long Blob;

    /// <summary>How many bytes of that file count; the rest up to <see cref="Size"/> reads as zeros. This is how a truncation needs no I/O.</summary>
    public long Stored;

    /// <summary>Target of a symlink.</summary>
    public byte[]? Target;

    public readonly FileKind Kind => (FileKind)(Mode >> 12);

    public readonly InodeAttributes ToAttributes() => new()
    {
        Ino = Ino,
        Mode = Mode,
        Uid = Uid,
        Gid = Gid,
        Nlink = Nlink,
        Size = Size,
        MtimeNs = MtimeNs,
        CtimeNs = CtimeNs,
        AtimeNs = AtimeNs,
        Xattrs = Xattrs,
        Content = Content,
    };
}
