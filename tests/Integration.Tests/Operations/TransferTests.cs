using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.TestKit;

namespace Capstan.Integration.Tests;

/// <summary>Copies and moves against a real MDS: what arrives, what is asked, what comes back.</summary>
public sealed class TransferTests
{
    [Fact]
    public async Task Copy_OfATree_EverythingArrivesAndTheUndoTakesItAway()
    {
        await using Rig rig = await Rig.StartAsync();
        IFileSystemClient client = (await rig.GatewayAsync()).Client;
        (InodeId from, InodeId to) = await PlacesAsync(client);
        InodeId tree = (await client.MakeDirectory(Caller.Root, from, "tree".Name(), 0x1ED).Ok()).Ino;
        InodeId inner = (await client.MakeDirectory(Caller.Root, tree, "inner".Name(), 0x140).Ok()).Ino;
        await client.WriteFileAsync(inner, "odd \n%# -name\u202e", [1, 2, 3]);
        await client.MakeSymlink(Caller.Root, tree, "away".Name(), "/nowhere/at/all"u8.ToArray()).Ok();
        await client.MakeDirectory(Caller.Root, tree, "empty".Name(), 0x1C0).Ok();
        InodeAddress innerAt = new(tree, "inner".Name(), inner);
        Assert.Equal(FsErrno.Ok, await client.SetXattrAsync(Caller.Root, innerAt, "user.k"u8.ToArray(), "v"u8.ToArray(), XattrMode.Either).Soon());
        (await client.SetAttributesAsync(Caller.Root, new SetAttrOperation(innerAt) { MtimeNs = 12_345, Uid = 7, Gid = 8 }).Soon()).Ok();

        OperationJob job = await CopyAsync(client, from, to, "tree");
        Assert.Equal((5, 0, 0, JobState.Finished, 3L), (job.Done, job.Failed, job.Cancelled, job.State, job.BytesDone));
        Assert.Equal(["away", "empty", "inner"], (await ListAsync(client, to, "tree")).Names());
        DirectoryRow copied = (await ListAsync(client, to, "tree"))[2];
        Assert.Equal((0x140u, 7u, 8u, 12_345L), (copied.Entry.Attributes.Mode & 0xFFF, copied.Entry.Attributes.Uid, copied.Entry.Attributes.Gid, copied.Entry.Attributes.MtimeNs));
        Assert.NotEqual(inner, copied.Entry.Attributes.Ino);
        InodeId treeCopy = (await ListAsync(client, to))[0].Entry.Attributes.Ino;
        Assert.Equal("v"u8.ToArray(), (await client.GetXattrAsync(Caller.Root, new InodeAddress(treeCopy, "inner".Name(), copied.Entry.Attributes.Ino), "user.k"u8.ToArray()).Soon()).Ok());
        DirectoryRow file = Assert.Single(await ListAsync(client, copied.Entry.Attributes.Ino));
        Assert.Equal([1, 2, 3], await client.ReadFileAsync(new InodeAddress(copied.Entry.Attributes.Ino, file.Entry.Name, file.Entry.Attributes.Ino)));
        DirectoryRow link = (await ListAsync(client, to, "tree"))[0];
        Assert.Equal("/nowhere/at/all"u8.ToArray(), (await client.ReadLinkAsync(Caller.Root, new InodeAddress(treeCopy, link.Entry.Name, link.Entry.Attributes.Ino)).Soon()).Ok());

        Assert.True(job.CanUndo);
        await UndoAsync(client, job);
        Assert.Empty(await ListAsync(client, to));
        Assert.Equal(["tree"], (await ListAsync(client, from)).Names());
        Assert.Null(await client.Operations.UndoAsync(job).Soon());
    }

    [Fact]
    public async Task Copy_IntoItself_IsRefused()
    {
        await using Rig rig = await Rig.StartAsync();
        IFileSystemClient client = (await rig.GatewayAsync()).Client;
        InodeId outer = (await client.MakeDirectory(Caller.Root, InodeId.Root, "outer".Name(), 0x1FF).Ok()).Ino;
        InodeId deep = (await client.MakeDirectory(Caller.Root, outer, "deep".Name(), 0x1FF).Ok()).Ino;
        (await client.ResolveAsync(Caller.Root, "outer/deep".Path()).Soon()).Ok();
        foreach (InodeId into in new[] { outer, deep })
        {
            OperationJob job = await CopyAsync(client, InodeId.Root, into, "outer");
            Assert.Equal((0, 1, FsErrno.Invalid), (job.Done, job.Failed, Assert.Single(job.Failures).Errno));
        }
        OperationJob move = await MoveAsync(client, InodeId.Root, deep, "outer");
        Assert.Equal(FsErrno.Invalid, Assert.Single(move.Failures).Errno);
        Assert.Equal(["deep"], (await ListAsync(client, outer)).Names());
        Assert.Empty(await ListAsync(client, deep));
    }

