using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;
using Google.Protobuf;
using Grpc.Core;
using Protos = Capstan.Shared.Protos;

namespace Capstan.Integration.Tests.BadInput;

/// <summary>Gateways that do not keep to the rules, speaking the wire by hand: each costs only itself, and a bystander's work goes on.</summary>
public sealed class LyingGatewayTests(SharedMds shared) : IClassFixture<SharedMds>
{
    private static Protos.ClientMessage Create(long tid, InodeId dir, string name, bool retry = false) => new()
    {
        Request = new Protos.Request
        {
            Tid = tid,
            OldestTid = 1,
            Retry = retry,
            Caller = RawSession.Root,
            Create = new Protos.CreateOp { Dir = dir.Value, Name = ByteString.CopyFromUtf8(name), Mode = 0x1A4, Exclusive = true },
        },
    };

    [Fact]
    public async Task Tid_RepeatedWithAnotherBody_GetsTheFirstAnswerAndTheSecondBodyIsNeverRun()
    {
        InodeId dir = await shared.DirectoryAsync();
        await using RawSession liar = await RawSession.OpenAsync(shared.Address);
        await liar.SendAsync(Create(5, dir, "first"));
        ulong ino = (await liar.ReplyAsync(5, "create")).Attributes[0].Ino;
        await liar.SendAsync(Create(5, dir, "second", retry: true));
        await Eventually.TrueAsync(() => liar.Count(m => m.Reply?.Tid == 5) == 2, "the answer of the repeat");
        Assert.Equal(2, liar.Count(m => m.Reply is { Tid: 5, Errno: 0 } reply && reply.Attributes[0].Ino == ino));
        Assert.Equal(["first"], (await shared.Bystander.Client.ListAsync(dir)).Names());
        await shared.AssertAliveAsync(liar);
    }

    [Fact]
    public async Task Tids_OutOfOrder_AreRunAsTheyComeAndAnsweredEach()
    {
        InodeId dir = await shared.DirectoryAsync();
        await using RawSession liar = await RawSession.OpenAsync(shared.Address);
        long[] tids = [900, 7, long.MaxValue, 8, 899];
        await liar.SendAsync([.. tids.Select(tid => Create(tid, dir, $"t{tid}"))]);
        foreach (long tid in tids)
            Assert.Equal(0, (await liar.ReplyAsync(tid, "create")).Errno);
        Assert.Equal(tids.Select(tid => $"t{tid}").Order(StringComparer.Ordinal), (await shared.Bystander.Client.ListAsync(dir)).Names());
        await shared.AssertAliveAsync(liar);
    }

    [Fact]
    public async Task TidBelowTheOldest_IsRunOnceAndRemembersNothing()
    {
        InodeId dir = await shared.DirectoryAsync();
        await using RawSession liar = await RawSession.OpenAsync(shared.Address);
        Protos.ClientMessage create = Create(3, dir, "low");
        create.Request.OldestTid = 1000;
        await liar.SendAsync(create);
        Assert.Equal(0, (await liar.ReplyAsync(3, "create")).Errno);
        await liar.SendAsync(Create(3, dir, "low", retry: true));
        await Eventually.TrueAsync(() => liar.Count(m => m.Reply is { Tid: 3, Errno: (int)FsErrno.Exists }) == 1, "the refusal of the repeat");
        await shared.AssertAliveAsync(liar);
    }

    [Fact]
    public async Task Release_WithAnOldSeq_TakesNothingBack()
    {
        InodeId dir = await shared.Bystander.Client.FillAsync("oldseq", 1);
        await using RawSession liar = await RawSession.OpenAsync(shared.Address);
        await liar.CallAsync(r => r.Readdir = new Protos.ReaddirOp { Dir = dir.Value, Credits = 1, Want = (uint)CapBits.Shared });
        long seq = (await liar.ReceiveAsync(m => m.CapGrant?.Ino == dir.Value, "a grant")).CapGrant.Seq;
        await liar.SendAsync(new Protos.ClientMessage { CapRelease = new Protos.CapRelease { Ino = dir.Value, Seq = seq - 1 } });
        await shared.Bystander.Client.CreateFile(Caller.Root, dir, "new".Name(), 0x1A4).Ok();
        // It still holds the directory: it is told.
        await liar.ReceiveAsync(m => m.DirectoryDelta is { } delta && delta.Dir == dir.Value && delta.Name.ToStringUtf8() == "new", "the delta");
        await shared.AssertAliveAsync(liar);
    }

