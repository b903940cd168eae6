using Capstan.Shared.Messages;
using Capstan.Shared.Wire;
using Google.Protobuf;

namespace Capstan.Shared.Tests.Wire;

public sealed class ServerMessageCodecTests
{
    private static readonly InodeAttributes Attributes = new()
    {
        Ino = new InodeId(1UL << 63),
        Mode = InodeAttributes.ModeOf(FileKind.File, 0x1A4),
        Uid = uint.MaxValue,
        Gid = 5,
        Nlink = 2,
        Size = long.MaxValue,
        MtimeNs = -1,
        CtimeNs = 2,
        AtimeNs = 3,
        Xattrs = 4,
        Content = 9,
    };

    public static TheoryData<ServerMessage> Messages() =>
    [
        new SessionOpened(new SessionId(Guid.NewGuid()), new Epoch(3), TimeSpan.FromSeconds(60), Guid.NewGuid(), true, 4096, true),
        new Reply(1, FsErrno.Ok),
        new Reply(2, FsErrno.KeyExpired),
        new Reply(3, FsErrno.NoEntry)
        {
            Changed = [Span(5, 1), Span(6, 8)],
            Attributes = [Attributes, Attributes with { Ino = new InodeId(4) }],
            Data = [1, 2, 3],
            Names = [[1], [], [2, 3]],
            Statistics = new FileSystemStatistics(1, 2, 3, 4, 5),
            Trash = [new TrashEntry(new TrashId(1000, 99, new InodeId(7)), new InodeAttributes { Ino = new InodeId(7), Mode = 0x81A4 }, new InodeId(5), [FileName.Create("a"), FileName.Create([0xFF])])],
            Version = new DirectoryVersion(12),
            IsLate = true,
        },
        new ReplyRun(5, 3, null, null),
        new ReplyRun(5, 3, (new InodeId(5), new DirectoryVersion(7)), Attributes with { Ino = new InodeId(70) }),
        new CapGrant(new InodeId(5), CapBits.All, 7, new DirectoryVersion(3), Attributes),
        new CapGrant(new InodeId(5), CapBits.All, 7, new DirectoryVersion(3), Attributes) { IsUnsettled = true },
        new CapRevoke(new InodeId(5), CapBits.Shared, 8),
        new DirectoryDelta(new InodeId(5), new DirectoryVersion(1), new DirectoryVersion(2), DeltaKind.Removed, FileName.Create("gone"), null),
        new DirectoryDelta(new InodeId(5), new DirectoryVersion(1), new DirectoryVersion(2), DeltaKind.Added, FileName.Create("here"), Attributes),
        new DirectoryDelta(new InodeId(5), new DirectoryVersion(1), new DirectoryVersion(2), DeltaKind.Self, default, Attributes),
        new DirectoryDelta(new InodeId(5), new DirectoryVersion(1), new DirectoryVersion(2), DeltaKind.Removed, FileName.Create("gone"), null) { IsShared = true },
        new PageMessage(4, [.. Enumerable.Range(0, 300).Select(i => (byte)i)]),
        new Recall(100),
        new Renewed(-7),
        new Reclaimed(),
        new SessionStale(),
        new SessionEvicted("no answer to a revoke"),
        new Told(12),
    ];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Decode_EncodedMessage_IsTheSame(ServerMessage message) => AssertRoundTrip([message]);

    [Fact]
    public void Messages_InTheTests_AreAllThereAre()
    {
        Type[] kinds = [.. typeof(ServerMessage).Assembly.GetTypes().Where(type => type.BaseType == typeof(ServerMessage))];
        Assert.Equal(kinds.OrderBy(kind => kind.Name), Messages().Select(row => row.Data.GetType()).Distinct().OrderBy(kind => kind.Name));
    }

    [Fact]
    public void Encode_BareSuccesses_MakeOneRun()
    {
        List<ServerMessage> messages = [.. Enumerable.Range(1, 50).Select(i => new Reply(i, FsErrno.Ok))];
        Protos.ServerFrame frame = Assert.Single(AssertRoundTrip(messages));
        Assert.Equal(50, Assert.Single(frame.Messages).ReplyRun.Count);
    }

    [Fact]
    public void Encode_SuccessesWithConsecutiveVersions_MakeOneRun()
    {
        List<ServerMessage> messages = [.. Enumerable.Range(1, 50).Select(i => Changed(i, Span(5, 100 + i)))];
        Protos.ServerFrame frame = Assert.Single(AssertRoundTrip(messages));
        Assert.Equal(50, Assert.Single(frame.Messages).ReplyRun.Count);
    }