    [Fact]
    public async Task Copy_IntoAPlaceInsideThatNoPathIsKnownOf_Ends()
    {
        await using Rig rig = await Rig.StartAsync();
        IFileSystemClient maker = (await rig.GatewayAsync()).Client, client = (await rig.GatewayAsync()).Client;
        InodeId outer = (await maker.MakeDirectory(Caller.Root, InodeId.Root, "outer".Name(), 0x1FF).Ok()).Ino;
        InodeId deep = (await maker.MakeDirectory(Caller.Root, outer, "deep".Name(), 0x1FF).Ok()).Ino;
        OperationJob job = await CopyAsync(client, InodeId.Root, deep, "outer");
        Assert.Equal((2, 0), (job.Done, job.Failed));
        Assert.Empty(await ListAsync(client, (await ListAsync(client, (await ListAsync(client, deep))[0].Entry.Attributes.Ino))[0].Entry.Attributes.Ino));
    }

    [Fact]
    public async Task Duplicate_InItsOwnPlace_NumbersTheNames()
    {
        await using Rig rig = await Rig.StartAsync();
        IFileSystemClient client = (await rig.GatewayAsync()).Client;
        (InodeId from, _) = await PlacesAsync(client);
        await client.WriteFileAsync(from, "report.txt", [1]);
        await client.MakeDirectory(Caller.Root, from, "v1.2".Name(), 0x1FF).Ok();
        await CopyAsync(client, from, from, "report.txt", "v1.2");
        await CopyAsync(client, from, from, "report.txt");
        Assert.Equal(["report (2).txt", "report (3).txt", "report.txt", "v1.2", "v1.2 (2)"], (await ListAsync(client, from)).Names());
    }

    [Fact]
    public async Task Conflict_IsAskedOnceWithBothSides_TheRestGoesOn()
    {
        await using Rig rig = await Rig.StartAsync();
        IFileSystemClient client = (await rig.GatewayAsync()).Client;
        (InodeId from, InodeId to) = await PlacesAsync(client);
        foreach (string name in new[] { "a", "b", "c", "free" })
            await client.WriteFileAsync(from, name, [1, 2]);
        foreach (string name in new[] { "a", "b", "c" })
            await client.WriteFileAsync(to, name, [9]);

        OperationJob job = client.Transfer(await RequestAsync(client, JobKind.Move, from, to, "a", "b", "c", "free"));
        await Eventually.TrueAsync(() => job.Done == 1 && job.Conflicts.Count == 3, "three questions, and the rest done");
        Assert.Equal(("your answer to 3 conflicts", JobState.Running), (job.WaitingFor, job.State));
        JobConflict first = job.Conflicts.First(c => c.Path[0] == "a".Name());
        Assert.Equal((2L, 1L), (first.Source.Size, first.Existing.Size));
        job.Answer(first, ConflictChoice.Skip, forAll: false);
        await Eventually.TrueAsync(() => job.Cancelled == 1, "the one that was skipped");
        job.Answer(job.Conflicts[0], ConflictChoice.Replace, forAll: true);
        await job.Completion.Soon();
        Assert.Equal((3, 0, 1, false), (job.Done, job.Failed, job.Cancelled, job.WasCancelled));
        Assert.Equal(["a"], (await ListAsync(client, from)).Names());
        Assert.Equal([1L, 2, 2, 2], (await ListAsync(client, to)).Select(r => r.Entry.Attributes.Size));
        Assert.Equal(0, client.Operations.FailedCount);

        // What was replaced is in the trash, and an undo puts everything back.
        Assert.Equal(2, (await client.ListTrashAsync(Caller.Root).Soon()).Ok().Count);
        await UndoAsync(client, job);
        Assert.Equal(["a", "b", "c", "free"], (await ListAsync(client, from)).Names());
        Assert.Equal([1L, 1, 1], (await ListAsync(client, to)).Select(r => r.Entry.Attributes.Size));
        Assert.Empty((await client.ListTrashAsync(Caller.Root).Soon()).Ok());
    }

