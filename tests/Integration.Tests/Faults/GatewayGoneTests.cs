using Capstan.ClientGateway;
using Capstan.Mds;
using Capstan.Shared;
using Capstan.TestKit;
using Google.Protobuf;
using Grpc.Core;
using Protos = Capstan.Shared.Protos;

namespace Capstan.Integration.Tests;

/// <summary>A gateway that is gone without a goodbye holds others up no longer than its lease.</summary>
public sealed class GatewayGoneTests
{
    /// <summary>It is the lease that ends, and not the MDS's patience with a revoke.</summary>
    private static MdsOptions WithPatience(MdsOptions options) => options with { RevokeTimeout = options.Lease * 4 };

    /// <summary>The other way round.</summary>
    private static MdsOptions WithLongLease(MdsOptions options) => options with { Lease = options.RevokeTimeout * 4 };

    [Fact]
    public async Task Gateway_GoneWithoutGoodbye_OthersGetThroughAfterItsLease()
    {
        await using Rig rig = await Rig.StartAsync(WithPatience, onTcp: true);
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(rig.Port, TimeSpan.Zero);
        IFileSystemClient gone = (await rig.GatewayAsync(through: link)).Client;
        IFileSystemClient other = (await rig.GatewayAsync()).Client;
        InodeId dir = await gone.FillAsync("held", 50);
        await gone.HoldAsync(dir);

        link.RefusesNew = true;
        link.CutAll();
        PendingOperation create = other.CreateFile(Caller.Root, dir, "through".Name(), 0x1A4);
        await other.CreateFile(Caller.Root, InodeId.Root, "elsewhere".Name(), 0x1A4).Ok();
        Assert.False(create.Completion.IsCompleted); // Parked behind the promise that Du is.
        await rig.PassAsync(rig.Options.Lease, other);
        await create.Ok();
        Assert.Equal(51, (await other.ListAsync(dir)).Count);
        // What is not there any more is not believed any more, not even by itself.
        Assert.Equal(CapBits.None, gone.Caps(dir) & CapBits.Exclusive & (gone.Snapshot().Session.LeaseRemaining > TimeSpan.Zero ? CapBits.All : CapBits.None));

        link.RefusesNew = false;
        await Eventually.TrueAsync(() => gone.Snapshot().Session.State == SessionState.Open, "the lost gateway's return");
        await Eventually.TrueAsync(() => gone.ListAsync(dir).GetAwaiter().GetResult().Count == 51, "the listing of now");
        await rig.StopAndCheckAsync();
    }

    [Fact]
    public async Task Gateway_KilledWithDeletesOnTheirWay_ThoseReceivedAreDoneAndTheTreeIsWhole()
    {
        await using Rig rig = await Rig.StartAsync(WithPatience, onTcp: true);
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(rig.Port, TimeSpan.Zero);
        IFileSystemClient gone = (await rig.GatewayAsync(o => o with { MaxInFlight = 300 }, link)).Client;
        IFileSystemClient other = (await rig.GatewayAsync()).Client;
        BulkWork work = await BulkWork.PrepareAsync(gone);
        link.RoundTrip = TimeSpan.FromMilliseconds(20);
        await work.StartAsync(done: 1000);
        link.RefusesNew = true;
        link.CutAll();
        int done = work.Job.Done;
        await rig.PassAsync(rig.Options.Lease, other);
        List<DirectoryRow> rows = await other.ListAsync(work.Directory);
        int left = rows.Count - BulkWork.Kept;
        Assert.InRange(BulkWork.Deleted - left, done, done + 300);
        // In order: what is gone is a prefix of what was asked for.
        Assert.Equal(Enumerable.Range(BulkWork.Deleted - left, left + BulkWork.Kept).Select(i => $"file-{i:D5}"), rows.Names());
        await rig.StopAndCheckAsync();
    }

