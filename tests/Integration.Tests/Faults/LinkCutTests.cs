using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests;

/// <summary>The link breaks for less than the lease.</summary>
public sealed class LinkCutTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Deletes_LinkCutMidway_SessionResumesAndAllEndDoneOnce(int cuts)
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        IFileSystemClient client = (await mds.GatewayAsync(o => o with { MaxInFlight = 500 }, link)).Client;
        BulkWork work = await BulkWork.PrepareAsync(client);
        SessionSnapshot before = client.Snapshot().Session;
        link.RoundTrip = TimeSpan.FromMilliseconds(20);
        await work.StartAsync(done: 1000);
        for (int cut = 1; cut <= cuts; cut++)
        {
            if (cut > 1)
                await work.ReachAsync(1000 + (cut * 1000));
            link.CutAll();
        }
        await work.AssertDoneAsync();
        SessionSnapshot after = client.Snapshot().Session;
        Assert.Equal((before.Id, before.Epoch), (after.Id, after.Epoch));
        Assert.Equal(before.Reconnects + cuts, after.Reconnects);
        Assert.Equal(0, client.Snapshot().Revokes);
        await work.AssertListedByAsync((await mds.GatewayAsync()).Client);
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task Link_CutWhileNothingIsAsked_CapsStayAndTheListingCostsNothing()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        IFileSystemClient client = (await mds.GatewayAsync(through: link)).Client;
        InodeId dir = await client.FillAsync("quiet", 3000);
        using IDirectoryView view = (await client.OpenDirectoryAsync(Caller.Root, dir).Soon()).Ok();
        await view.ListAsync();
        long requests = client.Snapshot().Requests;
        link.CutAll();
        await Eventually.TrueAsync(() => client.Snapshot().Session is { Reconnects: 1, State: SessionState.Open }, "the session's return");
        Assert.Equal((CapBits.All, Freshness.Live), (client.Caps(dir), view.Freshness));
        Assert.Equal(3000, (await view.ListAsync()).Count);
        Assert.Equal(requests, client.Snapshot().Requests);
    }
}
