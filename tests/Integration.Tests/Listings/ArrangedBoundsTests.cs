using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests.Listings;

/// <summary>What arranged views answer when they are asked for too much, too late or nonsense.</summary>
public sealed class ArrangedBoundsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LargerThanHalfTheBudget_StaysInStoredOrderAndSaysSo()
    {
        await using Rig rig = await Rig.StartAsync();
        Gateway maker = await rig.GatewayAsync(), here = await rig.GatewayAsync(o => o with { PageBudgetBytes = 64 << 10 });
        InodeId dir = await maker.Client.FillAsync("d", 5000);
        using IDirectoryView stored = (await here.Client.OpenDirectoryAsync(Caller.Root, dir).Soon()).Ok();
        using IArrangedView view = stored.Arranged(new ViewSpec(SortColumn.Name, true));
        Assert.Equal(FsErrno.NoSpace, await view.WhenReadyAsync(Stop).Soon());
        Assert.Equal(ArrangementState.TooLarge, view.State);
        Assert.Equal("file-04000", (await view.ReadAsync(4000, 1, Stop).Soon()).Ok()[0].Entry.Name.ToString());
        Assert.True(here.Client.Snapshot().CachedBytes <= (64 << 10) * 11 / 10 + (80 << 10), "one page over the budget at most");
    }

    [Fact]
    public async Task RanksAndNamesThatAreNowhere_AreAnsweredPlainly()
    {
        await using Rig rig = await Rig.StartAsync();
        Gateway here = await rig.GatewayAsync();
        InodeId dir = await here.Client.FillAsync("d", 30);
        using IDirectoryView stored = (await here.Client.OpenDirectoryAsync(Caller.Root, dir).Soon()).Ok();
        using IArrangedView view = stored.Arranged(new ViewSpec(SortColumn.Size));
        Assert.Equal(FsErrno.Ok, await view.WhenReadyAsync(Stop).Soon());
        Assert.Empty((await view.ReadAsync(30, 10, Stop).Soon()).Ok());
        Assert.Empty((await view.ReadAsync(long.MaxValue - 10, 10, Stop).Soon()).Ok());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => view.ReadAsync(-1, 10, Stop));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => view.ReadAsync(0, -1, Stop));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => stored.ReadAsync(-1, 10, Stop));
        Assert.Equal(-1, view.FindRank("nothing".Name()));
        using IRowSelection chosen = view.Select()!;
        Assert.True(chosen.AddRange(view.Spec, -5, 1000));
        Assert.Equal(30, chosen.Count);
        Assert.False(chosen.AddRange(new ViewSpec(SortColumn.Type), 0, 10));
        chosen.AddAll(new ViewSpec(SortColumn.Name, false, "no such name"));
        Assert.Equal(30, chosen.Count);
    }

    [Fact]
    public async Task ClosedWhileItIsBuilt_LeavesNothingBehind()
    {
        await using Rig rig = await Rig.StartAsync();
        Gateway maker = await rig.GatewayAsync(), here = await rig.GatewayAsync();
        InodeId dir = await maker.Client.FillAsync("d", 5000);
        using IDirectoryView stored = (await here.Client.OpenDirectoryAsync(Caller.Root, dir).Soon()).Ok();
        for (int i = 0; i < 20; i++)
        {
            using IArrangedView view = stored.Arranged(new ViewSpec(SortColumn.Name, i % 2 == 0));
            using CancellationTokenSource soon = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            Task<FsErrno> waiting = view.WhenReadyAsync(soon.Token);
            await soon.CancelAsync();
            await ((Task)waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
        here.Administration.Limits = here.Administration.Limits with { PageBudgetBytes = 0 };
        await Eventually.TrueAsync(() => here.Client.Snapshot() is { ArrangedBytes: 0, CachedBytes: 0 }, "no arrangement is kept any more");
        here.Administration.Limits = here.Administration.Limits with { PageBudgetBytes = 64 << 20 };
        Assert.Equal(5000, (await here.Client.ListAsync(dir)).Count);
    }
}
