using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests;

/// <summary>How many entries a folder has, told by its row in the listing that it is in.</summary>
public sealed class FolderCountTests
{
    [Fact]
    public async Task Count_FollowsOwnChangesAndThoseOfAFolderThatIsHeld_OtherwiseItIsOld()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient client = (await mds.GatewayAsync()).Client, other = (await mds.GatewayAsync()).Client;
        InodeId folder = (await other.MakeDirectory(Caller.Root, InodeId.Root, "folder".Name(), 0x1ED).Ok()).Ino;
        using IDirectoryView list = (await client.OpenDirectoryAsync(Caller.Root, InodeId.Root).Soon()).Ok();
        Assert.Equal(0, (await RowAsync(list)).Entry.Attributes.Size);

        // Its own doing, in a folder that it does not hold.
        await client.CreateFile(Caller.Root, folder, "own".Name(), 0x1A4).Ok();
        await ShowsAsync(list, 1);

        // Another's, while it is held: at once, and said to be true.
        using IDirectoryView inside = (await client.OpenDirectoryAsync(Caller.Root, folder).Soon()).Ok();
        Assert.Single(await inside.ListAsync());
        await other.CreateFile(Caller.Root, folder, "others".Name(), 0x1A4).Ok();
        await ShowsAsync(list, 2);
        Assert.True((await RowAsync(list)).IsCountLive);
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task Count_InAnArrangedListing_FollowsToo()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient client = (await mds.GatewayAsync()).Client;
        InodeId folder = (await client.MakeDirectory(Caller.Root, InodeId.Root, "folder".Name(), 0x1ED).Ok()).Ino;
        using IDirectoryView list = (await client.OpenDirectoryAsync(Caller.Root, InodeId.Root).Soon()).Ok();
        await RowAsync(list);
        using IArrangedView arranged = list.Arranged(new ViewSpec(SortColumn.Size, true));
        Assert.Equal(FsErrno.Ok, await arranged.WhenReadyAsync().Soon());
        Assert.Equal(0, (await RowAsync(arranged)).Entry.Attributes.Size);
        await client.CreateFile(Caller.Root, folder, "own".Name(), 0x1A4).Ok();
        await ShowsAsync(arranged, 1);
        await mds.StopAndCheckAsync();
    }

    private static async Task<DirectoryRow> RowAsync(IDirectoryView list) => Assert.Single(await list.ListAsync());

    /// <summary>As a page does it: what is drawn is read again when something says so.</summary>
    private static async Task ShowsAsync(IDirectoryView list, long count)
    {
        long before = list.FolderCounts;
        List<DirectoryRow> rows = [];
        Assert.True(list.TryRead(0, 1, rows));
        await Eventually.TrueAsync(
            () =>
            {
                if (list.FolderCounts != before)
                {
                    before = list.FolderCounts;
                    rows.Clear();
                    list.TryRead(0, 1, rows);
                }
                return rows[0].Entry.Attributes.Size == count;
            },
            $"the row to say {count}");
    }
}