    [Fact]
    public async Task Acks_AheadOfWhatWasTold_DoNotLetLaterWritersGo()
    {
        InodeId dir = await shared.Bystander.Client.FillAsync("ahead", 1);
        await using RawSession liar = await StrictAsync();
        await liar.CallAsync(r => r.Readdir = new Protos.ReaddirOp { Dir = dir.Value, Credits = 1, Want = (uint)CapBits.Shared });
        await liar.SendAsync(new Protos.ClientMessage { DeltaAck = new Protos.DeltaAck { Dir = dir.Value, Version = long.MaxValue } });
        await liar.CallAsync(r => r.StatFs = new Protos.StatFsOp()); // It has been taken: later it would be an ack of what follows.
        PendingOperation create = shared.Bystander.Client.CreateFile(Caller.Root, dir, "held".Name(), 0x1A4);
        Protos.DirectoryDelta delta = (await liar.ReceiveAsync(m => m.DirectoryDelta is { } d && d.Dir == dir.Value, "the delta")).DirectoryDelta;
        Assert.False(create.Completion.IsCompleted);
        await liar.SendAsync(new Protos.ClientMessage { DeltaAck = new Protos.DeltaAck { Dir = dir.Value, Version = delta.To } });
        await create.Ok();
    }

    [Fact]
    public async Task Ack_OfWhatItDoesNotHold_GivesItNothingAndTakesNothingFromItsHolder()
    {
        InodeId dir = await shared.DirectoryAsync();
        await using RawSession holder = await RawSession.OpenAsync(shared.Address);
        await holder.CallAsync(r => r.Readdir = new Protos.ReaddirOp { Dir = dir.Value, Credits = 1, Want = (uint)CapBits.All });
        long seq = (await holder.ReceiveAsync(m => m.CapGrant?.Ino == dir.Value, "a grant")).CapGrant.Seq;
        await using RawSession liar = await RawSession.OpenAsync(shared.Address);
        await liar.SendAsync(new Protos.ClientMessage { CapAck = new Protos.CapAck { Ino = dir.Value, Seq = seq, Retained = (uint)CapBits.All } });
        await liar.SendAsync(new Protos.ClientMessage { DeltaAck = new Protos.DeltaAck { Dir = dir.Value, Version = 1 } });
        await liar.SendAsync(new Protos.ClientMessage { CapRelease = new Protos.CapRelease { Ino = dir.Value, Seq = seq } });
        // Its holder may still change the directory ahead of its reply: another's request has to ask for it back.
        await liar.SendAsync(Create(500, dir, "waits"));
        Protos.CapRevoke revoke = (await holder.ReceiveAsync(m => m.CapRevoke?.Ino == dir.Value, "the revoke")).CapRevoke;
        Assert.Equal(0, liar.Count(m => m.Reply?.Tid == 500 || m.CapGrant?.Ino == dir.Value));
        await holder.SendAsync(new Protos.ClientMessage { CapAck = new Protos.CapAck { Ino = dir.Value, Seq = revoke.Seq, Retained = (uint)CapBits.Shared } });
        Assert.Equal(0, (await liar.ReplyAsync(500, "create")).Errno);
        await shared.AssertAliveAsync(liar);
    }

