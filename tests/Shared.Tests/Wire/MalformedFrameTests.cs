using Capstan.Shared.Messages;
using Capstan.Shared.Protos;
using Capstan.Shared.Wire;
using Google.Protobuf;
using Address = Capstan.Shared.Protos.Address;
using ClientMessage = Capstan.Shared.Messages.ClientMessage;
using ReplyRun = Capstan.Shared.Protos.ReplyRun;

namespace Capstan.Shared.Tests.Wire;

/// <summary>Input of a peer that errs or lies: a request is answered by its tid, a senseless frame ends the connection, nothing else happens.</summary>
public sealed class MalformedFrameTests
{
    private static readonly Protos.Caller Root = new();

    public static TheoryData<Protos.Request, FsErrno> BadRequests() => new()
    {
        { With(r => r.Mkdir = new MkdirOp { Dir = 1, Name = Utf8("a/b") }), FsErrno.Invalid },
        { With(r => r.Mkdir = new MkdirOp { Dir = 1, Name = Utf8("a\0b") }), FsErrno.Invalid },
        { With(r => r.Mkdir = new MkdirOp { Dir = 1, Name = Utf8("..") }), FsErrno.Invalid },
        { With(r => r.Mkdir = new MkdirOp { Dir = 1 }), FsErrno.Invalid },
        { With(r => r.Mkdir = new MkdirOp { Dir = 1, Name = Utf8(new string('x', 256)) }), FsErrno.NameTooLong },
        { With(r => r.Mkdir = new MkdirOp { Dir = 1, Name = Utf8("a"), Mode = 0x1000 }), FsErrno.Invalid },
        { With(r => r.Unlink = new UnlinkOp { Dir = 1, Name = Utf8(".") }), FsErrno.Invalid },
        { With(r => r.Lookup = new LookupOp { Dir = 1, Names = { Utf8("ok"), Utf8("") } }), FsErrno.Invalid },
        { With(r => r.Lookup = new LookupOp { Dir = 1, Want = 1 << 9 }), FsErrno.Invalid },
        { With(r => r.Lookup = new LookupOp { Dir = 1, Names = { Enumerable.Repeat(Utf8("a"), 2049) } }), FsErrno.NameTooLong },
        { With(r => r.GetAttr = new GetAttrOp()), FsErrno.Invalid },
        { With(r => r.GetAttr = new GetAttrOp { Target = new Address() }), FsErrno.Invalid },
        { With(r => r.GetAttr = new GetAttrOp { Target = new Address { Name = Utf8("a"), Ino = 4 } }), FsErrno.Invalid },
        { With(r => r.GetAttr = new GetAttrOp { Target = new Address { Dir = 1, Ino = 4 } }), FsErrno.Invalid },
        { With(r => r.SetAttr = new SetAttrOp { Target = new Address { Ino = 4 }, Size = -1 }), FsErrno.Invalid },
        { With(r => r.SetAttr = new SetAttrOp { Target = new Address { Ino = 4 }, Mode = 0x81A4 }), FsErrno.Invalid },
        { With(r => r.Readdir = new ReaddirOp { Dir = 1, ByRank = true, Rank = -1 }), FsErrno.Invalid },
        { With(r => r.Readdir = new ReaddirOp { Dir = 1, Credits = -1 }), FsErrno.Invalid },
        { With(r => r.Readdir = new ReaddirOp { Dir = 1, Waited = -1 }), FsErrno.Invalid },
        { With(r => r.Readdir = new ReaddirOp { Dir = 1, IfVersion = -1 }), FsErrno.Invalid },
        { With(r => r.Readdir = new ReaddirOp { Dir = 1, After = Utf8("/") }), FsErrno.Invalid },
        { With(r => r.Symlink = new SymlinkOp { Dir = 1, Name = Utf8("a") }), FsErrno.NoEntry },
        { With(r => r.Symlink = new SymlinkOp { Dir = 1, Name = Utf8("a"), Target = Utf8(new string('x', 4096)) }), FsErrno.NameTooLong },
        { With(r => r.GetXattr = new GetXattrOp { Target = new Address { Ino = 4 } }), FsErrno.Range },
        { With(r => r.SetXattr = new SetXattrOp { Target = new Address { Ino = 4 }, Name = Utf8("a"), Mode = 3 }), FsErrno.Invalid },
        { With(r => r.SetXattr = new SetXattrOp { Target = new Address { Ino = 4 }, Name = Utf8("a"), Value = ByteString.CopyFrom(new byte[65537]) }), FsErrno.Range },
        { With(r => r.Caller = null), FsErrno.Invalid },
        { new Protos.Request { Tid = 7, Caller = Root }, FsErrno.NotSupported },
    };

