using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.TestKit;

namespace Capstan.Integration.Tests.Listings;

/// <summary>Sorted and filtered views on a real MDS, while another gateway changes the directory.</summary>
public sealed class ArrangedViewTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Arranged_ByName_IsNaturalAndFollowsAnotherGateway()
    {
        await using Rig rig = await Rig.StartAsync();
        Gateway here = await rig.GatewayAsync(), there = await rig.GatewayAsync();
        InodeId dir = await here.Client.FillAsync("d", 0);
        foreach (string name in new[] { "b10", "B9", "a", "z" })
            await here.Client.CreateFile(Caller.Root, dir, name.Name(), 0x1A4).Ok();
        await here.Client.MakeDirectory(Caller.Root, dir, "sub".Name(), 0x1ED).Ok();
        using IDirectoryView stored = (await here.Client.OpenDirectoryAsync(Caller.Root, dir).Soon()).Ok();
        using IArrangedView view = stored.Arranged(new ViewSpec(SortColumn.Name));
        Assert.Equal(FsErrno.Ok, await view.WhenReadyAsync(Stop).Soon());
        Assert.Equal(["sub", "a", "B9", "b10", "z"], (await view.ListAsync()).Names());
        DirectoryRow seen = (await view.ListAsync())[3];

        await there.Client.CreateFile(Caller.Root, dir, "A1".Name(), 0x1A4).Ok();
        await there.Client.Remove(Caller.Root, dir, (await view.ListAsync()).Single(r => r.Entry.Name == "a".Name()).Entry).Ok();
        await there.Client.CreateFile(Caller.Root, dir, "b2".Name(), 0x1A4).Ok();

        // Strict: whoever was told "done" may look anywhere.
        Assert.Equal(["sub", "A1", "b2", "B9", "b10", "z"], (await view.ListAsync()).Names());
        Assert.Equal(4, view.RankOf(seen.Entry));
        Assert.Equal(-1, view.FindRank("a".Name()));
        using IArrangedView filtered = stored.Arranged(new ViewSpec(SortColumn.Name, true, "B"));
        Assert.Equal(FsErrno.Ok, await filtered.WhenReadyAsync(Stop).Soon());
        Assert.Equal(["sub", "b10", "B9", "b2"], (await filtered.ListAsync()).Names());
        Assert.Equal(2, await view.FindPrefixAsync("B", 0, Stop).Soon());
        Assert.Equal(3, await view.FindPrefixAsync("b", 3, Stop).Soon());
        Assert.Equal(1, await view.FindPrefixAsync("a", 3, Stop).Soon());
        Assert.Equal(-1, await view.FindPrefixAsync("nothing", 3, Stop).Soon());
    }

    [Fact]
    public async Task Arranged_Churn_EqualsTheTreeAtTheEnd()
    {
        await using Rig rig = await Rig.StartAsync();
        Gateway here = await rig.GatewayAsync(), there = await rig.GatewayAsync();
        InodeId dir = await there.Client.FillAsync("d", 3000);
        List<DirectoryRow> rows = await there.Client.ListAsync(dir);
        using IDirectoryView stored = (await here.Client.OpenDirectoryAsync(Caller.Root, dir).Soon()).Ok();
        ViewSpec[] specs = [new(SortColumn.Name, true), new(SortColumn.Size), new(SortColumn.Modified, true), new(SortColumn.Type, false, "1")];
        IArrangedView[] views = [.. specs.Select(stored.Arranged)];
        List<PendingOperation> operations = [];
        for (int i = 0; i < 3000; i += 3)
        {
            operations.Add(there.Client.Remove(Caller.Root, dir, rows[i].Entry));
            operations.Add(there.Client.CreateFile(Caller.Root, dir, $"new-{i}".Name(), 0x1A4));
            operations.Add(there.Client.Rename(Caller.Root, new InodeAddress(dir, rows[i + 1].Entry.Name, rows[i + 1].Entry.Attributes.Ino), dir, $"renamed-{i}".Name(), false));
            if (i % 300 == 0)
                await views[0].ReadAsync(0, 50, Stop);
        }
        foreach (PendingOperation operation in operations)
            await operation.Ok();

        string[] truth = [.. (await there.Client.ListAsync(dir)).Names().Order(StringComparer.Ordinal)];
        foreach (IArrangedView view in views)
        {
            Assert.Equal(FsErrno.Ok, await view.WhenReadyAsync(Stop).Soon());
            Assert.Equal(truth.Where(n => n.Contains(view.Spec.Filter)), (await view.ListAsync()).Names().Order(StringComparer.Ordinal));
            view.Dispose();
        }
    }

    [Fact]
    public async Task Selection_ResolvedWhileOthersChange_IsEntriesAndNeverRows()
    {
        await using Rig rig = await Rig.StartAsync();
        Gateway here = await rig.GatewayAsync(), there = await rig.GatewayAsync();
        InodeId dir = await here.Client.FillAsync("d", 200);
        using IDirectoryView stored = (await here.Client.OpenDirectoryAsync(Caller.Root, dir).Soon()).Ok();
        using IArrangedView view = stored.Arranged(new ViewSpec(SortColumn.Name, true, "file-000"));
        Assert.Equal(FsErrno.Ok, await view.WhenReadyAsync(Stop).Soon());
        using IRowSelection chosen = view.Select()!;
        chosen.AddAll(view.Spec);
        Assert.Equal(100, chosen.Count);
        List<DirectoryRow> rows = await view.ListAsync();

        await there.Client.Remove(Caller.Root, dir, rows[10].Entry).Ok();
        await there.Client.CreateFile(Caller.Root, dir, "file-000-new".Name(), 0x1A4).Ok();
        await there.Client.Remove(Caller.Root, dir, rows[20].Entry).Ok();
        await there.Client.CreateFile(Caller.Root, dir, rows[20].Entry.Name, 0x1A4).Ok(); // another inode

        Assert.Equal(98, chosen.Count);
        (IReadOnlyList<DirectoryEntry> entries, _) = chosen.Resolve();
        OperationJob job = here.Client.RemoveMany(Caller.Root, dir, entries);
        await Eventually.TrueAsync(() => job.Done == 98, "all that was chosen is gone");
        Assert.Equal(102, (await here.Client.ListAsync(dir)).Count);
        Assert.Equal(0, chosen.Count);
    }

    [Fact]
    public async Task Arranged_DirectoryRemovedMeanwhile_SaysSo()
    {
        await using Rig rig = await Rig.StartAsync();
        Gateway here = await rig.GatewayAsync(o => o with { AttributeTimeout = TimeSpan.Zero }), there = await rig.GatewayAsync();
        InodeId dir = await here.Client.FillAsync("d", 3);
        using IDirectoryView stored = (await here.Client.OpenDirectoryAsync(Caller.Root, dir).Soon()).Ok();
        using IArrangedView view = stored.Arranged(new ViewSpec(SortColumn.Name));
        Assert.Equal(FsErrno.Ok, await view.WhenReadyAsync(Stop).Soon());
        foreach (DirectoryRow row in await there.Client.ListAsync(dir))
            await there.Client.Remove(Caller.Root, dir, row.Entry).Ok();
        Assert.Empty(await view.ListAsync());
        InodeAttributes attributes = (await there.Client.ResolveAsync(Caller.Root, "d".Path(), Stop).Soon()).Ok().Attributes;
        await there.Client.Remove(Caller.Root, InodeId.Root, new DirectoryEntry("d".Name(), attributes)).Ok();
        here.Reconnect();
        await Eventually.TrueAsync(() => here.Client.Snapshot().Session is { State: SessionState.Open, Reconnects: > 0 }, "back again");
        Assert.Contains((await stored.ReadAsync(0, 1, Stop).Soon()).Errno, new[] { FsErrno.NoEntry, FsErrno.Stale });
    }

    [Fact]
    public async Task RankOf_NameFarAway_IsOneRoundTrip()
    {
        await using Rig rig = await Rig.StartAsync();
        Gateway maker = await rig.GatewayAsync(), here = await rig.GatewayAsync();
        InodeId dir = await maker.Client.FillAsync("d", 20_000);
        using IDirectoryView view = (await here.Client.OpenDirectoryAsync(Caller.Root, dir).Soon()).Ok();
        long before = here.Client.Snapshot().Requests;

        Assert.Equal(15_000, (await view.RankOfAsync("file-15000".Name(), Stop).Soon()).Ok());
        Assert.Equal(1, here.Client.Snapshot().Requests - before);
        Assert.Equal(15_001, (await view.RankOfAsync("file-15000x".Name(), Stop).Soon()).Ok());
        Assert.Equal(1, here.Client.Snapshot().Requests - before);
        Assert.Equal(20_000, (await view.RankOfAsync("zzz".Name(), Stop).Soon()).Ok());
        Assert.Equal(0, (await view.RankOfAsync("a".Name(), Stop).Soon()).Ok());
        Assert.InRange(here.Client.Snapshot().Requests - before, 2, 3);
    }
}
