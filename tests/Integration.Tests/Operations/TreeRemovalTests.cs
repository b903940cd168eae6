using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests;

/// <summary>Whole trees, removed as one job by real processes.</summary>
public sealed class TreeRemovalTests
{
    [Fact]
    public async Task RemoveTree_ByAGatewayThatHasSeenNothing_RemovesAllOfItAndNothingBesideIt()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient maker = (await mds.GatewayAsync()).Client, remover = (await mds.GatewayAsync()).Client;
        InodeAddress tree = await TreeWork.MakeAsync(maker, "tree");
        await maker.CreateFile(Caller.Root, InodeId.Root, "beside".Name(), 0x1A4).Ok();
        OperationJob job = remover.RemoveTree(Caller.Root, tree);
        await job.Completion.Soon("the end of the tree");
        Assert.Equal((TreeWork.Entries, TreeWork.Entries, 0, 0), (job.Total, job.Done, job.Failed, job.Cancelled));
        Assert.Equal(["beside"], (await maker.ListAsync(InodeId.Root)).Names());
        Assert.Equal(0, remover.Operations.PendingCount + remover.Operations.FailedCount);
        Assert.Equal((1L, 1L), ((await maker.StatFsAsync(Caller.Root).Soon()).Ok().Entries, (await maker.StatFsAsync(Caller.Root).Soon()).Ok().Directories));
        await mds.StopAndCheckAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task RemoveTree_MdsKilledMidway_EverythingIsRemovedOnce(int kills)
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        IFileSystemClient client = (await mds.GatewayAsync(o => o with { MaxInFlight = 300 }, link)).Client;
        InodeAddress tree = await TreeWork.MakeAsync(client, "tree");
        link.RoundTrip = TimeSpan.FromMilliseconds(20);
        OperationJob job = client.RemoveTree(Caller.Root, tree);
        for (int kill = 1; kill <= kills; kill++)
        {
            await Eventually.TrueAsync(() => job.Done > kill * 500, "a part of the tree to be gone");
            Assert.False(job.IsFinished);
            await mds.KillAsync();
            await mds.StartAgainAsync();
        }
        await job.Completion.Soon("the end of the tree");
        Assert.Equal((TreeWork.Entries, 0, 0), (job.Done, job.Failed, job.Cancelled));
        Assert.Empty(await client.ListAsync(InodeId.Root));
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task RemoveTree_Cancelled_WhatIsLeftIsWholeAndTheCountsSaySo()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        IFileSystemClient client = (await mds.GatewayAsync(o => o with { MaxInFlight = 300 }, link)).Client;
        InodeAddress tree = await TreeWork.MakeAsync(client, "tree");
        link.RoundTrip = TimeSpan.FromMilliseconds(20);
        OperationJob job = client.RemoveTree(Caller.Root, tree);
        await Eventually.TrueAsync(() => job.Done > 300, "a part of the tree to be gone");
        job.Cancel();
        await job.Completion.Soon("the end of what was sent");
        Assert.Equal((0, job.Total), (job.Failed, job.Done + job.Cancelled));
        Assert.Equal(TreeWork.Entries - job.Done, (await client.StatFsAsync(Caller.Root).Soon()).Ok().Entries);
        OperationJob rest = client.Operations.Retry(job);
        await rest.Completion.Soon("the end of the rest");
        Assert.Equal(TreeWork.Entries, job.Done + rest.Done);
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task RemoveTree_SomeoneElseMakesEntriesMeanwhile_TheyGoToo()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient maker = (await mds.GatewayAsync()).Client, remover = (await mds.GatewayAsync()).Client;
        InodeAddress tree = await TreeWork.MakeAsync(maker, "tree");
        OperationJob job = remover.RemoveTree(Caller.Root, tree);
        List<PendingOperation> late = [.. Enumerable.Range(0, 50).Select(i => maker.CreateFile(Caller.Root, tree.Ino, $"late-{i}".Name(), 0x1A4))];
        foreach (PendingOperation create in late)
            await create.ErrnoAsync(); // In time or not: both are right.
        await job.Completion.Soon("the end of the tree");
        Assert.Equal(0, job.Failed);
        Assert.Empty(await maker.ListAsync(InodeId.Root));
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task RemoveTree_APartIsNotTheCallers_TheRestGoesAndEachRefusalIsNamed()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient client = (await mds.GatewayAsync()).Client;
        InodeId top = (await client.MakeDirectory(Caller.Root, InodeId.Root, "top".Name(), 0x1FF).Ok()).Ino;
        InodeId open = (await client.MakeDirectory(Caller.Root, top, "open".Name(), 0x1FF).Ok()).Ino;
        InodeId closed = (await client.MakeDirectory(Caller.Root, top, "closed".Name(), 0x1ED).Ok()).Ino;
        InodeId secret = (await client.MakeDirectory(Caller.Root, top, "secret".Name(), 0x1C0).Ok()).Ino;
        await client.CreateFile(Caller.Root, open, "a".Name(), 0x1A4).Ok();
        await client.CreateFile(Caller.Root, closed, "b".Name(), 0x1A4).Ok();
        await client.CreateFile(Caller.Root, secret, "c".Name(), 0x1A4).Ok();
        OperationJob job = client.RemoveTree(new Caller(1000, 1000, []), new InodeAddress(InodeId.Root, "top".Name(), top));
        await job.Completion.Soon("the end of the tree");
        Assert.Equal(["top/closed/b AccessDenied", "top/secret AccessDenied"], job.Failures.Select(f => $"{string.Join('/', f.Path.Select(n => n.ToString()))} {f.Errno}").Order());
        Assert.Equal(["closed", "secret"], (await client.ListAsync(top)).Names());
        await mds.StopAndCheckAsync();
    }
}
