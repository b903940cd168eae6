using System.Net.Sockets;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;
using Google.Protobuf;
using Grpc.Core;
using Protos = Capstan.Shared.Protos;

namespace Capstan.Integration.Tests;

/// <summary>A conversation that does not go as it should: wrong beginnings, wrong sizes, caps that nobody has, somebody else's session.</summary>
public sealed class BrokenConversationTests(SharedMds shared) : IClassFixture<SharedMds>
{
    private static Protos.ClientMessage Open(uint protocol = 1) => new() { SessionOpen = new Protos.SessionOpen { ClientName = Guid.NewGuid().ToString(), Protocol = protocol } };

    private static Protos.ClientMessage Request(long tid, Action<Protos.Request> body, bool retry = false)
    {
        Protos.Request request = new() { Tid = tid, OldestTid = 1, Retry = retry, Caller = RawSession.Root };
        body(request);
        return new Protos.ClientMessage { Request = request };
    }

    [Fact]
    public async Task FirstMessage_IsNoSessionOpen_EndsTheStreamWithWords()
    {
        await using RawSession session = RawSession.Connect(shared.Address);
        // What comes behind it in the same frame does not count.
        await session.SendAsync(Request(1, r => r.Mkdir = new Protos.MkdirOp { Dir = 1, Name = ByteString.CopyFromUtf8("never") }), Open());
        Status status = await session.EndAsync();
        Assert.Equal(StatusCode.Aborted, status.StatusCode);
        Assert.Contains("SessionOpen", status.Detail, StringComparison.Ordinal);
        Assert.Equal(0, session.Count(m => m.SessionOpened is not null));
        Assert.DoesNotContain("never", (await shared.Bystander.Client.ListAsync(InodeId.Root)).Names());
        await shared.AssertAliveAsync();
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(2u)]
    [InlineData(uint.MaxValue)]
    public async Task SessionOpen_AnotherProtocol_EndsTheStreamAndNamesBoth(uint protocol)
    {
        await using RawSession session = RawSession.Connect(shared.Address);
        await session.SendAsync(Open(protocol));
        Status status = await session.EndAsync();
        Assert.Equal(StatusCode.Aborted, status.StatusCode);
        Assert.Contains($"protocol 1, not {protocol}", status.Detail, StringComparison.Ordinal);
        await shared.AssertAliveAsync();
    }

    [Fact]
    public async Task SessionOpen_SecondOnAStream_EndsThatSessionAlone()
    {
        await using RawSession session = await RawSession.OpenAsync(shared.Address);
        await session.SendAsync(Open());
        Protos.ServerMessage evicted = await session.ReceiveAsync(m => m.SessionEvicted is not null, "an eviction");
        Assert.Contains("once", evicted.SessionEvicted.Reason, StringComparison.Ordinal);
        Assert.Equal(StatusCode.Aborted, (await session.EndAsync()).StatusCode);
        await shared.AssertAliveAsync();
    }

    [Theory]
    [InlineData("no id at all", 3)]
    [InlineData("too long an id", 17)]
    public async Task SessionOpen_IdOfWrongLength_EndsTheStream(string what, int length)
    {
        await using RawSession session = RawSession.Connect(shared.Address);
        Protos.ClientMessage open = Open();
        open.SessionOpen.SessionId = ByteString.CopyFrom(new byte[length]);
        await session.SendAsync(open);
        Status status = await session.EndAsync();
        Assert.True(status.StatusCode == StatusCode.InvalidArgument, $"{what}: {status}");
        await shared.AssertAliveAsync();
    }

    [Fact]
    public async Task SessionOpen_UnknownId_GetsANewSession()
    {
        ByteString unknown = ByteString.CopyFrom(Guid.NewGuid().ToByteArray());
        await using RawSession session = await RawSession.OpenAsync(shared.Address, unknown);
        Assert.NotEqual(unknown, session.Id);
        Assert.False(session.Opened.Resumed);
        await shared.AssertAliveAsync(session);
    }

    [Fact]
    public async Task SessionOpen_IdOfALivingSession_TakesItsPlaceAndTheOlderConnectionEnds()
    {
        await using RawSession first = await RawSession.OpenAsync(shared.Address);
        await using RawSession second = await RawSession.OpenAsync(shared.Address, first.Id);
        Assert.True(second.Opened.Resumed);
        Status status = await first.EndAsync();
        Assert.Equal(StatusCode.Aborted, status.StatusCode);
        Assert.Contains("another connection", status.Detail, StringComparison.Ordinal);
        await shared.AssertAliveAsync(second);
    }

