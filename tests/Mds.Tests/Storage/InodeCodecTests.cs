using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Mds.Tests.Storage;

public sealed class InodeCodecTests
{
    private static readonly Inode Full = new()
    {
        Ino = new InodeId(300), Mode = 0xA1FF, Uid = 1000, Gid = 50, Nlink = 1, Size = 3, MtimeNs = 1_700_000_000_123_456_789,
        CtimeNs = 1_700_000_000_123_456_790, AtimeNs = 1_700_000_000_123_456_700, Xattrs = 2, Content = 7, Blob = 5, Stored = 1, Target = "abc"u8.ToArray(),
    };

    [Fact]
    public void WriteDentry_Layout_IsFrozen()
    {
        Inode plain = new() { Ino = new InodeId(300), Mode = 0x81A4, Nlink = 1, Size = 5, MtimeNs = 1, CtimeNs = 1, AtimeNs = 1, Content = 1, Blob = 1, Stored = 5 };
        Assert.Equal("10AC02A483020000050100000000000000" + "01", Written(new Dentry { Inode = plain }));
        Assert.Equal("3CAC02FFC302E807320315CD853DFE9C971702B101020705" + "01616263", Written(new Dentry { Inode = Full }));
        Assert.Equal("01AC02", Written(new Dentry { Kind = DentryKind.Directory, Inode = plain }));
        Assert.Equal("02AC02", Written(new Dentry { Kind = DentryKind.Linked, Inode = plain }));
    }

    [Fact]
    public void ReadDentry_WhatWasWritten_IsTheSame()
    {
        RecordWriter writer = new();
        InodeCodec.WriteDentry(writer, new Dentry { Inode = Full });
        Dentry read = default;
        InodeCodec.ReadDentry(writer.Written, ref read, withTarget: true);
        Assert.Equal(Full.Target, read.Inode.Target);
        Assert.Equal(Full with { Target = null }, read.Inode with { Target = null });

        Inode linked = Full with { Nlink = 1000 };
        writer.Clear();
        InodeCodec.WriteLinked(writer, linked);
        Inode readLinked = default;
        InodeCodec.ReadLinked(writer.Written, ref readLinked, withTarget: false);
        Assert.Equal(linked with { Target = null }, readLinked);
    }

    [Fact]
    public void ReadDentry_Damage_IsAnIoError()
    {
        RecordWriter writer = new();
        InodeCodec.WriteDentry(writer, new Dentry { Inode = Full });
        byte[] record = writer.Written.ToArray();
        for (int length = 0; length < record.Length - 3; length++)
        {
            Dentry dentry = default;
            Assert.Equal(FsErrno.Io, Assert.Throws<StoreException>(() => InodeCodec.ReadDentry(record.AsSpan(0, length), ref dentry, true)).Errno);
        }
    }

    private static string Written(Dentry dentry)
    {
        RecordWriter writer = new();
        InodeCodec.WriteDentry(writer, in dentry);
        return Convert.ToHexString(writer.Written);
    }
}
