using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.TestKit;

namespace Capstan.Integration.Tests;

/// <summary>Attributes changed on whole trees, with real processes.</summary>
public sealed class AttributeTreeTests
{
    [Fact]
    public async Task ChangeAttributes_OfATree_EveryEntryOnceAndFilesExecutableOnlyWhereTheyAre()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient client = (await mds.GatewayAsync()).Client;
        InodeAddress tree = await TreeWork.MakeAsync(client, "tree");
        await client.CreateFile(Caller.Root, tree.Ino, "script".Name(), 0x1E4).Ok();
        await client.CreateFile(Caller.Root, InodeId.Root, "beside".Name(), 0x1A4).Ok();
        DirectoryEntry root = (await client.ListAsync(InodeId.Root)).Single(r => r.Entry.Name == tree.Name).Entry;

        // What is taken from the directories does not bar the way to what is in them, for one who is not root.
        OperationJob give = client.ChangeAttributes(Caller.Root, [(InodeId.Root, root)], new AttributeChange { Uid = 1000, Gid = 1000 }, enclosed: true);
        await give.Completion.Soon("the end of the job");
        Assert.Equal((TreeWork.Entries + 1, TreeWork.Entries + 1, 0, JobKind.Attributes), (give.Total, give.Done, give.Failed, give.Kind));
        Caller owner = new(1000, 1000, []);
        root = (await client.ListAsync(InodeId.Root)).Single(r => r.Entry.Name == tree.Name).Entry;
        OperationJob job = client.ChangeAttributes(owner, [(InodeId.Root, root)], new AttributeChange { SetBits = 0x49, ClearBits = 0x1B6, ExecuteWhereItIs = true }, enclosed: true);
        await job.Completion.Soon("the end of the job");

        Assert.Equal((TreeWork.Entries + 1, 0, 0), (job.Done, job.Failed, job.Cancelled));
        using ISearch all = client.Search(Caller.Root, (await client.ResolveAsync(Caller.Root, "tree".Path()).Soon()).Ok().Attributes, new SearchSpec { Kinds = SearchKinds.Files | SearchKinds.Folders });
        await Eventually.TrueAsync(() => all.Progress.State == SearchState.Complete, "the search");
        List<SearchRow> rows = [];
        all.Read(0, all.Count, rows);
        Assert.All(rows.Where(r => r.Entry.Attributes.IsDirectory || r.Entry.Name == "script".Name()), r => Assert.Equal(0x49u, r.Entry.Attributes.Mode & 0x1FF));
        Assert.All(rows.Where(r => !r.Entry.Attributes.IsDirectory && r.Entry.Name != "script".Name()), r => Assert.Equal(0u, r.Entry.Attributes.Mode & 0x1FF));
        Assert.Equal(0x1A4u, (await client.ResolveAsync(Caller.Root, "beside".Path()).Soon()).Ok().Attributes.Mode & 0x1FF);
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task ChangeAttributes_OfEntriesOfSeveralDirectories_EachAsItIsByNow()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient client = (await mds.GatewayAsync()).Client, other = (await mds.GatewayAsync()).Client;
        InodeId first = (await client.MakeDirectory(Caller.Root, InodeId.Root, "first".Name(), 0x1ED).Ok()).Ino, second = (await client.MakeDirectory(Caller.Root, InodeId.Root, "second".Name(), 0x1ED).Ok()).Ino;
        InodeId tree = (await client.MakeDirectory(Caller.Root, second, "hit tree".Name(), 0x1ED).Ok()).Ino;
        await client.CreateFile(Caller.Root, first, "hit".Name(), 0x1A4).Ok();
        await client.CreateFile(Caller.Root, first, "hit replaced".Name(), 0x1A4).Ok();
        await client.CreateFile(Caller.Root, tree, "inner".Name(), 0x1A4).Ok();
        using ISearch search = client.Search(Caller.Root, (await client.ResolveAsync(Caller.Root, []).Soon()).Ok().Attributes, new SearchSpec { Name = "hit" });
        await Eventually.TrueAsync(() => search.Progress.State == SearchState.Complete, "the search");
        List<SearchRow> found = [];
        search.Read(0, 10, found);
        DirectoryRow hit = (await other.ListAsync(first)).Single(r => r.Entry.Name == "hit".Name());
        Assert.True((await other.SetAttributesAsync(Caller.Root, new SetAttrOperation(new InodeAddress(first, hit.Entry.Name, hit.Entry.Attributes.Ino)) { Mode = 0x180 }).Soon()).IsOk);
        await other.Remove(Caller.Root, first, (await other.ListAsync(first)).Single(r => r.Entry.Name == "hit replaced".Name()).Entry).Ok();
        await other.CreateFile(Caller.Root, first, "hit replaced".Name(), 0x1A4).Ok();