    [Fact]
    public async Task Message_Of64MiB_EndsTheStreamAndNothingElse()
    {
        RawSession session = await RawSession.OpenAsync(shared.Address);
        // Framed by hand: our own client would refuse to send it.
        using HttpClient http = new() { DefaultRequestVersion = new Version(2, 0), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        byte[] message = [0, 4, 0, 0, 0, .. new byte[64 << 20]];
        using HttpRequestMessage request = new(HttpMethod.Post, $"{shared.Address}/capstan.v1.Metadata/Session") { Content = new ByteArrayContent(message) };
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        string outcome;
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request).Soon();
            await response.Content.ReadAsByteArrayAsync().Soon();
            outcome = string.Join(',', response.TrailingHeaders.Concat(response.Headers).Where(h => h.Key == "grpc-status").SelectMany(h => h.Value));
        }
        catch (HttpRequestException)
        {
            outcome = "8"; // Reset while it was still sending.
        }
        Assert.Equal("8", outcome); // RESOURCE_EXHAUSTED
        await shared.AssertAliveAsync(session);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task Port_Garbage_IsClosedAndTheSessionsGoOn()
    {
        byte[] random = new byte[100_000];
        new Random(42).NextBytes(random);
        byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();
        foreach (byte[] garbage in new byte[][] { random, new byte[1000], "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), [.. preface, .. random], [.. preface, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 1] })
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync("127.0.0.1", shared.Mds.Port);
            await ReadToEndAsync(socket, garbage).Soon();
        }
        await shared.AssertAliveAsync();
    }

    [Fact]
    public async Task Caps_NotHeld_AckedReleasedAndReclaimed_ChangeNothing()
    {
        InodeId dir = await shared.Bystander.Client.FillAsync("caps", 10);
        using IDirectoryView view = (await shared.Bystander.Client.OpenDirectoryAsync(Caller.Root, dir).Soon()).Ok();
        Assert.Equal(CapBits.All, shared.Bystander.Client.Caps(dir));
        await using RawSession session = await RawSession.OpenAsync(shared.Address);
        await session.SendAsync([.. new[] { dir.Value, 1ul, 0ul, ulong.MaxValue }.SelectMany(ino => new Protos.ClientMessage[]
        {
            new() { CapAck = new Protos.CapAck { Ino = ino, Seq = 1, Retained = 511 } },
            new() { CapAck = new Protos.CapAck { Ino = ino, Seq = long.MaxValue, Retained = 0 } },
            new() { CapRelease = new Protos.CapRelease { Ino = ino, Seq = 1 } },
            new() { DeltaAck = new Protos.DeltaAck { Dir = ino, Version = long.MaxValue } },
            new() { Reclaim = new Protos.Reclaim { Caps = { new Protos.HeldCap { Ino = ino, Bits = 511, Version = 1 } } } },
        })]);
        await shared.AssertAliveAsync(session);
        // A cap that was only claimed is not given: another holds the directory exclusively.
        Assert.Equal(0, session.Count(m => m.CapGrant is { } grant && grant.Ino == dir.Value));
        Assert.Equal(CapBits.All, shared.Bystander.Client.Caps(dir));
        PendingOperation removal = shared.Bystander.Client.Remove(Caller.Root, dir, (await view.ListAsync())[0].Entry);
        Assert.True(removal.IsAsynchronous);
        await removal.Ok();
    }

    [Fact]
    public async Task Cap_Held_AckedWithWhatWasNeverIssued_GivesNoMore()
    {
        InodeId dir = await shared.DirectoryAsync();
        await using RawSession session = await RawSession.OpenAsync(shared.Address);
        await session.CallAsync(r => r.Readdir = new Protos.ReaddirOp { Dir = dir.Value, Credits = 1, Want = (uint)CapBits.Fs });
        Protos.CapGrant grant = (await session.ReceiveAsync(m => m.CapGrant?.Ino == dir.Value, "a grant")).CapGrant;
        Assert.Equal((uint)CapBits.Fs, grant.Bits);
        await session.SendAsync(new Protos.ClientMessage { CapAck = new Protos.CapAck { Ino = dir.Value, Seq = grant.Seq, Retained = 511 } });
        // Were it taken for exclusive, another session would have to wait for it.
        await shared.Bystander.Client.CreateFile(Caller.Root, dir, "free".Name(), 0x1A4).Ok();
        await session.SendAsync(new Protos.ClientMessage { CapRelease = new Protos.CapRelease { Ino = dir.Value, Seq = grant.Seq - 1 } }, new Protos.ClientMessage { CapRelease = new Protos.CapRelease { Ino = dir.Value, Seq = grant.Seq } }, new Protos.ClientMessage { CapRelease = new Protos.CapRelease { Ino = dir.Value, Seq = grant.Seq } });
        await shared.AssertAliveAsync(session);
    }

    [Fact]
    public async Task Tid_Repeated_IsExecutedOnceAndAnsweredAgain()
    {
        ulong dir = (await shared.DirectoryAsync()).Value;
        await using RawSession session = await RawSession.OpenAsync(shared.Address);
        Action<Protos.Request> create = r => r.Create = new Protos.CreateOp { Dir = dir, Name = ByteString.CopyFromUtf8("once"), Mode = 0x1A4, Exclusive = true };
        await session.SendAsync(Request(100, create));
        ulong ino = (await session.ReplyAsync(100, "create")).Attributes[0].Ino;
        await session.SendAsync(Request(100, create, retry: true), Request(100, create, retry: true));
        await Eventually.TrueAsync(() => session.Count(m => m.Reply?.Tid == 100) == 3, "three replies to one tid");
        Assert.Equal(3, session.Count(m => m.Reply is { Tid: 100, Errno: 0 } reply && reply.Attributes[0].Ino == ino));
        // A tid that is used twice for two things: the second is a request of its own, and the server lives.
        await session.SendAsync(Request(100, create));
        await Eventually.TrueAsync(() => session.Count(m => m.Reply is { Tid: 100, Errno: (int)FsErrno.Exists }) == 1, "the refusal of a second create");
        Assert.Equal(["once"], (await shared.Bystander.Client.ListAsync(new InodeId(dir))).Names());
        await shared.AssertAliveAsync(session);
    }

    private static async Task ReadToEndAsync(Socket socket, byte[] garbage)
    {
        byte[] buffer = new byte[4096];
        try
        {
            await socket.SendAsync(garbage);
            socket.Shutdown(SocketShutdown.Send);
            while (await socket.ReceiveAsync(buffer) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Reset: closed too.
        }
    }
}
