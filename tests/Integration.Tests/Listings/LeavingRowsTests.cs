using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests.Listings;

/// <summary>Rows that are about to go are known as such to all who look, before anything has been looked up, written down or sent; and are back when they do not go.</summary>
public sealed class LeavingRowsTests
{
    [Fact]
    public async Task ShowLeaving_OtherViews_AreWokenAndSeeThemUntilItIsWithdrawn()
    {
        await using Rig rig = await Rig.StartAsync();
        Gateway gateway = await rig.GatewayAsync(), elsewhere = await rig.GatewayAsync();
        InodeId dir = await gateway.Client.FillAsync("d", 4);
        using IDirectoryView mine = await OpenAsync(gateway, dir), theirs = await OpenAsync(gateway, dir), far = await OpenAsync(elsewhere, dir);
        using IArrangedView sorted = theirs.Arranged(new ViewSpec(SortColumn.Name, true));
        Assert.Equal(FsErrno.Ok, await sorted.WhenReadyAsync(TestContext.Current.CancellationToken).Soon());
        await Task.WhenAll(mine.ListAsync(), theirs.ListAsync(), far.ListAsync());
        Task woken = theirs.WhenChanged(theirs.ChangeCounter);

        IDisposable leaving = mine.ShowLeaving(entry => entry.Name != "file-00002".Name());

        await Eventually.OfAsync(woken, "the other view's wake-up");
        RowState[] expected = [RowState.Leaving, RowState.Leaving, RowState.Normal, RowState.Leaving];
        Assert.Equal(expected, Now(theirs));
        Assert.Equal(expected, Now(mine));
        Assert.Equal(expected, (await theirs.ListAsync()).Select(r => r.State));
        Assert.Equal(expected.Reverse(), Now(sorted));
        Assert.All(Now(far), state => Assert.Equal(RowState.Normal, state));

        woken = theirs.WhenChanged(theirs.ChangeCounter);
        leaving.Dispose();

        await Eventually.OfAsync(woken, "the other view's wake-up");
        Assert.All(Now(theirs), state => Assert.Equal(RowState.Normal, state));
    }

    [Fact]
    public async Task ShowLeaving_OfAll_WhatComesMeanwhileIsNotAmongThem()
    {
        await using Rig rig = await Rig.StartAsync();
        Gateway gateway = await rig.GatewayAsync(), elsewhere = await rig.GatewayAsync();
        InodeId dir = await gateway.Client.FillAsync("d", 2);
        using IDirectoryView view = await OpenAsync(gateway, dir);
        await view.ListAsync();

        using IDisposable leaving = view.ShowLeaving(_ => true);
        await elsewhere.Client.CreateFile(Caller.Root, dir, "file-00000x".Name(), 0x1A4).Ok();
        List<DirectoryRow> rows = await view.ListAsync();

        Assert.Equal(["file-00000", "file-00000x", "file-00001"], rows.Names());
        Assert.Equal([RowState.Leaving, RowState.Normal, RowState.Leaving], rows.Select(r => r.State));
    }

    [Fact]
    public async Task ShowLeaving_RemovalsBegin_TheirRowsAreTheOperationsBusiness()
    {
        await using Rig rig = await Rig.StartAsync();
        Gateway gateway = await rig.GatewayAsync();
        InodeId dir = await gateway.Client.FillAsync("d", 3);
        using IDirectoryView view = await OpenAsync(gateway, dir);
        List<DirectoryRow> rows = await view.ListAsync();

        using (view.ShowLeaving(_ => true))
        {
            await gateway.Client.RemoveMany(Caller.Root, dir, [rows[0].Entry, rows[1].Entry]).Completion.Soon();
            Assert.Equal([RowState.Leaving], Now(view));
        }

        // It was announced and stays: the list says so.
        Assert.Equal(["file-00002"], (await view.ListAsync()).Names());
        Assert.Equal([RowState.Normal], Now(view));
    }

    private static async Task<IDirectoryView> OpenAsync(Gateway gateway, InodeId dir) =>
        (await gateway.Client.OpenDirectoryAsync(Caller.Root, dir, whole: true, TestContext.Current.CancellationToken).Soon()).Ok();

    private static RowState[] Now(IDirectoryView view)
    {
        List<DirectoryRow> rows = [];
        Assert.True(view.TryRead(0, 10, rows));
        return [.. rows.Select(r => r.State)];
    }
}
