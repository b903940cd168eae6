using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests;

/// <summary>The trash, with real processes: in, out, for good, and killed in the middle of each.</summary>
public sealed class TrashTests
{
    [Fact]
    public async Task MoveToTrash_AndBack_ContentAndAllIsThere()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient client = (await mds.GatewayAsync()).Client, viewer = (await mds.GatewayAsync()).Client;
        InodeId dir = (await client.MakeDirectory(Caller.Root, InodeId.Root, "dir".Name(), 0x1FF).Ok()).Ino;
        await client.WriteFileAsync(dir, "file", [1, 2, 3]);
        DirectoryRow row = Assert.Single(await client.ListAsync(InodeId.Root));
        PendingOperation moved = client.MoveToTrash(Caller.Root, InodeId.Root, row.Entry);
        await moved.Ok();
        Assert.Empty(await viewer.ListAsync(InodeId.Root));
        TrashEntry entry = Assert.Single((await viewer.ListTrashAsync(Caller.Root).Soon()).Ok());
        Assert.Equal((dir, "dir", InodeId.Root), (entry.Attributes.Ino, entry.Name.ToString(), entry.Directory));
        Assert.Equal(TrashPlace.Of(entry), moved.Trashed);
        await viewer.Restore(Caller.Root, TrashPlace.Of(entry)).Ok();
        Assert.Equal(["dir"], (await client.ListAsync(InodeId.Root)).Names());
        ResolvedPath file = (await client.ResolveAsync(Caller.Root, "dir/file".Path()).Soon()).Ok();
        Assert.Equal([1, 2, 3], await client.ReadFileAsync(file.Address));
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task MoveManyToTrash_MdsKilledMidway_EachIsThereOnceAndTheUndoBringsAllBack()
    {
        const int Files = 6000;
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        IFileSystemClient client = (await mds.GatewayAsync(o => o with { MaxInFlight = 300 }, link)).Client;
        InodeId dir = await client.FillAsync("dir", Files);
        List<DirectoryRow> rows = await client.ListAsync(dir);
        link.RoundTrip = TimeSpan.FromMilliseconds(20);
        OperationJob job = client.MoveManyToTrash(Caller.Root, dir, [.. rows.Select(r => r.Entry)]);
        await KilledMidwayAsync(mds, job, 1000);
        await job.Completion.Soon("the end of the job");
        Assert.Equal((Files, 0), (job.Done, job.Failed));
        Assert.Empty(await client.ListAsync(dir));
        Assert.Equal(Files, (await AllOfTrashAsync(client)).Select(e => e.Attributes.Ino).Distinct().Count());

        OperationJob undo = client.RestoreMany(Caller.Root, job.Trashed);
        await KilledMidwayAsync(mds, undo, 1000);
        await undo.Completion.Soon("the end of the undo");
        Assert.Equal((Files, 0), (undo.Done, undo.Failed));
        Assert.Equal(rows.Select(r => (r.Entry.Name, r.Entry.Attributes.Ino)), (await client.ListAsync(dir)).Select(r => (r.Entry.Name, r.Entry.Attributes.Ino)));
        Assert.Empty(await AllOfTrashAsync(client));
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task Purge_OfATree_MdsKilledBehindTheReply_EverythingIsGoneInTheEnd()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient client = (await mds.GatewayAsync()).Client;
        InodeAddress tree = await TreeWork.MakeAsync(client, "tree");
        await client.WriteFileAsync(tree.Ino, "content", new byte[100]);
        PendingOperation moved = client.MoveToTrash(Caller.Root, InodeId.Root, Assert.Single(await client.ListAsync(InodeId.Root)).Entry);
        await moved.Ok();
        Assert.Equal(FsErrno.Ok, await client.Purge(Caller.Root, moved.Trashed!.Value.Id).ErrnoAsync());
        await mds.KillAsync();
        await mds.StartAgainAsync();
        Assert.Empty(await AllOfTrashAsync(client));
        await Eventually.TrueAsync(
            () => client.StatFsAsync(Caller.Root).Result is { IsOk: true, Value: { Entries: 0, Directories: 1, Bytes: 0 } } && mds.ContentFiles() == 0, "the purge");
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task PurgeTrash_OfEverything_WhileAnotherGatewayHasADirectoryOfItOpen_IsDone()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient client = (await mds.GatewayAsync()).Client, other = (await mds.GatewayAsync()).Client;
        InodeId dir = await client.FillAsync("dir", 50);
        await other.HoldAsync(dir);
        await client.MoveToTrash(Caller.Root, InodeId.Root, Assert.Single(await client.ListAsync(InodeId.Root)).Entry).Ok();
        Assert.Equal(FsErrno.Ok, await client.PurgeTrash(Caller.Root, DateTimeOffset.MaxValue).ErrnoAsync());
        Assert.Empty(await AllOfTrashAsync(client));
        await Eventually.TrueAsync(() => client.StatFsAsync(Caller.Root).Result is { IsOk: true, Value.Entries: 0 }, "the purge");
        await Eventually.TrueAsync(() => other.OpenDirectoryAsync(Caller.Root, dir).Result.Errno == FsErrno.Stale, "the other gateway to see it");
        await mds.StopAndCheckAsync();
    }

    private static async Task KilledMidwayAsync(MdsUnderTest mds, OperationJob job, int done)
    {
        await Eventually.TrueAsync(() => job.Done > done, "a part of it to be done");
        Assert.False(job.IsFinished);
        await mds.KillAsync();
        await mds.StartAgainAsync();
    }

    private static async Task<List<TrashEntry>> AllOfTrashAsync(IFileSystemClient client)
    {
        List<TrashEntry> all = [];
        while ((await client.ListTrashAsync(Caller.Root, all.Count > 0 ? all[^1].Id : null, 500).Soon()).Ok() is { Count: > 0 } page)
            all.AddRange(page);
        return all;
    }
}