    [Fact]
    public async Task Gateway_StartedAnewUnderItsName_EndsItsOlderSessionAtOnce()
    {
        // Who had to wait for the lease would not be there before every wait of a test has given up.
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync(lease: 600);
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        IFileSystemClient old = (await mds.GatewayAsync(o => o with { ClientName = "web" }, link)).Client;
        InodeId dir = await old.FillAsync("held", 50);
        await old.ListAsync(dir);
        link.RefusesNew = true;
        link.CutAll();
        IFileSystemClient anew = (await mds.GatewayAsync(o => o with { ClientName = "web" })).Client;
        await anew.CreateFile(Caller.Root, dir, "through".Name(), 0x1A4).Ok();
        Assert.Equal(51, (await anew.ListAsync(dir)).Count);
        Assert.Equal(CapBits.All, anew.Caps(dir));
    }

    /// <summary>On the wire: what the older session holds is given up at once, what it had waiting is dropped, and what it still says is refused.</summary>
    [Fact]
    public async Task Session_OfTheSameName_EndsTheOlderOneAndNothingOfItIsDoneAfterwards()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync(lease: 600);
        await using RawSession holder = await RawSession.OpenAsync(mds.Address), dead = await RawSession.OpenAsync(mds.Address, name: "web");
        ulong Made(Protos.Reply reply) => reply.Attributes[0].Ino;
        ulong kept = Made(await holder.CallAsync(r => r.Mkdir = new Protos.MkdirOp { Dir = 1, Name = ByteString.CopyFromUtf8("kept"), Mode = 0x1FF }));
        ulong own = Made(await dead.CallAsync(r => r.Mkdir = new Protos.MkdirOp { Dir = 1, Name = ByteString.CopyFromUtf8("own"), Mode = 0x1FF }));
        await holder.CallAsync(r => r.Readdir = new Protos.ReaddirOp { Dir = kept, Credits = 1, Want = (uint)CapBits.All });
        await dead.CallAsync(r => r.Readdir = new Protos.ReaddirOp { Dir = own, Credits = 1, Want = (uint)CapBits.All });
        Assert.Equal((uint)CapBits.All, (await dead.ReceiveAsync(m => m.CapGrant?.Ino == own, "a grant")).CapGrant.Bits);
        Protos.CapGrant held = (await holder.ReceiveAsync(m => m.CapGrant?.Ino == kept, "a grant")).CapGrant;
        static Protos.ClientMessage Create(long tid, ulong dir, string name) => new()
        {
            Request = new Protos.Request { Tid = tid, OldestTid = 1, Caller = RawSession.Root, Create = new Protos.CreateOp { Dir = dir, Name = ByteString.CopyFromUtf8(name) } },
        };
        await dead.SendAsync(Create(500, kept, "waits"));
        Protos.CapRevoke revoke = (await holder.ReceiveAsync(m => m.CapRevoke?.Ino == kept, "the revoke")).CapRevoke;

