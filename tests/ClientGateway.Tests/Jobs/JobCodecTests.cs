using Capstan.ClientGateway.Jobs;
using Capstan.Shared;

namespace Capstan.ClientGateway.Tests.Jobs;

public sealed class JobCodecTests
{
    [Fact]
    public void Record_OfAChangeOfAttributes_ComesBackWhole()
    {
        AttributeChange change = new() { SetBits = 0x49, ClearBits = 0x92, ExecuteWhereItIs = true, Gid = 7, MtimeNs = -5 };
        JobRecord record = Record(JobForm.Attributes, JobKind.Attributes) with { Change = change, IsEnclosed = true };
        JobRecord read = JobCodec.Decode(JobCodec.Encode(record).ToArray())!;
        Assert.Equal((change, true), (read.Change, read.IsEnclosed));
        Assert.Equal(record.Entries, read.Entries);
        Assert.Equal((record.Title, record.Scope, record.Caller.Uid, record.StartedAt), (read.Title, read.Scope, read.Caller.Uid, read.StartedAt));
    }

    [Fact]
    public void Record_CutOffAnywhere_IsNone()
    {
        byte[] bytes = JobCodec.Encode(Record(JobForm.Attributes, JobKind.Attributes) with { Change = new AttributeChange { Uid = 1 } }).ToArray();
        for (int length = 0; length < bytes.Length; length++)
            Assert.Null(JobCodec.Decode(bytes[..length]));
    }

    private static JobRecord Record(JobForm form, JobKind kind) => new()
    {
        Form = form,
        Kind = kind,
        Title = "Change attributes of 2 items",
        Scope = "/a",
        Caller = new Caller(1, 2, [3]),
        StartedAt = 17,
        Entries = [.. new[] { "one", "onerous" }.Select((name, i) => new JobEntry(new InodeAddress(new InodeId(5), FileName.Create(System.Text.Encoding.UTF8.GetBytes(name)), new InodeId((ulong)(10 + i))))
        {
            Attributes = new InodeAttributes { Ino = new InodeId((ulong)(10 + i)), Mode = 0x81A4, Uid = 1, Gid = 2, Size = 3, MtimeNs = 4, Xattrs = 1, Nlink = (uint)(1 + i) },
        })],
    };
}
