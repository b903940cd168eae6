using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests.Listings;

/// <summary>Leaving a directory and going back to it: its order is still there, and true, unless the memory was needed.</summary>
public sealed class KeptArrangementTests
{
    private static readonly ViewSpec Backwards = new(SortColumn.Name, true);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GoingBack_IsReadyAtOnce_AndShowsWhatHasChangedMeanwhile()
    {
        await using Rig rig = await Rig.StartAsync();
        Gateway here = await rig.GatewayAsync(), there = await rig.GatewayAsync();
        InodeId dir = await there.Client.FillAsync("d", 3000);
        await LookAsync(here, dir);
        await there.Client.CreateFile(Caller.Root, dir, "zzz".Name(), 0x1A4).Ok();
        await there.Client.Remove(Caller.Root, dir, (await there.Client.ListAsync(dir))[7].Entry).Ok();
        long asked = here.Client.Asked();

        using IDirectoryView stored = (await here.Client.OpenDirectoryAsync(Caller.Root, dir, cancellation: Stop).Soon()).Ok();
        using IArrangedView view = stored.Arranged(Backwards);
        Assert.Equal(ArrangementState.Ready, view.State);
        List<DirectoryRow> rows = [];
        Assert.True(view.TryRead(0, 3000, rows));
        Assert.Equal(3000, rows.Count);
        Assert.Equal(["zzz", "file-02999"], rows.Take(2).Names());
        Assert.DoesNotContain("file-00007", rows.Names());
        Assert.Equal(asked, here.Client.Asked());
    }

    [Fact]
    public async Task GoingBack_WhenTheMemoryWasNeeded_IsMadeAnew()
    {
        await using Rig rig = await Rig.StartAsync();
        Gateway here = await rig.GatewayAsync();
        InodeId dir = await here.Client.FillAsync("d", 3000);
        await LookAsync(here, dir);
        Assert.True(here.Client.Snapshot().ArrangedBytes >= 3000 * 4);
        GatewayLimits limits = here.Administration.Limits;
        here.Administration.Limits = limits with { PageBudgetBytes = 0 };
        await Eventually.TrueAsync(() => here.Client.Snapshot() is { ArrangedBytes: 0, CachedBytes: 0 }, "nothing is kept");
        here.Administration.Limits = limits;
        Assert.Equal(3000, (await LookAsync(here, dir)).Count);
    }

    [Fact]
    public async Task DirectoryInUse_KeepsItsOrder_WhateverIsNeeded()
    {
        await using Rig rig = await Rig.StartAsync();
        Gateway here = await rig.GatewayAsync();
        InodeId dir = await here.Client.FillAsync("d", 3000);
        using IDirectoryView stored = (await here.Client.OpenDirectoryAsync(Caller.Root, dir, cancellation: Stop).Soon()).Ok();
        using IArrangedView view = stored.Arranged(Backwards);
        Assert.Equal(FsErrno.Ok, await view.WhenReadyAsync(Stop).Soon());
        here.Administration.Limits = here.Administration.Limits with { PageBudgetBytes = 0 };
        Assert.Equal(3000, (await view.ListAsync()).Count);
    }

    [Fact]
    public async Task DirectoriesLeft_OnlySoManyAreKept()
    {
        await using Rig rig = await Rig.StartAsync();
        Gateway here = await rig.GatewayAsync();
        for (int i = 0; i < 24; i++)
            await LookAsync(here, await here.Client.FillAsync($"d{i}", 250));
        await Eventually.TrueAsync(() => here.Client.Snapshot().ArrangedBytes == 16 * 250 * 4, "the last sixteen are kept", state: () => $"{here.Client.Snapshot().ArrangedBytes}");
    }

    [Fact]
    public async Task DirectoryRemovedWhileItIsKept_LeavesNothing()
    {
        await using Rig rig = await Rig.StartAsync();
        Gateway here = await rig.GatewayAsync(), there = await rig.GatewayAsync();
        InodeId dir = await here.Client.FillAsync("d", 100);
        await LookAsync(here, dir);
        await there.Client.RemoveTree(Caller.Root, new InodeAddress(InodeId.Root, "d".Name(), dir)).Completion.Soon();
        await Eventually.TrueAsync(() => here.Client.Caps(dir) == CapBits.None, "the caps have been taken back");
        Assert.Contains((await here.Client.OpenDirectoryAsync(Caller.Root, dir, cancellation: Stop).Soon()).Errno, new[] { FsErrno.NoEntry, FsErrno.Stale });
        await Eventually.TrueAsync(() => here.Client.Snapshot().ArrangedBytes == 0, "no order of it is kept", state: () => $"{here.Client.Snapshot().ArrangedBytes}");
    }

    private static async Task<List<DirectoryRow>> LookAsync(Gateway gateway, InodeId dir)
    {
        using IDirectoryView stored = (await gateway.Client.OpenDirectoryAsync(Caller.Root, dir, cancellation: Stop).Soon()).Ok();
        using IArrangedView view = stored.Arranged(Backwards);
        Assert.Equal(FsErrno.Ok, await view.WhenReadyAsync(Stop).Soon());
        return await view.ListAsync();
    }
}