    [Fact]
    public async Task Conflict_WhatIsThereIsAnotherByTheAnswer_IsAskedAnew()
    {
        await using Rig rig = await Rig.StartAsync();
        IFileSystemClient client = (await rig.GatewayAsync()).Client, other = (await rig.GatewayAsync()).Client;
        (InodeId from, InodeId to) = await PlacesAsync(client);
        await client.WriteFileAsync(from, "a", [1, 2]);
        InodeAddress old = await client.WriteFileAsync(to, "a", [9]);
        OperationJob job = client.Transfer(await RequestAsync(client, JobKind.Copy, from, to, "a"));
        await Eventually.TrueAsync(() => job.Conflicts.Count == 1, "the question");
        await other.Remove(Caller.Root, to, new DirectoryEntry(old.Name, (await ListAsync(other, to))[0].Entry.Attributes)).Ok();
        InodeAddress replaced = await other.WriteFileAsync(to, "a", [7, 7, 7]);
        job.Answer(job.Conflicts[0], ConflictChoice.Replace, forAll: false);
        await Eventually.TrueAsync(() => job.Conflicts.Count == 1 && job.Conflicts[0].Existing.Ino == replaced.Ino, "the question about the other");
        job.Answer(job.Conflicts[0], ConflictChoice.KeepBoth, forAll: false);
        await job.Completion.Soon();
        Assert.Equal(["a", "a (2)"], (await ListAsync(client, to)).Names());
    }

    [Fact]
    public async Task Move_OntoADirectoryOfTheName_MergesAndTheUndoPartsThemAgain()
    {
        await using Rig rig = await Rig.StartAsync();
        IFileSystemClient client = (await rig.GatewayAsync()).Client;
        (InodeId from, InodeId to) = await PlacesAsync(client);
        InodeId mine = (await client.MakeDirectory(Caller.Root, from, "photos".Name(), 0x1ED).Ok()).Ino;
        InodeId theirs = (await client.MakeDirectory(Caller.Root, to, "photos".Name(), 0x1FF).Ok()).Ino;
        InodeId mineIn = (await client.MakeDirectory(Caller.Root, mine, "2024".Name(), 0x1FF).Ok()).Ino;
        await client.MakeDirectory(Caller.Root, theirs, "2024".Name(), 0x1FF).Ok();
        await client.WriteFileAsync(mineIn, "new", [1]);
        await client.WriteFileAsync(mine, "same", [1, 2]);
        await client.WriteFileAsync(theirs, "same", [9]);

        OperationJob job = client.Transfer(await RequestAsync(client, JobKind.Move, from, to, "photos"));
        await Eventually.TrueAsync(() => job.Conflicts.Count == 1, "the question whether to merge");
        Assert.True(job.Conflicts[0].IsMerge);
        job.Answer(job.Conflicts[0], ConflictChoice.Replace, forAll: false);
        await Eventually.TrueAsync(() => job.Conflicts is [{ IsMerge: false }], "the question about the file in it");
        Assert.Equal(["photos", "same"], job.Conflicts[0].Path.Select(n => n.ToString()));
        job.Answer(job.Conflicts[0], ConflictChoice.KeepBoth, forAll: false);
        await job.Completion.Soon();
        Assert.Equal((4, 0, 0), (job.Done, job.Failed, job.Cancelled));
        Assert.Empty(await ListAsync(client, from));
        Assert.Equal(["2024", "same", "same (2)"], (await ListAsync(client, theirs)).Names());

        await UndoAsync(client, job);
        Assert.Equal(["2024", "same"], (await ListAsync(client, theirs)).Names());
        DirectoryRow again = Assert.Single(await ListAsync(client, from));
        Assert.Equal(("photos", 0x1EDu), (again.Entry.Name.ToString(), again.Entry.Attributes.Mode & 0xFFF));
        Assert.Equal(["2024", "same"], (await ListAsync(client, again.Entry.Attributes.Ino)).Names());
        Assert.Single(await ListAsync(client, from, "photos", "2024"));
    }

    [Fact]
    public async Task Move_OfAnEntryThatWasReplaced_TouchesNothing()
    {
        await using Rig rig = await Rig.StartAsync();
        IFileSystemClient client = (await rig.GatewayAsync()).Client, other = (await rig.GatewayAsync()).Client;
        (InodeId from, InodeId to) = await PlacesAsync(client);
        await client.WriteFileAsync(from, "a", [1]);
        TransferRequest move = await RequestAsync(client, JobKind.Move, from, to, "a"), copy = move with { Kind = JobKind.Copy };
        await other.Remove(Caller.Root, from, (await ListAsync(other, from))[0].Entry).Ok();
        await other.WriteFileAsync(from, "a", [2]);
        foreach (TransferRequest request in new[] { move, copy })
        {
            OperationJob job = client.Transfer(request);
            await job.Completion.Soon();
            Assert.Equal((0, 1, FsErrno.Stale), (job.Done, job.Failed, Assert.Single(job.Failures).Errno));
        }
        Assert.Empty(await ListAsync(client, to));
    }