        await using RawSession anew = await RawSession.OpenAsync(mds.Address, name: "web");
        Assert.False(anew.Opened.Resumed);
        await dead.ReceiveAsync(m => m.SessionEvicted is not null, "the end of the older session");
        Assert.Equal(StatusCode.Aborted, (await dead.EndAsync()).StatusCode);
        await dead.SendAsync(Create(501, own, "late"));
        // Nobody waits for the lease of the dead one: what it held is free.
        await anew.CallAsync(r => r.Create = new Protos.CreateOp { Dir = own, Name = ByteString.CopyFromUtf8("anew") });
        await anew.SendAsync(Create(700, kept, "anew"));
        await holder.SendAsync(new Protos.ClientMessage { CapAck = new Protos.CapAck { Ino = kept, Seq = revoke.Seq, Retained = held.Bits & (uint)CapBits.Shared } });
        Assert.Equal(0, (await anew.ReplyAsync(700, "create")).Errno);
        foreach (RawSession leaving in new[] { holder, anew })
            await leaving.SendAsync(new Protos.ClientMessage { SessionClose = new Protos.SessionClose() });
        IFileSystemClient client = (await mds.GatewayAsync()).Client;
        Assert.Equal(["anew"], (await client.ListAsync(new InodeId(own))).Names());
        Assert.Equal(["anew"], (await client.ListAsync(new InodeId(kept))).Names());
        Assert.Equal(0, dead.Count(m => m.Reply?.Tid is 500 or 501));
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task Link_StalledLongerThanTheLease_OthersGetThroughAndEveryDeleteEndsOnce()
    {
        await using Rig rig = await Rig.StartAsync(WithPatience, onTcp: true);
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(rig.Port, TimeSpan.Zero);
        IFileSystemClient stalled = (await rig.GatewayAsync(o => o with { MaxInFlight = 500 }, link)).Client;
        IFileSystemClient other = (await rig.GatewayAsync()).Client;
        BulkWork work = await BulkWork.PrepareAsync(stalled);
        link.RoundTrip = TimeSpan.FromMilliseconds(20);
        await work.StartAsync(done: 1000);
        link.Stalled = true;
        PendingOperation create = other.CreateFile(Caller.Root, work.Directory, "zz-through".Name(), 0x1A4);
        await rig.PassAsync(rig.Options.Lease, other);
        await create.Ok();
        using IDirectoryView view = (await other.OpenDirectoryAsync(Caller.Root, work.Directory).Soon()).Ok();
        List<DirectoryRow> rows = await view.ListAsync();
        int left = rows.Count - BulkWork.Kept - 1;
        Assert.InRange(left, 1, BulkWork.Deleted - 1000);
        Assert.Equal(Enumerable.Range(BulkWork.Deleted - left, left + BulkWork.Kept).Select(i => $"file-{i:D5}").Append("zz-through"), rows.Names());
        await Eventually.TrueAsync(() => work.View.Freshness != Freshness.Live, "the end of the stalled gateway's own trust");

        link.Stalled = false;
        await work.Job.Completion.Soon("the deletes of the stalled gateway");
        Assert.Equal((BulkWork.Deleted, 0), (work.Job.Done, work.Job.Failed));
        string[] expected = [.. Enumerable.Range(BulkWork.Deleted, BulkWork.Kept).Select(i => $"file-{i:D5}"), "zz-through"];
        await Eventually.TrueAsync(() => view.Count == expected.Length, "every delete in the other's view", state: () => $"{view.Count} rows");
        Assert.Equal(expected, (await view.ListAsync()).Names());
        Assert.Equal(expected, (await stalled.ListAsync(work.Directory)).Names());
        await rig.StopAndCheckAsync();
    }

    [Fact]
    public async Task Session_ThatDoesNotAnswerARevoke_IsEndedAndItsLateMessagesAreRefused()
    {
        await using Rig rig = await Rig.StartAsync(WithLongLease);
        IFileSystemClient client = (await rig.GatewayAsync()).Client;
        InodeId dir = (await client.MakeDirectory(Caller.Root, InodeId.Root, "d".Name(), 0x1FF).Ok()).Ino;
        InodeAttributes file = await client.CreateFile(Caller.Root, dir, "file".Name(), 0x1A4).Ok();
        await using RawSession silent = await RawSession.OpenAsync(rig.Address);
        await silent.CallAsync(r => r.Readdir = new Protos.ReaddirOp { Dir = dir.Value, Credits = 1, Want = (uint)CapBits.All });
        Assert.Equal((uint)CapBits.All, (await silent.ReceiveAsync(m => m.CapGrant?.Ino == dir.Value, "a grant")).CapGrant.Bits);

        PendingOperation through = client.CreateFile(Caller.Root, dir, "through".Name(), 0x1A4);
        await silent.ReceiveAsync(m => m.CapRevoke?.Ino == dir.Value, "the revoke");
        await rig.PassAsync(rig.Options.RevokeTimeout, client);
        await through.Ok();
        await silent.ReceiveAsync(m => m.SessionEvicted is not null, "an eviction");
        Assert.Equal(1, silent.Count(m => m.CapRevoke?.Ino == dir.Value));
        Assert.Equal(StatusCode.Aborted, (await silent.EndAsync()).StatusCode);
        // Its id is not known any more: what it sends now is another session's, which has no rights and no history.
        await using RawSession late = await RawSession.OpenAsync(rig.Address, silent.Id);
        Assert.False(late.Opened.Resumed);
        await late.SendAsync(new Protos.ClientMessage { CapAck = new Protos.CapAck { Ino = dir.Value, Seq = 2, Retained = 511 } });
        Assert.Equal(FsErrno.Stale, (FsErrno)(await late.CallAsync(r => r.Unlink = new Protos.UnlinkOp { Dir = dir.Value, Name = ByteString.CopyFromUtf8("file"), Ino = file.Ino.Value + 1000 })).Errno);
        Assert.Equal(["file", "through"], (await client.ListAsync(dir)).Names());
    }

