using Capstan.Shared;

namespace Capstan.Mds.Storage;

/// <summary>
/// The packed form of a dentry's inode, about 25 bytes. The layout is persisted: a golden test holds it.
/// <code>
/// first byte: bit 7 6       5      4       3      2      1 0
///                 unused    extent content xattrs times  DentryKind
/// Directory, Linked: ino varint
/// Embedded:          ino, mode, uid, gid, size varints; mtime 8 bytes;
///                    times:   ctime - mtime, atime - mtime zigzag
///                    xattrs:  count varint
///                    content: version varint; extent: blob, stored varints (else blob = version, stored = size)
///                    symlink: target to the end
/// row of a linked inode: nlink varint, then as Embedded
/// </code>
/// </summary>
internal static class InodeCodec
{
    private const byte KindMask = 3;
    private const byte Times = 1 << 2;
    private const byte Xattrs = 1 << 3;
    private const byte Content = 1 << 4;
    private const byte Extent = 1 << 5;

    public static void WriteDentry(RecordWriter writer, in Dentry dentry)
    {
        if (dentry.Kind == DentryKind.Embedded)
        {
            WriteEmbedded(writer, in dentry.Inode);
            return;
        }
        writer.Byte((byte)dentry.Kind);
        writer.Varint(dentry.Inode.Ino.Value);
    }

    public static void ReadDentry(ReadOnlySpan<byte> record, ref Dentry dentry, bool withTarget)
    {
        dentry.Kind = record.IsEmpty ? throw new StoreException(FsErrno.Io, "An empty record.") : (DentryKind)(record[0] & KindMask);
        if (dentry.Kind == DentryKind.Embedded)
        {
            dentry.Inode.Nlink = 1;
            ReadEmbedded(new RecordReader(record), ref dentry.Inode, withTarget);
            return;
        }
        RecordReader reader = new(record[1..]);
        dentry.Inode.Ino = new InodeId(reader.Varint());
    }

    public static void WriteLinked(RecordWriter writer, in Inode inode)
    {
        writer.Varint(inode.Nlink);
        WriteEmbedded(writer, in inode);
    }

    public static void ReadLinked(ReadOnlySpan<byte> record, ref Inode inode, bool withTarget)
    {
        RecordReader reader = new(record);
        inode.Nlink = (uint)reader.Varint();
        ReadEmbedded(reader, ref inode, withTarget);
    }

    private static void WriteEmbedded(RecordWriter writer, in Inode inode)
    {
        bool times = inode.CtimeNs != inode.MtimeNs || inode.AtimeNs != inode.MtimeNs;
        bool extent = inode.Content != 0 && (inode.Blob != inode.Content || inode.Stored != inode.Size);
        writer.Byte((byte)((times ? Times : 0) | (inode.Xattrs != 0 ? Xattrs : 0) | (inode.Content != 0 ? Content : 0) | (extent ? Extent : 0)));
        writer.Varint(inode.Ino.Value);
        writer.Varint(inode.Mode);
        writer.Varint(inode.Uid);
        writer.Varint(inode.Gid);
        writer.Varint((ulong)inode.Size);
        writer.Fixed64(inode.MtimeNs);
        if (times)
        {
            writer.Zigzag(inode.CtimeNs - inode.MtimeNs);
            writer.Zigzag(inode.AtimeNs - inode.MtimeNs);
        }
        if (inode.Xattrs != 0)
            writer.Varint(inode.Xattrs);
        if (inode.Content != 0)
            writer.Varint((ulong)inode.Content);
        if (extent)
        {
            writer.Varint((ulong)inode.Blob);
            writer.Varint((ulong)inode.Stored);
        }
        if (inode.Target is not null)
            writer.Bytes(inode.Target);
    }

    private static void ReadEmbedded(RecordReader reader, ref Inode inode, bool withTarget)
    {
        byte flags = reader.Byte();
        inode.Ino = new InodeId(reader.Varint());
        inode.Mode = (uint)reader.Varint();
        inode.Uid = (uint)reader.Varint();
        inode.Gid = (uint)reader.Varint();
        inode.Size = (long)reader.Varint();
        inode.MtimeNs = reader.Fixed64();
        inode.CtimeNs = inode.MtimeNs;
        inode.AtimeNs = inode.MtimeNs;
        if ((flags & Times) != 0)
        {
            inode.CtimeNs += reader.Zigzag();
            inode.AtimeNs += reader.Zigzag();
        }
        inode.Xattrs = (flags & Xattrs) != 0 ? (uint)reader.Varint() : 0;
        inode.Content = (flags & Content) != 0 ? (long)reader.Varint() : 0;
        inode.Blob = inode.Content;
        inode.Stored = inode.Content != 0 ? inode.Size : 0;
        if ((flags & Extent) != 0)
        {
            inode.Blob = (long)reader.Varint();
            inode.Stored = (long)reader.Varint();
        }
        inode.Target = withTarget && inode.Kind == FileKind.Symlink ? reader.Rest.ToArray() : null;
    }
}