    [Fact]
    public async Task PauseAndCancel_OfACopy_WhatWasBegunEnds()
    {
        await using Rig rig = await Rig.StartAsync();
        IFileSystemClient client = (await rig.GatewayAsync()).Client;
        (InodeId from, InodeId to) = await PlacesAsync(client);
        for (int i = 0; i < 3; i++)
            await client.WriteFileAsync(from, $"f{i}", [1]);
        await client.WriteFileAsync(to, "f0", [1]);
        OperationJob job = client.Transfer(await RequestAsync(client, JobKind.Copy, from, to, "f0", "f1", "f2"));
        await Eventually.TrueAsync(() => job.Conflicts.Count == 1 && job.Done == 2, "the question");
        job.Pause();
        Assert.Equal((JobState.Paused, null), (job.State, job.WaitingFor));
        job.Answer(job.Conflicts[0], ConflictChoice.KeepBoth, forAll: false);
        Assert.Equal(JobState.Paused, job.State);
        job.Cancel();
        await job.Completion.Soon();
        Assert.Equal((2, 1, true), (job.Done, job.Cancelled, job.WasCancelled));
        Assert.Equal(["f0", "f1", "f2"], (await ListAsync(client, to)).Names());
    }

    [Theory]
    [InlineData(JobKind.Copy)]
    [InlineData(JobKind.Move)]
    public async Task Transfer_MdsKilledMidway_EachEntryArrivesOnce(JobKind kind)
    {
        const int Files = 3000;
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        IFileSystemClient client = (await mds.GatewayAsync(through: link)).Client;
        InodeId from = await client.FillAsync("dir", Files);
        InodeId to = (await client.MakeDirectory(Caller.Root, InodeId.Root, "to".Name(), 0x1FF).Ok()).Ino;
        List<DirectoryRow> rows = await client.ListAsync(from);
        link.RoundTrip = TimeSpan.FromMilliseconds(20);
        OperationJob job = client.Transfer(new TransferRequest { Kind = kind, Title = $"{kind}", Caller = Caller.Root, Items = [.. rows.Select(r => TransferItem.Into(to, from, r.Entry))] });
        await Eventually.TrueAsync(() => job.Done >= Files / 4, "a part of it");
        await mds.KillAsync();
        Assert.NotEqual(JobState.Finished, job.State);
        await Eventually.TrueAsync(() => job.WaitingFor == "the metadata server", "words for what it waits for");
        await mds.StartAgainAsync();
        await job.Completion.Soon("the end of the job");
        Assert.Equal((Files, 0, 0), (job.Done, job.Failed, job.Cancelled));
        Assert.Equal(rows.Names(), (await client.ListAsync(to)).Names());
        Assert.Equal(kind == JobKind.Copy ? Files : 0, (await client.ListAsync(from)).Count);
        if (kind == JobKind.Move)
            Assert.Equal(rows.Select(r => r.Entry.Attributes.Ino), (await client.ListAsync(to)).Select(r => r.Entry.Attributes.Ino));
        await mds.StopAndCheckAsync();
    }

    private static async Task<(InodeId From, InodeId To)> PlacesAsync(IFileSystemClient client) => (
        (await client.MakeDirectory(Caller.Root, InodeId.Root, "from".Name(), 0x1FF).Ok()).Ino, (await client.MakeDirectory(Caller.Root, InodeId.Root, "to".Name(), 0x1FF).Ok()).Ino);

    private static async Task<TransferRequest> RequestAsync(IFileSystemClient client, JobKind kind, InodeId from, InodeId to, params string[] names)
    {
        List<DirectoryRow> rows = await ListAsync(client, from);
        return new TransferRequest
        {
            Kind = kind,
            Title = $"{kind} {names.Length} items",
            Caller = Caller.Root,
            Items = [.. names.Select(n => TransferItem.Into(to, from, rows.Single(r => r.Entry.Name == n.Name()).Entry))],
        };
    }

    private static async Task<OperationJob> CopyAsync(IFileSystemClient client, InodeId from, InodeId to, params string[] names)
    {
        OperationJob job = client.Transfer(await RequestAsync(client, JobKind.Copy, from, to, names));
        await job.Completion.Soon();
        return job;
    }

    private static async Task<OperationJob> MoveAsync(IFileSystemClient client, InodeId from, InodeId to, params string[] names)
    {
        OperationJob job = client.Transfer(await RequestAsync(client, JobKind.Move, from, to, names));
        await job.Completion.Soon();
        return job;
    }

    private static async Task UndoAsync(IFileSystemClient client, OperationJob job)
    {
        OperationJob? undo = await client.Operations.UndoAsync(job).Soon();
        Assert.NotNull(undo);
        await undo.Completion.Soon("the end of the undo");
        Assert.Equal((0, 0), (undo.Failed, undo.Cancelled));
    }

    private static async Task<List<DirectoryRow>> ListAsync(IFileSystemClient client, InodeId at, params string[] below)
    {
        foreach (string name in below)
            at = (await client.ListAsync(at)).Single(r => r.Entry.Name == name.Name()).Entry.Attributes.Ino;
        return await client.ListAsync(at);
    }
}