    [Fact]
    public async Task Session_WithMoreParkedThanItsCredit_IsEndedAndTheOthersGoOn()
    {
        const int Credit = 50;
        await using Rig rig = await Rig.StartAsync(o => WithLongLease(o) with { MaxInFlight = Credit });
        IFileSystemClient client = (await rig.GatewayAsync()).Client;
        InodeId dir = (await client.MakeDirectory(Caller.Root, InodeId.Root, "d".Name(), 0x1FF).Ok()).Ino;
        await using RawSession silent = await RawSession.OpenAsync(rig.Address);
        await silent.CallAsync(r => r.Readdir = new Protos.ReaddirOp { Dir = dir.Value, Credits = 1, Want = (uint)CapBits.All });
        await silent.ReceiveAsync(m => m.CapGrant?.Ino == dir.Value, "a grant");

        await using RawSession greedy = await RawSession.OpenAsync(rig.Address);
        PendingOperation modest = client.CreateFile(Caller.Root, dir, "modest".Name(), 0x1A4);
        await greedy.SendAsync([.. Enumerable.Range(1, 10 * Credit).Select(i => new Protos.ClientMessage
        {
            Request = new Protos.Request { Tid = i, OldestTid = 1, Caller = RawSession.Root, Create = new Protos.CreateOp { Dir = dir.Value, Name = ByteString.CopyFromUtf8($"greedy-{i}") } },
        })]);
        Protos.ServerMessage evicted = await greedy.ReceiveAsync(m => m.SessionEvicted is not null, "an eviction");
        Assert.Contains("credit", evicted.SessionEvicted.Reason, StringComparison.Ordinal);
        Assert.Equal(StatusCode.Aborted, (await greedy.EndAsync()).StatusCode);
        await silent.ReceiveAsync(m => m.CapRevoke?.Ino == dir.Value, "the revoke");
        await rig.PassAsync(rig.Options.RevokeTimeout, client);
        await modest.Ok();
        Assert.Equal(["modest"], (await client.ListAsync(dir)).Names());
    }

    [Fact]
    public async Task Session_EndedWithOperationsSentHeldAndQueued_EveryOneComesToAnEnd()
    {
        const int Files = 300;
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        IFileSystemClient client = (await mds.GatewayAsync(o => o with { ClientName = "web", MaxInFlightPerDirectory = 20, MaxInFlight = 100 }, link)).Client;
        InodeId dir = await client.FillAsync("ended", Files);
        List<DirectoryRow> rows = await client.ListAsync(dir);
        link.Stalled = true;
        OperationJob job = client.RemoveMany(Caller.Root, dir, [.. rows.Select(r => r.Entry)]);
        // Another gateway takes the name: what was sent has an unknown outcome, what was not goes into the next session.
        await using (GatewaySet usurper = new())
            await usurper.StartAsync(mds.Address, o => o with { ClientName = "web" });
        link.Stalled = false;
        await job.Completion.Soon("every delete's end");
        Assert.Equal(Files, job.Done + job.Failed);
        Assert.InRange(job.Failed, 1, 20);
        Assert.All(client.Operations.Operations(0, Files), o => Assert.Equal(FsErrno.KeyExpired, o.Errno));
        await mds.StopAndCheckAsync();
    }
}
