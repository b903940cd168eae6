using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests;

/// <summary>Searches and counts of whole trees, with real processes.</summary>
public sealed class SearchTests
{
    private static readonly Caller Alice = new(1000, 1000, []);

    [Fact]
    public async Task Search_ByName_FindsEveryOneInTheSubtreeAndNothingBehindASymlink()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient maker = (await mds.GatewayAsync()).Client, client = (await mds.GatewayAsync()).Client;
        InodeAddress tree = await TreeWork.MakeAsync(maker, "tree");
        await maker.CreateFile(Caller.Root, InodeId.Root, "file-7 beside".Name(), 0x1A4).Ok();
        InodeAttributes root = await AttributesAsync(client, "tree");

        using ISearch search = client.Search(Caller.Root, root, new SearchSpec { Name = "FILE-7" });
        List<SearchRow> found = await EndAsync(search);

        Assert.Equal(SearchState.Complete, search.Progress.State);
        Assert.Equal((TreeWork.Entries - 1, TreeWork.Directories + 1), (search.Progress.Entries, search.Progress.Directories));
        Assert.Equal(TreeWork.Directories, found.Select(r => r.Directory).Distinct().Count());
        Assert.All(found, r => Assert.Equal("file-7", r.Entry.Name.ToString()));
        SearchRow deep = found.MaxBy(r => r.Folder.Count);
        ResolvedPath there = (await client.ResolveAsync(Caller.Root, ["tree".Name(), .. deep.Folder, deep.Entry.Name]).Soon()).Ok();
        Assert.Equal(deep.Entry.Attributes.Ino, there.Attributes.Ino);

        // What the first one has read is cached: the second one asks nobody.
        long requests = client.Snapshot().Requests;
        using ISearch again = client.Search(Caller.Root, root, new SearchSpec { Name = "*-1?", Kinds = SearchKinds.Files });
        Assert.Equal(TreeWork.Directories * 2, (await EndAsync(again)).Count);
        Assert.Equal(requests, client.Snapshot().Requests);
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task Search_FoldersThatMayNotBeRead_AreCountedAndNamedAndTheRestIsFound()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient client = (await mds.GatewayAsync()).Client;
        InodeId top = (await client.MakeDirectory(Caller.Root, InodeId.Root, "top".Name(), 0x1FF).Ok()).Ino;
        foreach ((string name, uint mode) in new[] { ("open", 0x1FFu), ("secret", 0x1C0u), ("no-way-through", 0x1C4u) })
        {
            InodeId dir = (await client.MakeDirectory(Caller.Root, top, name.Name(), mode).Ok()).Ino;
            await client.CreateFile(Caller.Root, dir, "treasure".Name(), 0x1A4).Ok();
            InodeId below = (await client.MakeDirectory(Caller.Root, dir, "below".Name(), 0x1FF).Ok()).Ino;
            await client.CreateFile(Caller.Root, below, "treasure 2".Name(), 0x1A4).Ok();
        }
        // Cached by root's own search: that must not let anybody else in.
        InodeAttributes root = await AttributesAsync(client, "top");
        using (ISearch all = client.Search(Caller.Root, root, new SearchSpec { Name = "treasure" }))
            Assert.Equal(6, (await EndAsync(all)).Count);

        using ISearch search = client.Search(Alice, root, new SearchSpec { Name = "treasure" });
        List<SearchRow> found = await EndAsync(search);

        Assert.Equal(["no-way-through/treasure", "open/below/treasure 2", "open/treasure"], found.Select(Text).Order());
        Assert.Equal(2, search.Progress.Unreadable);
        Assert.Equal(["no-way-through/below AccessDenied", "secret AccessDenied"], search.Unreadable.Select(u => $"{string.Join('/', u.Folder)} {u.Errno}").Order());
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task Search_WhatGoesAwayLeaves_WhatIsReplacedLeaves_WhatChangesIsShown()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient client = (await mds.GatewayAsync()).Client, other = (await mds.GatewayAsync()).Client;
        InodeId dir = await other.FillAsync("dir", 6);
        using ISearch search = client.Search(Caller.Root, await AttributesAsync(client, "dir"), new SearchSpec { Name = "file" });
        List<SearchRow> found = await EndAsync(search);
        Assert.Equal(6, found.Count);