    [Fact]
    public async Task Deltas_NeverAcked_ByOneThatRenews_EndThatSessionAndTheWriterIsAnswered()
    {
        await using Rig rig = await Rig.StartAsync(o => o with { Lease = o.RevokeTimeout * 4 });
        IFileSystemClient writer = (await rig.GatewayAsync()).Client;
        InodeId dir = await writer.FillAsync("d", 1);
        await using RawSession liar = await RawSession.OpenAsync(rig.Address, strict: true);
        await liar.CallAsync(r => r.Readdir = new Protos.ReaddirOp { Dir = dir.Value, Credits = 1, Want = (uint)CapBits.Shared });
        PendingOperation create = writer.CreateFile(Caller.Root, dir, "held".Name(), 0x1A4);
        await liar.ReceiveAsync(m => m.DirectoryDelta is { } d && d.Dir == dir.Value && d.Name.ToStringUtf8() == "held", "the delta");
        await liar.SendAsync(new Protos.ClientMessage { Renew = new Protos.Renew { OldestTid = 1, SentAt = 1 } });
        await rig.PassAsync(rig.Options.RevokeTimeout, writer);
        await create.Ok();
        Protos.ServerMessage last = await liar.ReceiveAsync(m => m.SessionEvicted is not null, "the eviction");
        Assert.Contains("acknowledged", last.SessionEvicted.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flood_BeyondTheCredit_EndsThatSessionWithWordsAndNobodyElses()
    {
        await using RawSession liar = await RawSession.OpenAsync(shared.Address);
        await using RawSession keeper = await RawSession.OpenAsync(shared.Address);
        // Held exclusively by one that does not give it back: each request of the flood has to wait.
        InodeId kept = await shared.DirectoryAsync();
        await keeper.CallAsync(r => r.Readdir = new Protos.ReaddirOp { Dir = kept.Value, Credits = 1, Want = (uint)CapBits.All });
        Assert.Equal((uint)CapBits.All, (await keeper.ReceiveAsync(m => m.CapGrant?.Ino == kept.Value, "a grant")).CapGrant.Bits);
        long tid = 1;
        for (int frame = 0; frame < 40; frame++)
        {
            if (!await TrySendAsync(liar, [.. Enumerable.Range(0, 2000).Select(_ => Create(tid++, kept, "flood"))]))
                break;
        }
        Protos.ServerMessage last = await liar.ReceiveAsync(m => m.SessionEvicted is not null, "the eviction");
        Assert.Contains("credit", last.SessionEvicted.Reason, StringComparison.Ordinal);
        await shared.AssertAliveAsync(keeper);
    }

    [Fact]
    public async Task Reclaim_OfWhatAnotherHolds_IsGivenNothing()
    {
        InodeId dir = await shared.DirectoryAsync();
        await using RawSession holder = await RawSession.OpenAsync(shared.Address);
        await holder.CallAsync(r => r.Readdir = new Protos.ReaddirOp { Dir = dir.Value, Credits = 1, Want = (uint)CapBits.All });
        await using RawSession liar = await RawSession.OpenAsync(shared.Address);
        await liar.SendAsync(new Protos.ClientMessage { Reclaim = new Protos.Reclaim { Caps = { new Protos.HeldCap { Ino = dir.Value, Bits = (uint)CapBits.All, Version = 1 } } } });
        await liar.ReceiveAsync(m => m.Reclaimed is not null, "the end of the reclaim");
        Assert.Equal(0, liar.Count(m => m.CapGrant is not null));
        Assert.Equal(0, holder.Count(m => m.CapRevoke is not null));
    }

    [Fact]
    public async Task SessionId_Guessed_GetsASessionOfItsOwnAndTheOthersStays()
    {
        await using RawSession honest = await RawSession.OpenAsync(shared.Address);
        byte[] guess = honest.Id.ToByteArray();
        guess[0] ^= 1;
        await using RawSession liar = await RawSession.OpenAsync(shared.Address, ByteString.CopyFrom(guess));
        Assert.False(liar.Opened.Resumed);
        Assert.NotEqual(honest.Id, liar.Id);
        await shared.AssertAliveAsync(honest);
    }

    private static async Task<bool> TrySendAsync(RawSession session, Protos.ClientMessage[] messages)
    {
        try
        {
            await session.SendAsync(messages);
            return true;
        }
        catch (Exception e) when (e is RpcException or IOException or InvalidOperationException)
        {
            return false; // It was ended while it spoke.
        }
    }

    private Task<RawSession> StrictAsync() => RawSession.OpenAsync(shared.Address, strict: true);
}
