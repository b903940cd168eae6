using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests;

/// <summary>One gateway changes a directory that another one shows.</summary>
public sealed class TwoGatewaysTests
{
    [Fact]
    public async Task Deletes_WhileAnotherViews_ViewerSeesThemGoWithoutARequestAndNoRowComesBack()
    {
        const int Files = 6000, Deleted = 5000;
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        IFileSystemClient deleter = (await mds.GatewayAsync(o => o with { MaxInFlight = 500 }, link)).Client;
        IFileSystemClient viewer = (await mds.GatewayAsync()).Client;
        InodeId dir = await deleter.FillAsync("shared", Files);
        List<DirectoryRow> rows = await deleter.ListAsync(dir);
        using IDirectoryView view = (await viewer.OpenDirectoryAsync(Caller.Root, dir).Soon()).Ok();
        Assert.Equal(Files, (await view.ListAsync()).Count);
        Assert.True(view.TryReadChanges(0, [], out long moment));
        long requests = viewer.Asked();

        // Every sixth stays, so that rows in the middle of pages go; a few hundred a round trip, so that it takes a while.
        link.RoundTrip = TimeSpan.FromMilliseconds(20);
        DirectoryEntry[] victims = [.. rows.Select(r => r.Entry).Where((_, i) => i % 6 != 0)];
        Assert.Equal(Deleted, victims.Length);
        OperationJob job = deleter.RemoveMany(Caller.Root, dir, victims);
        HashSet<FileName> present = [.. rows.Select(r => r.Entry.Name)];
        int steps = 0;
        while (present.Count > Files - Deleted)
        {
            await Eventually.TrueAsync(() => view.Count < present.Count, "the next rows to go", state: () => $"{view.Count} rows; {job.Done} done, {job.Failed} failed");
            List<DirectoryRow> seen = [];
            Assert.True(view.TryRead(0, Files, seen), "rows are cached at every step");
            Assert.True(seen.Count < present.Count, $"{seen.Count} rows after {present.Count}");
            Assert.All(seen, r => Assert.Contains(r.Entry.Name, present));
            Assert.Equal(Enumerable.Range(0, seen.Count).Select(i => (long)i), seen.Select(r => r.Rank));
            present = [.. seen.Select(r => r.Entry.Name)];
            Assert.Equal(seen.Count, present.Count);
            steps++;
        }
        await job.Completion.Soon();
        Assert.Equal((Deleted, 0), (job.Done, job.Failed));
        Assert.Equal(rows.Where((_, i) => i % 6 == 0).Names(), (await view.ListAsync()).Names());
        Assert.Equal(Files - Deleted, view.Count);
        Assert.Equal(requests, viewer.Asked());
        Assert.Equal((0L, Freshness.Live), (viewer.Snapshot().DeltaGaps, view.Freshness));
        Assert.True(steps > 1, "the viewer saw it in one step");

        // What happened, told row by row: each name gone once, none added.
        List<DirectoryChange> changes = [];
        Assert.True(view.TryReadChanges(moment, changes, out _));
        Assert.Equal(Deleted, changes.Count);
        Assert.Equal((await deleter.ListAsync(dir)).Names(), (await view.ListAsync()).Names());
        await mds.StopAndCheckAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Readdir_WhileAThousandUnlinksAreInFlight_SeesNoHalfState(int seed)
    {
        const int Files = 5000, Deleted = 1000;
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        IFileSystemClient deleter = (await mds.GatewayAsync(o => o with { MaxInFlight = seed == 0 ? 32_768 : 100 }, link)).Client;
        IFileSystemClient reader = (await mds.GatewayAsync()).Client;
        InodeId dir = await deleter.FillAsync("busy", Files);
        List<DirectoryRow> rows = await deleter.ListAsync(dir);
        Assert.Equal(CapBits.All, deleter.Caps(dir));
        link.RoundTrip = TimeSpan.FromMilliseconds(100);
        DirectoryEntry[] victims = [.. rows.Select(r => r.Entry).Where((_, i) => i % 5 == 2)];
        OperationJob job = deleter.RemoveMany(Caller.Root, dir, victims);
        HashSet<FileName> gone = [.. victims.Select(v => v.Name)];

        // Those sent ahead of their reply come before the reader; those still queued come as changes, in order.
        using IDirectoryView view = (await reader.OpenDirectoryAsync(Caller.Root, dir).Soon()).Ok();
        HashSet<FileName> present = [.. (await view.ListAsync()).Select(r => r.Entry.Name)];
        while (true)
        {
            bool finished = job.IsFinished;
            List<DirectoryRow> seen = [];
            Assert.True(view.TryRead(0, Files, seen), "rows are cached at every step");
            Assert.All(seen, r => Assert.Contains(r.Entry.Name, present));
            present = [.. seen.Select(r => r.Entry.Name)];
            Assert.Equal(seen.Count, present.Count);
            // What is gone is a prefix of what was asked for, and nothing else is gone.
            int left = victims.Count(v => present.Contains(v.Name));
            Assert.All(victims.Take(Deleted - left), v => Assert.DoesNotContain(v.Name, present));
            Assert.Equal(Files - Deleted + left, seen.Count);
            if (finished)
                break;
            long counter = view.ChangeCounter;
            await Eventually.TrueAsync(() => view.ChangeCounter != counter || job.IsFinished, "a change or the end");
        }
        await job.Completion.Soon();
        Assert.Equal((Deleted, 0), (job.Done, job.Failed));
        Assert.Equal(rows.Where(r => !gone.Contains(r.Entry.Name)).Names(), (await view.ListAsync()).Names());
        Assert.Equal((await deleter.ListAsync(dir)).Names(), (await view.ListAsync()).Names());
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task CreateDeleteRename_ByBothAtOnce_BothSeeOneTruth()
    {
        const int Each = 200;
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient[] clients = [(await mds.GatewayAsync()).Client, (await mds.GatewayAsync()).Client];
        InodeId dir = await clients[0].FillAsync("both", 2000);
        IDirectoryView[] views = [(await clients[0].OpenDirectoryAsync(Caller.Root, dir).Soon()).Ok(), (await clients[1].OpenDirectoryAsync(Caller.Root, dir).Soon()).Ok()];
        List<DirectoryRow> rows = await views[0].ListAsync();
        await views[1].ListAsync();
        await Task.WhenAll(Enumerable.Range(0, 2).Select(async who =>
        {
            List<PendingOperation> asked = [];
            for (int i = 0; i < Each; i++)
            {
                DirectoryEntry entry = rows[(i * 4) + who].Entry;
                asked.Add(clients[who].CreateFile(Caller.Root, dir, $"made-{who}-{i}".Name(), 0x1A4));
                asked.Add(clients[who].Remove(Caller.Root, dir, entry));
                if (i % 8 == 0)
                    asked.Add(clients[who].Rename(Caller.Root, new InodeAddress(dir, rows[(i * 4) + 2 + who].Entry.Name, rows[(i * 4) + 2 + who].Entry.Attributes.Ino), dir, $"moved-{who}-{i}".Name(), noReplace: true));
            }
            foreach (PendingOperation operation in asked)
                await operation.Ok();
        })).Soon();
        IFileSystemClient third = (await mds.GatewayAsync()).Client;
        string[] truth = [.. (await third.ListAsync(dir)).Names()];
        Assert.Equal(2000, truth.Length);
        foreach (IDirectoryView view in views)
        {
            Assert.Equal((2000L, Freshness.Live), (view.Count, view.Freshness));
            Assert.Equal(truth, (await view.ListAsync()).Names());
            view.Dispose();
        }
        await mds.StopAndCheckAsync();
    }
}