    public static TheoryData<Protos.ClientMessage> SenselessClientMessages() =>
    [
        new Protos.ClientMessage(),
        new Protos.ClientMessage { Request = new Protos.Request { Caller = Root, StatFs = new StatFsOp() } },
        new Protos.ClientMessage { Request = new Protos.Request { Tid = -3, Caller = Root, StatFs = new StatFsOp() } },
        new Protos.ClientMessage { Request = new Protos.Request { Tid = 3, OldestTid = -1, Caller = Root, StatFs = new StatFsOp() } },
        Run(inos: 0),
        Run(inos: 3),
        Run(inos: 1),
        Run(inos: 2, cut: 1),
        Run(inos: 2, firstTid: 0),
        Run(inos: 2, firstTid: long.MaxValue),
        new Protos.ClientMessage { CreateRun = new CreateRun { FirstTid = 1, Caller = Root, Dir = 1 } },
        new Protos.ClientMessage { CreateRun = new CreateRun { FirstTid = 1, Caller = Root, Dir = 1, Names = ByteString.CopyFrom([2, (byte)'a']) } },
        new Protos.ClientMessage { CreateRun = new CreateRun { FirstTid = 1, Caller = Root, Dir = 1, Names = ByteString.CopyFrom([.. Enumerable.Repeat<byte[]>([1, (byte)'a'], FrameLimits.MaxMessages + 1).SelectMany(name => name)]) } },
        new Protos.ClientMessage { SessionOpen = new Protos.SessionOpen { SessionId = Utf8("short") } },
        new Protos.ClientMessage { SessionOpen = new Protos.SessionOpen { ClientName = new string('n', 1025) } },
        new Protos.ClientMessage { CapAck = new Protos.CapAck { Ino = 1, Seq = -1 } },
        new Protos.ClientMessage { CapAck = new Protos.CapAck { Ino = 1, Retained = 0xFFFF_FFFF } },
        new Protos.ClientMessage { Reclaim = new Protos.Reclaim { Caps = { new Protos.HeldCap { Ino = 1, Bits = 1 << 20 } } } },
        new Protos.ClientMessage { ReaddirCredit = new Protos.ReaddirCredit { Tid = 1, Credits = -4 } },
        new Protos.ClientMessage { ReaddirCredit = new Protos.ReaddirCredit { Tid = 1, Waited = -4 } },
    ];