    [Fact]
    public void Encode_WhatBreaksARun_StartsAnother()
    {
        List<ServerMessage> messages =
        [
            Changed(1, Span(5, 10)), Changed(2, Span(5, 11)),
            Changed(3, Span(5, 13)), Changed(4, Span(5, 14)),     // a gap in the versions
            Changed(5, Span(6, 15)), Changed(6, Span(6, 16)),     // another directory
            new Reply(7, FsErrno.Ok), new Reply(8, FsErrno.Ok),   // no versions
            new Reply(9, FsErrno.NoEntry),
            new Reply(10, FsErrno.Ok), new Reply(12, FsErrno.Ok), // a gap in the tids
            Changed(13, Span(6, 17), Span(7, 1)), Changed(14, new VersionSpan(new InodeId(6), new DirectoryVersion(18), new DirectoryVersion(20))),
            new Reply(15, FsErrno.Ok) { Data = [1] },
            new Reply(16, FsErrno.Ok) { Version = new DirectoryVersion(1) },
        ];
        Protos.ServerFrame frame = Assert.Single(AssertRoundTrip(messages));
        Assert.Equal(4, frame.Messages.Count(message => message.ReplyRun is not null));
        Assert.Equal(4 + 7, frame.Messages.Count);
    }

    [Fact]
    public void Encode_Pages_BoundsFramesByBytes()
    {
        List<ServerMessage> messages = [.. Enumerable.Range(1, 60).Select(i => new PageMessage(i, new byte[80_000]))];
        List<Protos.ServerFrame> frames = AssertRoundTrip(messages);
        Assert.Equal(5, frames.Count);
        Assert.All(frames, frame => Assert.InRange(frame.CalculateSize(), 1, FrameLimits.MaxBytes));
    }

    [Fact]
    public void Encode_ManyReplies_BoundsFramesByCount()
    {
        List<ServerMessage> messages = [.. Enumerable.Range(1, 9_000).Select(i => new Reply(i, FsErrno.Ok))];
        Assert.Equal(3, AssertRoundTrip(messages).Count);
    }

    [Fact]
    public void Encode_Page_WrapsItsBytes()
    {
        byte[] page = new byte[80_000];
        Protos.ServerFrame frame = Assert.Single(ServerMessageCodec.Encode([new PageMessage(1, page)]));
        Assert.True(frame.Messages[0].DirectoryPage.Page.Memory.Equals(page.AsMemory()));
        Assert.Same(page, Assert.IsType<PageMessage>(ServerMessageCodec.Decode(frame)[0]).Page);
    }

    [Fact]
    public void Encode_RunOfManyReplies_GoesOnInTheNextFrame()
    {
        ReplyRun run = new(5, 9_000, (new InodeId(5), new DirectoryVersion(7)), Attributes with { Ino = new InodeId(70) });
        Assert.Equal(3, AssertRoundTrip([new Renewed(1), run, new Renewed(2)]).Count);
    }

    [Fact]
    public void InPartsOf_Run_MeansTheSameReplies()
    {
        ReplyRun run = new(5, 1_100, (new InodeId(5), new DirectoryVersion(7)), Attributes with { Ino = new InodeId(70) });
        ReplyRun[] parts = [.. run.InPartsOf(512)];
        Assert.Equal([512, 512, 76], parts.Select(p => p.Count));
        Assert.Equal(RecordText.Of(OneByOne([run])), RecordText.Of(OneByOne(parts)));
    }

    private static VersionSpan Span(ulong dir, long from) => new(new InodeId(dir), new DirectoryVersion(from), new DirectoryVersion(from + 1));

    private static Reply Changed(long tid, params VersionSpan[] spans) => new(tid, FsErrno.Ok) { Changed = spans };

    private static IEnumerable<ServerMessage> OneByOne(IEnumerable<ServerMessage> messages) =>
        messages.SelectMany<ServerMessage, ServerMessage>(m => m is ReplyRun run ? Enumerable.Range(0, run.Count).Select(i => run[i]) : [m]);

    private static List<Protos.ServerFrame> AssertRoundTrip(IReadOnlyList<ServerMessage> messages)
    {
        List<Protos.ServerFrame> frames = ServerMessageCodec.Encode(messages);
        List<ServerMessage> decoded = [.. frames.SelectMany(frame => ServerMessageCodec.Decode(Protos.ServerFrame.Parser.ParseFrom(frame.ToByteArray())))];
        Assert.Equal(RecordText.Of(OneByOne(messages)), RecordText.Of(OneByOne(decoded)));
        return frames;
    }
}
