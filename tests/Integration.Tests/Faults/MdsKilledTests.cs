using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;
using Grpc.Core;
using Protos = Capstan.Shared.Protos;

namespace Capstan.Integration.Tests;

/// <summary>SIGKILL to the MDS under load, and a new one on the same directory at the same address.</summary>
public sealed class MdsKilledTests
{
    private static readonly TimeSpan LongLink = TimeSpan.FromMilliseconds(20);

    /// <summary>A few hundred requests a round trip: the work takes long enough to be hit.</summary>
    private static GatewayOptions Slow(GatewayOptions options) => options with { MaxInFlight = 500 };

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public async Task Deletes_MdsKilledMidway_AllEndDoneOnce(int kills, bool atOnce)
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        IFileSystemClient client = (await mds.GatewayAsync(Slow, link)).Client;
        BulkWork work = await BulkWork.PrepareAsync(client);
        link.RoundTrip = LongLink;
        await work.StartAsync(done: 2000);
        for (int kill = 1; kill <= kills; kill++)
        {
            await mds.KillAsync();
            await mds.StartAgainAsync();
            // At once: before the gateway has reclaimed what it holds, or while it does.
            if (kill < kills && !atOnce)
                await work.ReachAsync(5000);
        }
        await work.AssertDoneAsync();
        Assert.Equal(1 + kills, client.Snapshot().Session.Epoch.Value);
        await work.AssertListedByAsync((await mds.GatewayAsync()).Client);
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task Deletes_MdsKilledWithAllRepliesOnTheirWay_AreAnsweredFromMemoryOfWhatWasDone()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        IFileSystemClient client = (await mds.GatewayAsync(through: link)).Client;
        BulkWork work = await BulkWork.PrepareAsync(client);
        link.RoundTrip = TimeSpan.FromSeconds(1);
        long before = link.BytesForwarded;
        Task started = work.StartAsync(done: 0);
        // A run costs some twenty bytes a name: all of it has reached the MDS, whose replies need half a second.
        await Eventually.TrueAsync(() => link.BytesForwarded - before > 100_000, "the deletes at the MDS");
        await started;
        await mds.KillAsync();
        Assert.Equal(0, work.Job.Done);
        link.RoundTrip = TimeSpan.Zero;
        await mds.StartAgainAsync();
        await work.AssertDoneAsync();
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task Mds_SuspendedForAWhile_ReadersAreToldAndWhatWasAskedForIsDoneAfterwards()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient client = (await mds.GatewayAsync(o => o with { RequestTimeout = TimeSpan.FromSeconds(1) })).Client;
        InodeId dir = await client.FillAsync("suspended", 1000);
        List<DirectoryRow> rows = await client.ListAsync(dir);
        mds.Process.Suspend();
        OperationJob job = client.RemoveMany(Caller.Root, dir, [.. rows.Take(500).Select(r => r.Entry)]);
        Assert.Equal(FsErrno.TimedOut, (await client.StatFsAsync(Caller.Root).Soon()).Errno);
        Assert.Equal(1000, (await client.ListAsync(dir)).Count); // From memory: those on their way are shown as pending.
        Assert.False(job.IsFinished);
        mds.Process.Resume();
        await job.Completion.Soon("the deletes after the pause");
        Assert.Equal((500, 0), (job.Done, job.Failed));
        Assert.Equal(rows.Skip(500).Names(), (await client.ListAsync(dir)).Names());
        Assert.Equal(0, client.Snapshot().Session.Reconnects);
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task SessionOpen_BehindAWrongFirstMessage_LeavesNoSessionToWaitForAfterARestart()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        await using (RawSession wrong = RawSession.Connect(mds.Address))
        {
            await wrong.SendAsync(
                new Protos.ClientMessage { Renew = new Protos.Renew { OldestTid = 1 } },
                new Protos.ClientMessage { SessionOpen = new Protos.SessionOpen { ClientName = "ghost", Protocol = 1 } });
            Assert.Equal(StatusCode.Aborted, (await wrong.EndAsync()).StatusCode);
        }
        await mds.KillAsync();
        await mds.StartAgainAsync();
        // A session known from before would hold everybody up until its lease has run out, a minute from now.
        await (await mds.GatewayAsync()).Client.CreateFile(Caller.Root, InodeId.Root, "at-once".Name(), 0x1A4).Ok();
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task Creates_MdsKilledMidway_NoneIsLostAndNoneDoubled()
    {
        const int Files = 10_000;
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        IFileSystemClient client = (await mds.GatewayAsync(Slow, link)).Client;
        InodeId dir = (await client.MakeDirectory(Caller.Root, InodeId.Root, "made".Name(), 0x1FF).Ok()).Ino;
        link.RoundTrip = LongLink;
        PendingOperation[] creates = [.. Enumerable.Range(0, Files).Select(i => client.CreateFile(Caller.Root, dir, $"file-{i:D5}".Name(), 0x1A4))];
        await creates[2000].Ok();
        Assert.NotEqual(OperationState.Done, creates[^1].State);
        await mds.KillAsync();
        await mds.StartAgainAsync();
        HashSet<InodeId> inos = [];
        foreach (PendingOperation create in creates)
            Assert.True(inos.Add((await create.Ok()).Ino));
        List<DirectoryRow> rows = await client.ListAsync(dir);
        Assert.Equal(Enumerable.Range(0, Files).Select(i => $"file-{i:D5}"), rows.Names());
        Assert.True(inos.SetEquals(rows.Select(r => r.Entry.Attributes.Ino)));
        await mds.StopAndCheckAsync();
    }
}