    public static TheoryData<Protos.ServerMessage> SenselessServerMessages() =>
    [
        new Protos.ServerMessage(),
        new Protos.ServerMessage { Reply = new Protos.Reply() },
        new Protos.ServerMessage { Reply = new Protos.Reply { Tid = 1, Errno = -1 } },
        new Protos.ServerMessage { ReplyRun = new ReplyRun { FirstTid = 1 } },
        new Protos.ServerMessage { ReplyRun = new ReplyRun { FirstTid = 1, Count = int.MaxValue } },
        new Protos.ServerMessage { ReplyRun = new ReplyRun { FirstTid = 1, Count = -1 } },
        new Protos.ServerMessage { ReplyRun = new ReplyRun { FirstTid = 1, Count = 2, Versions = true, From = long.MaxValue } },
        new Protos.ServerMessage { ReplyRun = new ReplyRun { FirstTid = 1, Count = 2, Attributes = new Protos.Attributes { Ino = ulong.MaxValue } } },
        new Protos.ServerMessage { CapGrant = new Protos.CapGrant { Ino = 1 } },
        new Protos.ServerMessage { DirectoryDelta = new Protos.DirectoryDelta { Dir = 1, To = 1, Kind = 4, Name = Utf8("a") } },
        new Protos.ServerMessage { DirectoryDelta = new Protos.DirectoryDelta { Dir = 1, To = 1, Kind = 2, Name = Utf8("a") } },
        new Protos.ServerMessage { DirectoryDelta = new Protos.DirectoryDelta { Dir = 1, To = 1, Kind = 1, Name = Utf8("a/b") } },
        new Protos.ServerMessage { SessionOpened = new Protos.SessionOpened { MaxInFlight = 1 } },
        new Protos.ServerMessage { Recall = new Protos.Recall { Target = -1 } },
    ];

    [Theory]
    [MemberData(nameof(BadRequests))]
    public void Decode_RequestWithBadField_KeepsItsTidAndTellsTheErrno(Protos.Request request, FsErrno expected)
    {
        ClientMessage decoded = Assert.Single(ClientMessageCodec.Decode(new ClientFrame { Messages = { new Protos.ClientMessage { Request = request } } }));
        Messages.Request answerable = Assert.IsType<Messages.Request>(decoded);
        Assert.Equal(7, answerable.Tid);
        Assert.Equal(expected, Assert.IsType<MalformedOperation>(answerable.Operation).Errno);
        Assert.False(answerable.Operation.IsMutation);
    }

    [Theory]
    [MemberData(nameof(SenselessClientMessages))]
    public void Decode_SenselessClientMessage_EndsTheConnection(Protos.ClientMessage message)
    {
        WireException e = Assert.Throws<WireException>(() => ClientMessageCodec.Decode(new ClientFrame { Messages = { message } }));
        Assert.Equal(Grpc.Core.StatusCode.InvalidArgument, e.ToRpcException().StatusCode);
    }

    [Theory]
    [MemberData(nameof(SenselessServerMessages))]
    public void Decode_SenselessServerMessage_EndsTheConnection(Protos.ServerMessage message) =>
        Assert.Throws<WireException>(() => ServerMessageCodec.Decode(new ServerFrame { Messages = { message } }));

    [Fact]
    public void Decode_RunWithABadName_OnlyThatTidIsMalformed()
    {
        UnlinkRun run = new() { FirstTid = 5, Caller = Root, Dir = 1, Names = ByteString.CopyFrom([1, (byte)'a', 1, (byte)'/', 0, 1, (byte)'b']), Inos = { 1, 2, 3, 4 } };
        List<ClientMessage> decoded = ClientMessageCodec.Decode(new ClientFrame { Messages = { new Protos.ClientMessage { UnlinkRun = run } } });
        Assert.Equal([5, 6, 7, 8], decoded.Cast<Messages.Request>().Select(request => request.Tid));
        Assert.Equal([false, true, true, false], decoded.Cast<Messages.Request>().Select(request => request.Operation is MalformedOperation));
    }

