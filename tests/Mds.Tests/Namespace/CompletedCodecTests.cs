using Capstan.Mds.Namespace;
using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Mds.Tests.Namespace;

public sealed class CompletedCodecTests
{
    [Fact]
    public void Write_Layout_IsFrozen_AndReadsBack()
    {
        InodeAttributes made = new() { Ino = new InodeId(300), Mode = 0x81A4, Uid = 1, Gid = 2, Nlink = 3, Size = 4, MtimeNs = 5, CtimeNs = 6, AtimeNs = 4, Xattrs = 7, Content = 8 };
        RecordWriter writer = new();
        CompletedCodec.Write(writer, [new(100, 1, null), new(101, 1, null), new(102, 1, made), new(103, 1, null), new(200, 1, null), new(201, 50, made)]);
        const string Attributes = "AC02A4830201020304" + "0500000000000000" + "02010708";
        Assert.Equal("6404" + "0003" + Attributes + "0002" + "6002" + "0065" + Attributes, Convert.ToHexString(writer.Written));

        List<CompletedRun> read = [];
        CompletedCodec.Read(writer.Written, read);
        Assert.Equal([new(100, 2, null), new(102, 1, made), new(103, 1, null), new(200, 1, null), new(201, 50, made)], read);
        Assert.Equal(new InodeId(349), read[^1][250].Attributes!.Ino);
    }

    [Fact]
    public void Write_ThousandUnlinks_TakesAFewBytes()
    {
        RecordWriter writer = new();
        CompletedCodec.Write(writer, [.. Enumerable.Range(1_000_000, 1000).Select(tid => new CompletedRun(tid, 1, null))]);
        Assert.Equal(5, writer.Written.Length);
    }
}
