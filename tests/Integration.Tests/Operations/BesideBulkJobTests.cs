using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.Integration.Tests;

/// <summary>What is asked for while a large job has operations that are not taken in yet: it comes after them, as if they were.</summary>
public sealed class BesideBulkJobTests
{
    private const int Files = BulkJobUnderWay.Files;

    private static readonly FileName Outside = $"file-{Files - 1:D5}".Name();

    [Fact]
    public async Task Rename_OfTheDirectory_AllGoFromItUnderItsNewName()
    {
        await using BulkJobUnderWay held = await BulkJobUnderWay.StartAsync();
        await held.AskAsync();
        PendingOperation rename = held.Client.Rename(Caller.Root, Root(held), InodeId.Root, "renamed".Name(), noReplace: true);
        await AllAreDoneAsync(held);
        await rename.Ok();
        Assert.Equal(held.Directory, (await held.Client.ResolveAsync(Caller.Root, "renamed".Path()).Soon()).Ok().Attributes.Ino);
        Assert.Empty(await held.Client.ListAsync(held.Directory));
    }

    [Fact]
    public async Task RemoveTree_OfTheDirectory_BothSayDoneOfAll()
    {
        await using BulkJobUnderWay held = await BulkJobUnderWay.StartAsync();
        await held.AskAsync();
        OperationJob tree = held.Client.RemoveTree(Caller.Root, Root(held));
        await AllAreDoneAsync(held);
        await tree.Completion.Soon();
        Assert.Equal((0, 0), (tree.Failed, tree.Cancelled));
        Assert.Equal(FsErrno.NoEntry, (await held.Client.ResolveAsync(Caller.Root, "bulk".Path()).Soon()).Errno);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RemovalOfTheDirectory_WaitsForAllThatIsToGoFromIt(bool toTrash)
    {
        await using BulkJobUnderWay held = await BulkJobUnderWay.StartAsync();
        DirectoryEntry bulk = Assert.Single(await held.Client.ListAsync(InodeId.Root), r => r.Entry.Attributes.Ino == held.Directory).Entry;
        await held.AskAsync();
        PendingOperation removal = toTrash ? held.Client.MoveToTrash(Caller.Root, InodeId.Root, bulk) : held.Client.Remove(Caller.Root, InodeId.Root, bulk);
        Assert.Equal(Files + 1, held.Client.Operations.PendingCount);
        await AllAreDoneAsync(held);
        Assert.Equal(FsErrno.Ok, await removal.ErrnoAsync());
        if (toTrash)
            Assert.Equal(0, Assert.Single((await held.Client.ListTrashAsync(Caller.Root, null, 10, false).Soon()).Ok()).Attributes.Size);
    }

    [Fact]
    public async Task Create_OfANameThatIsToGo_ComesAfterItsRemoval()
    {
        await using BulkJobUnderWay held = await BulkJobUnderWay.StartAsync();
        await held.AskAsync();
        PendingOperation create = held.Client.CreateFile(Caller.Root, held.Directory, Outside, 0x1A4);
        await AllAreDoneAsync(held);
        await create.Ok();
        Assert.Equal([Outside.ToString()], (await held.Client.ListAsync(held.Directory)).Names());
    }

    [Fact]
    public async Task Write_ToWhatIsToGo_IsToldThatItIsGone()
    {
        await using BulkJobUnderWay held = await BulkJobUnderWay.StartAsync();
        DirectoryEntry entry = (await held.View.ListAsync())[^1].Entry;
        await held.AskAsync();
        Task<FsResult<InodeAttributes>> write = held.Client.WriteContentAsync(Caller.Root, new InodeAddress(held.Directory, entry.Name, entry.Attributes.Ino), new MemoryStream([1, 2, 3]), 3);
        await AllAreDoneAsync(held);
        Assert.NotEqual(FsErrno.Ok, (await write.Soon()).Errno);
        Assert.Empty(await held.Client.ListAsync(held.Directory));
    }

    [Fact]
    public async Task Move_OfSomeOfTheSame_FindsThemGone_AndEachIsToldOnce()
    {
        await using BulkJobUnderWay held = await BulkJobUnderWay.StartAsync();
        InodeId elsewhere = (await held.Client.MakeDirectory(Caller.Root, InodeId.Root, "elsewhere".Name(), 0x1FF).Ok()).Ino;
        DirectoryEntry[] some = [.. (await held.View.ListAsync()).TakeLast(100).Select(r => r.Entry)];
        await held.AskAsync();
        OperationJob move = held.Client.Transfer(new TransferRequest
        {
            Kind = JobKind.Move,
            Title = "Move 100 items",
            Caller = Caller.Root,
            Items = [.. some.Select(e => new TransferItem(new InodeAddress(held.Directory, e.Name, e.Attributes.Ino), e.Attributes, elsewhere, e.Name))],
        });
        await AllAreDoneAsync(held);
        await move.Completion.Soon();
        Assert.Equal((0, 100), (move.Done, move.Failed));
        Assert.Equal(100, move.Failures.Select(f => f.Path[^1]).Distinct().Count());
        Assert.Empty(await held.Client.ListAsync(elsewhere));
    }

    [Fact]
    public async Task Flush_WaitsForWhatIsNotTakenIn()
    {
        await using BulkJobUnderWay held = await BulkJobUnderWay.StartAsync();
        await held.AskAsync();
        Task<(FsErrno Errno, long ErrorSequence)> flush = held.Client.FlushDirectoryAsync(held.Directory, 0);
        held.Line.Stalled = false;
        Assert.Equal(FsErrno.Ok, (await flush.Soon()).Errno);
        Assert.Equal((Files, true), (held.Job.Done, held.Job.IsFinished));
    }

    [Fact]
    public async Task Cancel_WithSomeTakenInAheadOfTheirTurn_EachIsCountedOnce()
    {
        await using BulkJobUnderWay held = await BulkJobUnderWay.StartAsync();
        await held.AskAsync();
        PendingOperation[] creates = [.. Enumerable.Range(1, 50).Select(i => held.Client.CreateFile(Caller.Root, held.Directory, $"file-{Files - (i * 7):D5}".Name(), 0x1A4))];
        held.Job.Cancel();
        held.Line.Stalled = false;
        await held.Job.Completion.Soon();
        foreach (PendingOperation create in creates)
            await create.ErrnoAsync();
        Assert.Equal((Files, 0), (held.Job.Done + held.Job.Cancelled, held.Job.Failed));
        Assert.Equal(held.Job.Cancelled + creates.Count(c => c.State == OperationState.Done), (await held.Client.ListAsync(held.Directory)).Count);
    }

    [Fact]
    public async Task Undo_WhileItIsTakenIn_EverythingIsBack()
    {
        await using BulkJobUnderWay held = await BulkJobUnderWay.StartAsync();
        List<string> before = [.. (await held.View.ListAsync()).Names()];
        await held.AskAsync(toTrash: true);
        Task<OperationJob?> undo = held.Client.Operations.UndoAsync(held.Job);
        held.Line.Stalled = false;
        OperationJob back = (await undo.Soon())!;
        await back.Completion.Soon();
        Assert.Equal(0, back.Failed + back.Cancelled);
        Assert.Equal(before, (await held.Client.ListAsync(held.Directory)).Names());
        Assert.Empty((await held.Client.ListTrashAsync(Caller.Root, null, 10, false).Soon()).Ok());
    }

    private static InodeAddress Root(BulkJobUnderWay held) => new(InodeId.Root, "bulk".Name(), held.Directory);

    private static async Task AllAreDoneAsync(BulkJobUnderWay held)
    {
        held.Line.Stalled = false;
        await held.Job.TakenIn.Soon();
        await held.Job.Completion.Soon();
        Assert.Equal((Files, 0, 0), (held.Job.Done, held.Job.Failed, held.Job.Cancelled));
    }
}