    [Fact]
    public void Decode_RunOfCreatesWithABadName_OnlyThatTidIsMalformed()
    {
        UnlinkRun moves = new() { FirstTid = 5, Caller = Root, Dir = 1, Names = ByteString.CopyFrom([1, (byte)'a', 1, (byte)'b']), Inos = { 7, 0 } };
        List<ClientMessage> moved = ClientMessageCodec.Decode(new ClientFrame { Messages = { new Protos.ClientMessage { TrashRun = moves } } });
        Assert.Equal([false, true], moved.Cast<Messages.Request>().Select(r => r.Operation is MalformedOperation { Errno: FsErrno.Invalid }));

        CreateRun run = new() { FirstTid = 5, Caller = Root, Dir = 1, Names = ByteString.CopyFrom([1, (byte)'a', 2, (byte)'.', (byte)'.', 1, (byte)'b']) };
        List<ClientMessage> decoded = ClientMessageCodec.Decode(new ClientFrame { Messages = { new Protos.ClientMessage { CreateRun = run } } });
        Assert.Equal([false, true, false], decoded.Cast<Messages.Request>().Select(request => request.Operation is MalformedOperation));
        run.Mode = 0x81A4;
        decoded = ClientMessageCodec.Decode(new ClientFrame { Messages = { new Protos.ClientMessage { CreateRun = run } } });
        Assert.All(decoded.Cast<Messages.Request>(), request => Assert.IsType<MalformedOperation>(request.Operation));
    }

    [Fact]
    public void Decode_RunWithoutCaller_IsNotRoots()
    {
        UnlinkRun run = new() { FirstTid = 5, Dir = 1, Names = ByteString.CopyFrom([1, (byte)'a']), Inos = { 1 } };
        Messages.Request request = Assert.IsType<Messages.Request>(
            Assert.Single(ClientMessageCodec.Decode(new ClientFrame { Messages = { new Protos.ClientMessage { UnlinkRun = run } } })));
        Assert.IsType<MalformedOperation>(request.Operation);
        Assert.NotEqual(0u, request.Caller.Uid);
    }

    [Fact]
    public void Decode_MoreMessagesThanAFrameMayHold_EndsTheConnection()
    {
        UnlinkRun run = new() { FirstTid = 1, Caller = Root, Dir = 1 };
        run.Inos.AddRange(Enumerable.Repeat(1UL, FrameLimits.MaxMessages));
        run.Names = ByteString.CopyFrom([.. Enumerable.Repeat<byte[]>([1, (byte)'a'], FrameLimits.MaxMessages).SelectMany(name => name)]);
        ClientFrame frame = new() { Messages = { new Protos.ClientMessage { UnlinkRun = run } } };
        Assert.Equal(FrameLimits.MaxMessages, Assert.IsType<RequestRun>(Assert.Single(ClientMessageCodec.Decode(frame))).Count);
        frame.Messages.Add(new Protos.ClientMessage { SessionClose = new Protos.SessionClose() });
        Assert.Throws<WireException>(() => ClientMessageCodec.Decode(frame));
    }

    [Fact]
    public void Decode_UnknownErrno_IsKept()
    {
        Messages.ServerMessage reply = Assert.Single(ServerMessageCodec.Decode(
            new ServerFrame { Messages = { new Protos.ServerMessage { Reply = new Protos.Reply { Tid = 1, Errno = 95 } } } }));
        Assert.Equal(95, (int)Assert.IsType<Messages.Reply>(reply).Errno);
    }

    private static Protos.Request With(Action<Protos.Request> set)
    {
        Protos.Request request = new() { Tid = 7, OldestTid = 1, Caller = Root, StatFs = new StatFsOp() };
        set(request);
        return request;
    }

    /// <summary>A run of the names "a" and "bc".</summary>
    private static Protos.ClientMessage Run(int inos, int cut = 0, long firstTid = 1)
    {
        byte[] names = [1, (byte)'a', 2, (byte)'b', (byte)'c'];
        UnlinkRun run = new() { FirstTid = firstTid, Caller = Root, Dir = 1, Names = ByteString.CopyFrom(names, 0, names.Length - cut) };
        run.Inos.AddRange(Enumerable.Range(1, inos).Select(i => (ulong)i));
        return new Protos.ClientMessage { UnlinkRun = run };
    }

    private static ByteString Utf8(string text) => ByteString.CopyFromUtf8(text);
}