        await other.Remove(Caller.Root, dir, found[0].Entry).Ok();
        await other.Rename(Caller.Root, new InodeAddress(dir, found[1].Entry.Name, found[1].Entry.Attributes.Ino), dir, "elsewhere".Name(), noReplace: true).Ok();
        await other.Rename(Caller.Root, new InodeAddress(dir, found[2].Entry.Name, found[2].Entry.Attributes.Ino), dir, found[3].Entry.Name, noReplace: false).Ok();
        (await other.WriteContentAsync(Caller.Root, new InodeAddress(dir, found[4].Entry.Name, found[4].Entry.Attributes.Ino), new MemoryStream(new byte[77]), 77).Soon()).Ok();
        await Eventually.TrueAsync(() => search.Count == 2, "what went to leave");
        OperationJob own = client.MoveManyToTrash(Caller.Root, dir, [found[5].Entry]);
        await own.Completion.Soon();
        await Eventually.TrueAsync(() => search.Count == 1, "the one moved to the trash to leave");

        List<SearchRow> left = [];
        search.Read(0, 10, left);
        Assert.Equal((found[4].Id, 77), (left[0].Id, left[0].Entry.Attributes.Size));
        Assert.Single(search.Resolve([.. found.Select(f => f.Id)]));
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task Search_Cancelled_KeepsWhatItHasAndAsksNoMore()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        IFileSystemClient client = (await mds.GatewayAsync(null, link)).Client;
        await TreeWork.MakeAsync((await mds.GatewayAsync()).Client, "tree");
        InodeAttributes root = await AttributesAsync(client, "tree");
        link.RoundTrip = TimeSpan.FromMilliseconds(100);
        using ISearch search = client.Search(Caller.Root, root, new SearchSpec { Name = "file" });
        await Eventually.TrueAsync(() => search.Count > 0, "something to be found");
        search.Cancel();
        Assert.Equal(SearchState.Cancelled, search.Progress.State);
        Assert.InRange(search.Count, 1, (TreeWork.Directories * TreeWork.FilesEach) - 1);
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task CountTrees_OfASelection_CountsItAndAllThatIsUnderIt()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient client = (await mds.GatewayAsync()).Client;
        InodeAddress tree = await TreeWork.MakeAsync(client, "tree");
        await client.WriteFileAsync(tree.Ino, "content", new byte[12345]);
        await client.WriteFileAsync(InodeId.Root, "beside", new byte[55]);
        using ITreeCount count = client.CountTrees(Caller.Root, [.. (await client.ListAsync(InodeId.Root)).Select(r => r.Entry)]);
        await Eventually.TrueAsync(() => count.IsComplete, "the count");
        Assert.Equal((TreeWork.Directories * (TreeWork.FilesEach + 1) + 2, TreeWork.Directories + 1, 12400, 0), (count.Files, count.Folders, count.Bytes, count.Unreadable));
        await mds.StopAndCheckAsync();
    }

    private static string Text(SearchRow row) => string.Join('/', row.Folder.Append(row.Entry.Name));

    private static async Task<InodeAttributes> AttributesAsync(IFileSystemClient client, string path) =>
        (await client.ResolveAsync(Caller.Root, path.Path()).Soon()).Ok().Attributes;

    private static async Task<List<SearchRow>> EndAsync(ISearch search)
    {
        await Eventually.TrueAsync(() => search.Progress.State != SearchState.Running, "the end of the search");
        List<SearchRow> rows = [];
        search.Read(0, search.Count, rows);
        return rows;
    }
}