        OperationJob job = client.ChangeAttributes(Caller.Root, [.. found.Select(r => (r.Directory, r.Entry))], new AttributeChange { SetBits = 0x10 }, enclosed: true);
        await job.Completion.Soon("the end of the job");

        Assert.Equal((3, 1, 0), (job.Done, job.Failed, job.Cancelled));
        Assert.Equal("hit replaced Stale", string.Join(';', job.Failures.Select(f => $"{f.Path[^1]} {f.Errno}")));
        uint[] modes = [.. (await other.ListAsync(first)).Concat(await other.ListAsync(second)).Concat(await other.ListAsync(tree)).Select(r => r.Entry.Attributes.Mode & 0x1FF)];
        Assert.Equal([0x190u, 0x1A4u, 0x1FDu, 0x1B4u], modes);
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task ChangeAttributes_APartIsNotTheCallers_TheRestIsDoneAndEachRefusalIsNamed()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient client = (await mds.GatewayAsync()).Client;
        Caller alice = new(1000, 1000, []);
        InodeId top = (await client.MakeDirectory(Caller.Root, InodeId.Root, "tree".Name(), 0x1FF).Ok()).Ino;
        await client.CreateFile(alice, top, "mine".Name(), 0x1A4).Ok();
        await client.CreateFile(Caller.Root, top, "theirs".Name(), 0x1A4).Ok();
        DirectoryEntry tree = (await client.ListAsync(InodeId.Root)).Single(r => r.Entry.Name == "tree".Name()).Entry;

        OperationJob job = client.ChangeAttributes(alice, [(InodeId.Root, tree)], new AttributeChange { ClearBits = 0x3F }, enclosed: true);
        await job.Completion.Soon("the end of the job");

        Assert.Equal((1, 2), (job.Done, job.Failed));
        Assert.Equal(["tree NotPermitted", "tree/theirs NotPermitted"], job.Failures.Select(f => $"{string.Join('/', f.Path.Select(n => n.ToString()))} {f.Errno}").Order());
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task ChangeAttributes_Cancelled_TheCountsAddUp()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        IFileSystemClient client = (await mds.GatewayAsync(o => o with { MaxInFlight = 300 }, link)).Client;
        await TreeWork.MakeAsync((await mds.GatewayAsync()).Client, "tree");
        DirectoryEntry tree = Assert.Single(await client.ListAsync(InodeId.Root)).Entry;
        link.RoundTrip = TimeSpan.FromMilliseconds(50);
        OperationJob job = client.ChangeAttributes(Caller.Root, [(InodeId.Root, tree)], new AttributeChange { Uid = 7 }, enclosed: true);
        await Eventually.TrueAsync(() => job.Done > 0, "a part of it to be done");
        job.Cancel();
        await job.Completion.Soon("the end of what was sent");
        Assert.Equal((0, job.Total), (job.Failed, job.Done + job.Cancelled));
        Assert.True(job.Cancelled > 0);
        await mds.StopAndCheckAsync();
    }
}
