using System.Diagnostics;
using Capstan.Shared.Messages;
using Capstan.Shared.Wire;
using Google.Protobuf;

namespace Capstan.Shared.Tests.Wire;

public sealed class ClientMessageCodecTests
{
    private static readonly Caller Alice = new(1000, 100, [100, 27]);
    private static readonly InodeAddress Address = new(new InodeId(5), FileName.Create("file"), new InodeId(77));

    public static TheoryData<ClientMessage> Messages() =>
    [
        new SessionOpen(SessionId.None, "gateway-1", SessionOpen.CurrentProtocol, true),
        new SessionOpen(new SessionId(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff")), "", 7, false),
        new CapAck(new InodeId(ulong.MaxValue), 3, CapBits.Shared),
        new CapRelease(new InodeId(4), long.MaxValue),
        new DeltaAck(new InodeId(4), new DirectoryVersion(99)),
        new Renew(17, -5) { RoundTrip = TimeSpan.FromMilliseconds(1.5) },
        new Reclaim([]),
        new Reclaim([new HeldCap(new InodeId(1), CapBits.All, new DirectoryVersion(1)), new HeldCap(new InodeId(2), CapBits.Fs, new DirectoryVersion(2))]),
        new SessionClose(),
        new ReaddirCredit(4, 16),
        new ReaddirCredit(4, 16, 2),
        new ReaddirCancel(4),
    ];

    public static TheoryData<FsOperation> Operations() =>
    [
        new LookupOperation(InodeId.Root, [], CapBits.None),
        new LookupOperation(InodeId.Root, [FileName.Create("a"), FileName.Create("ü")], CapBits.Shared),
        new GetAttrOperation(Address),
        new GetAttrOperation(InodeAddress.ByNumber(new InodeId(9))),
        new SetAttrOperation(Address),
        new SetAttrOperation(Address) { Mode = 0, Uid = 0, Gid = 0, Size = 0, MtimeNs = 0, AtimeNs = 0 },
        new SetAttrOperation(Address) { Mode = 0xFFF, Uid = 1, Gid = 2, Size = long.MaxValue, MtimeNs = -1, AtimeNs = long.MinValue },
        new ReaddirOperation(new InodeId(5)),
        new ReaddirOperation(new InodeId(5)) { After = FileName.Create("m"), Credits = 0, Want = CapBits.Shared, IfVersion = new DirectoryVersion(0) },
        new ReaddirOperation(new InodeId(5)) { Rank = 0, Credits = 7, Waited = 3 },
        new ReaddirOperation(new InodeId(5)) { Rank = 123_456 },
        new CreateOperation(new InodeId(5), FileName.Create("new"), 0x1A4, true),
        new MkdirOperation(new InodeId(5), FileName.Create("dir"), 0x1ED),
        new SymlinkOperation(new InodeId(5), FileName.Create("link"), [1, 2, 255]),
        new LinkOperation(Address, new InodeId(6), FileName.Create("second")),
        new UnlinkOperation(new InodeId(5), FileName.Create([0xFF, 0xFE]), new InodeId(8)),
        new RmdirOperation(new InodeId(5), FileName.Create("dir"), InodeId.None),
        new RenameOperation(Address, new InodeId(6), FileName.Create("moved"), true),
        new ReadlinkOperation(Address),
        new GetXattrOperation(Address, [117]),
        new SetXattrOperation(Address, [117], [], XattrMode.Create),
        new ListXattrOperation(Address),
        new RemoveXattrOperation(Address, [117]),
        new StatFsOperation(),
        new SettleOperation(new InodeId(7)),
        new TrashOperation(new InodeId(5), FileName.Create("t"), new InodeId(8)),
        new RestoreOperation(new TrashId(1000, 77, new InodeId(8)), new InodeId(5), FileName.Create("t")),
        new PurgeOperation(new TrashId(uint.MaxValue, long.MaxValue, new InodeId(8))),
        new PurgeTrashOperation(123, true),
        new ListTrashOperation(null, 10, false),
        new ListTrashOperation(new TrashId(1, 2, new InodeId(3)), 500, true),
    ];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Decode_EncodedMessage_IsTheSame(ClientMessage message) => AssertRoundTrip([message]);

    [Theory]
    [MemberData(nameof(Operations))]
    public void Decode_EncodedOperation_IsTheSame(FsOperation operation) =>
        AssertRoundTrip([new Request(12, 3, true, Alice, operation) { Trace = new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded) }, new Request(20, 3, false, Caller.Root, operation)]);

    [Fact]
    public void Decode_TraceOfARequest_IsTheSame()
    {
        ActivityContext trace = new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        Request sent = new(1, 1, false, Alice, new StatFsOperation()) { Trace = trace };

        ActivityContext decoded = Assert.IsType<Request>(Assert.Single(ClientMessageCodec.Decode(Assert.Single(ClientMessageCodec.Encode([sent]))))).Trace;

        Assert.Equal((trace.TraceId, trace.SpanId, trace.TraceFlags), (decoded.TraceId, decoded.SpanId, decoded.TraceFlags));
        Assert.True(decoded.IsRemote);
    }

    [Fact]
    public void Operations_InTheTests_AreAllThereAre()
    {
        Type[] kinds = [.. typeof(FsOperation).Assembly.GetTypes().Where(type => type.BaseType == typeof(FsOperation) && type != typeof(MalformedOperation))];
        Assert.Equal(kinds.OrderBy(kind => kind.Name), Operations().Select(row => row.Data.GetType()).Distinct().OrderBy(kind => kind.Name));
    }

    [Fact]
    public void Encode_ConsecutiveUnlinks_MakeOneRun()
    {
        Protos.ClientFrame frame = Assert.Single(AssertRoundTrip([new Renew(1, 1), UnlinkRun(10, 100), Unlink(200, "alone")]));
        Assert.Equal(100, frame.Messages[1].UnlinkRun.Inos.Count);
        Assert.Equal(3, frame.Messages.Count);
    }

    [Fact]
    public void Encode_ConsecutiveCreates_MakeOneRun()
    {
        List<FsOperation> creates = [.. Enumerable.Range(0, 100).Select(i => new CreateOperation(new InodeId(5), FileName.Create($"file-{i}"), 0x1A4, true))];
        Protos.ClientFrame frame = Assert.Single(AssertRoundTrip([new RequestRun(10, 3, true, Alice, creates)]));
        Assert.InRange(Assert.Single(frame.Messages).CreateRun.CalculateSize(), 8 * 100, 9 * 100);
    }

    [Fact]
    public void Encode_ConsecutiveMovesToTheTrash_MakeOneRun()
    {
        List<FsOperation> moves = [.. Enumerable.Range(1, 100).Select(i => new TrashOperation(new InodeId(5), FileName.Create($"file-{i}"), new InodeId((ulong)i)))];
        Protos.ClientFrame frame = Assert.Single(AssertRoundTrip([new RequestRun(10, 3, true, Alice, moves)]));
        Assert.InRange(Assert.Single(frame.Messages).TrashRun.CalculateSize(), 9 * 100, 10 * 100);
    }

    [Fact]
    public void MayJoin_OperationsThatDifferInMoreThanTheName_MayNot()
    {
        FileName name = FileName.Create("a");
        UnlinkOperation unlink = new(new InodeId(5), name, new InodeId(1));
        CreateOperation create = new(new InodeId(5), name, 0x1A4, true);
        Assert.True(RequestRun.MayJoin(unlink, unlink with { Ino = new InodeId(2) }));
        Assert.True(RequestRun.MayJoin(create, create with { Name = FileName.Create("b") }));
        Assert.False(RequestRun.MayJoin(unlink, unlink with { Dir = new InodeId(6) }));
        Assert.False(RequestRun.MayJoin(create, create with { Dir = new InodeId(6) }));
        Assert.False(RequestRun.MayJoin(create, create with { Mode = 0 }));
        Assert.False(RequestRun.MayJoin(create, create with { Exclusive = false }));
        Assert.False(RequestRun.MayJoin(create, unlink));
        TrashOperation trash = new(new InodeId(5), name, new InodeId(1));
        Assert.True(RequestRun.MayJoin(trash, trash with { Name = FileName.Create("b"), Ino = new InodeId(2) }));
        Assert.False(RequestRun.MayJoin(trash, trash with { Dir = new InodeId(6) }));
        Assert.False(RequestRun.MayJoin(trash, trash with { Ino = InodeId.None }));
        Assert.False(RequestRun.MayJoin(trash, unlink));
        Assert.False(RequestRun.MayJoin(new StatFsOperation(), new StatFsOperation()));
    }

    [Fact]
    public void Encode_ManyMessages_BoundsFramesByCount()
    {
        List<ClientMessage> messages = [UnlinkRun(1, 10_000), .. Enumerable.Range(1, 5_000).Select(i => new CapRelease(new InodeId((ulong)i), 1))];
        List<Protos.ClientFrame> frames = AssertRoundTrip(messages);
        Assert.Equal(4, frames.Count);
        Assert.All(frames, frame => Assert.InRange(OneByOne(ClientMessageCodec.Decode(frame)).Count(), 1, FrameLimits.MaxMessages));
    }

    [Fact]
    public void Encode_LongNames_BoundsFramesByBytes()
    {
        string name = new('n', 250);
        List<ClientMessage> messages = [new RequestRun(1, 1, false, Alice, [.. Enumerable.Range(1, 9_000).Select(i => Unlink(i, name + i).Operation)])];
        messages.AddRange(Enumerable.Range(1, 100).Select(i => new Request(20_000 + i, 1, false, Alice, new SetXattrOperation(Address, [1], new byte[60_000], XattrMode.Either))));
        AssertBounded(AssertRoundTrip(messages));
    }

    [Fact]
    public void Encode_OneMessageLargerThanAFrame_GetsOneOfItsOwn()
    {
        Reclaim reclaim = new([.. Enumerable.Range(1, 120_000).Select(i => new HeldCap(new InodeId((ulong)i << 30), CapBits.All, new DirectoryVersion(i)))]);
        List<Protos.ClientFrame> frames = AssertRoundTrip([Unlink(1, "a"), reclaim, Unlink(2, "b")]);
        Assert.Equal(3, frames.Count);
        Assert.InRange(frames[1].CalculateSize(), FrameLimits.MaxBytes, WireChannel.MaxMessageSize);
    }

    [Fact]
    public void Encode_Nothing_NoFrame() => Assert.Empty(ClientMessageCodec.Encode([]));

    private static Request Unlink(long tid, string name, ulong dir = 5, bool retry = false, Caller? caller = null) =>
        new(tid, 1, retry, caller ?? Alice, new UnlinkOperation(new InodeId(dir), FileName.Create(name), new InodeId((ulong)tid + 1000)));

    private static RequestRun UnlinkRun(long firstTid, int count) =>
        new(firstTid, 1, false, Alice, [.. Enumerable.Range(0, count).Select(i => Unlink(firstTid + i, $"file-{i}").Operation)]);

    /// <summary>A run that crossed frames arrives as several.</summary>
    private static IEnumerable<ClientMessage> OneByOne(IEnumerable<ClientMessage> messages) =>
        messages.SelectMany<ClientMessage, ClientMessage>(m => m is RequestRun run ? Enumerable.Range(0, run.Count).Select(i => run[i]) : [m]);

    private static List<Protos.ClientFrame> AssertRoundTrip(IReadOnlyList<ClientMessage> messages)
    {
        List<Protos.ClientFrame> frames = ClientMessageCodec.Encode(messages);
        List<ClientMessage> decoded = [.. frames.SelectMany(frame => ClientMessageCodec.Decode(Protos.ClientFrame.Parser.ParseFrom(frame.ToByteArray())))];
        Assert.Equal(RecordText.Of(OneByOne(messages)), RecordText.Of(OneByOne(decoded)));
        return frames;
    }

    private static void AssertBounded(List<Protos.ClientFrame> frames)
    {
        Assert.True(frames.Count > 1);
        Assert.All(frames, frame => Assert.InRange(frame.CalculateSize(), 1, FrameLimits.MaxBytes + 64));
        Assert.All(frames.SkipLast(1), frame => Assert.InRange(frame.CalculateSize(), FrameLimits.MaxBytes * 3 / 4, FrameLimits.MaxBytes + 64));
    }
}
