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
        Dictionary<long, InodeAttributes?> results = new() { [100] = null, [101] = null, [102] = made, [103] = null, [200] = null };
        RecordWriter writer = new();
        CompletedCodec.Write(writer, [100, 101, 102, 103, 200], results);
        Assert.Equal("6404" + "0003" + "AC02A4830201020304" + "0500000000000000" + "02010708" + "0002" + "6002", Convert.ToHexString(writer.Written));

        Dictionary<long, InodeAttributes?> read = [];
        CompletedCodec.Read(writer.Written, read);
        Assert.Equal(results.OrderBy(pair => pair.Key), read.OrderBy(pair => pair.Key));
    }

    [Fact]
    public void Write_ThousandUnlinks_TakesAFewBytes()
    {
        List<long> tids = [.. Enumerable.Range(1_000_000, 1000)];
        RecordWriter writer = new();
        CompletedCodec.Write(writer, tids, tids.ToDictionary(tid => tid, _ => (InodeAttributes?)null));
        Assert.Equal(5, writer.Written.Length);
    }
}
