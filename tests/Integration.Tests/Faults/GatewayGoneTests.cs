using System.Diagnostics;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests;

/// <summary>A gateway that is gone without a goodbye holds others up no longer than its lease.</summary>
public sealed class GatewayGoneTests
{
    [Fact]
    public async Task Gateway_GoneWithoutGoodbye_OthersGetThroughAfterItsLease()
    {
        const double Lease = 3;
        await using MdsProcess mds = await MdsProcess.StartAsync(Lease);
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        IFileSystemClient gone = (await mds.GatewayAsync(through: link)).Client;
        IFileSystemClient other = (await mds.GatewayAsync()).Client;
        InodeId dir = await gone.FillAsync("held", 50);
        await gone.ListAsync(dir);
        Assert.Equal(CapBits.All, gone.Caps(dir));

        link.RefusesNew = true;
        link.CutAll();
        long cut = Stopwatch.GetTimestamp();
        PendingOperation create = other.CreateFile(Caller.Root, dir, "through".Name(), 0x1A4);
        await other.CreateFile(Caller.Root, InodeId.Root, "elsewhere".Name(), 0x1A4).Ok();
        Assert.False(create.Completion.IsCompleted); // Parked behind the promise that Du is.
        await create.Ok();
        // Its last renewal was at most a second before the cut.
        Assert.InRange(Stopwatch.GetElapsedTime(cut).TotalSeconds, Lease - 1.5, Lease + 5);
        Assert.Equal(51, (await other.ListAsync(dir)).Count);
        // What is not there any more is not believed any more, not even by itself.
        Assert.Equal(CapBits.None, gone.Caps(dir) & CapBits.Exclusive & (gone.Snapshot().Session.LeaseRemaining > TimeSpan.Zero ? CapBits.All : CapBits.None));

        link.RefusesNew = false;
        await Eventually.TrueAsync(() => gone.Snapshot().Session.State == SessionState.Open, "the lost gateway's return");
        await Eventually.TrueAsync(() => gone.ListAsync(dir).GetAwaiter().GetResult().Count == 51, "the listing of now");
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task Gateway_KilledWithDeletesOnTheirWay_ThoseReceivedAreDoneAndTheTreeIsWhole()
    {
        await using MdsProcess mds = await MdsProcess.StartAsync(lease: 2);
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        IFileSystemClient gone = (await mds.GatewayAsync(o => o with { MaxInFlight = 300 }, link)).Client;
        IFileSystemClient other = (await mds.GatewayAsync()).Client;
        BulkWork work = await BulkWork.PrepareAsync(gone);
        link.RoundTrip = TimeSpan.FromMilliseconds(20);
        await work.StartAsync(done: 1000);
        link.RefusesNew = true;
        link.CutAll();
        int done = work.Job.Done;
        List<DirectoryRow> rows = await other.ListAsync(work.Directory);
        int left = rows.Count - BulkWork.Kept;
        Assert.InRange(BulkWork.Deleted - left, done, done + 300);
        // In order: what is gone is a prefix of what was asked for.
        Assert.Equal(Enumerable.Range(BulkWork.Deleted - left, left + BulkWork.Kept).Select(i => $"file-{i:D5}"), rows.Names());
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task Gateway_StartedAnewUnderItsName_EndsItsOlderSessionAtOnce()
    {
        await using MdsProcess mds = await MdsProcess.StartAsync(lease: 60);
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        IFileSystemClient old = (await mds.GatewayAsync(o => o with { ClientName = "web" }, link)).Client;
        InodeId dir = await old.FillAsync("held", 50);
        await old.ListAsync(dir);
        link.RefusesNew = true;
        link.CutAll();
        long begin = Stopwatch.GetTimestamp();
        IFileSystemClient anew = (await mds.GatewayAsync(o => o with { ClientName = "web" })).Client;
        await anew.CreateFile(Caller.Root, dir, "through".Name(), 0x1A4).Ok();
        Assert.InRange(Stopwatch.GetElapsedTime(begin).TotalSeconds, 0, 15);
        Assert.Equal(51, (await anew.ListAsync(dir)).Count);
        Assert.Equal(CapBits.All, anew.Caps(dir));
    }

    [Fact]
    public async Task Session_EndedWithOperationsSentHeldAndQueued_EveryOneComesToAnEnd()
    {
        const int Files = 300;
        await using MdsProcess mds = await MdsProcess.StartAsync();
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
