using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests;

/// <summary>What a person answers to a job that has failed, over the death of their gateway.</summary>
public sealed class JournalRetryTests
{
    [Theory]
    [InlineData(JournalTests.What.Delete)]
    [InlineData(JournalTests.What.Trash)]
    [InlineData(JournalTests.What.Attributes)]
    [InlineData(JournalTests.What.Move)]
    public async Task Retry_OfWhatFailed_IsNotForgottenByACrash(JournalTests.What what)
    {
        const int Some = 20;
        Caller user = new(1000, 1000, []);
        using TempDirectory journal = new();
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient observer = (await mds.GatewayAsync()).Client;
        InodeId from = await observer.FillAsync("dir", Some);
        InodeId to = (await observer.MakeDirectory(Caller.Root, InodeId.Root, "to".Name(), 0x1FF).Ok()).Ino;
        await ChangeAsync(InodeId.Root, [await DirectoryAsync()], new AttributeChange { ClearBits = 0x1FF, SetBits = 0x1ED });
        List<DirectoryRow> rows = await observer.ListAsync(from);
        DirectoryEntry[] entries = [.. rows.Select(r => r.Entry)];
        string first = journal.File("first"), second = journal.File("second");
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        IFileSystemClient killed = (await mds.GatewayAsync(o => o with { ClientName = JournalTests.Killed, JournalDirectory = first, MaxInFlightPerDirectory = 1 }, link)).Client;

        // All of them are refused.
        OperationJob job = Begin(killed, [.. entries.Take(Some / 2)]);
        await Eventually.TrueAsync(() => job.Failed == Some / 2, "the refusals", state: () => $"{job.Failed} {job.Done}");
        PendingOperation[] failed = [.. killed.Operations.FailedIn(from)];
        Assert.Equal(Some / 2, failed.Length);
        await ChangeAsync(InodeId.Root, [await DirectoryAsync()], new AttributeChange { SetBits = 0x1FF });
        await ChangeAsync(from, entries, new AttributeChange { Uid = user.Uid });
        link.Stalled = true;
        killed.Operations.Retry(failed);
        Assert.Equal(0, killed.Operations.FailedCount);
        JournalTests.Copy(first, second);

        IFileSystemClient client = (await mds.GatewayAsync(o => o with { ClientName = JournalTests.Killed, JournalDirectory = second })).Client;
        OperationJob again = Assert.Single(client.Operations.Jobs(), j => j.Total == Some / 2);
        await again.Completion.Soon("the end of what was tried again");
        Assert.Equal((Some / 2, 0, job.Kind), (again.Done, again.Failed, again.Kind));
        List<DirectoryRow> left = await observer.ListAsync(from);
        if (what == JournalTests.What.Attributes)
            Assert.Equal(Some / 2, left.Count(r => (r.Entry.Attributes.Mode & InodeAttributes.PermissionMask) == 0x180u));
        else
            Assert.Equal(rows.Skip(Some / 2).ToList().Names(), left.Names());
        Assert.Equal(what == JournalTests.What.Move ? rows.Take(Some / 2).ToList().Names() : [], (await observer.ListAsync(to)).Names());

        async Task<DirectoryEntry> DirectoryAsync() => new("dir".Name(), (await observer.ResolveAsync(Caller.Root, "dir".Path()).Soon()).Ok().Attributes);

        async Task ChangeAsync(InodeId of, DirectoryEntry[] changed, AttributeChange change)
        {
            OperationJob done = observer.ChangeAttributes(Caller.Root, [.. changed.Select(e => (of, e))], change, enclosed: false);
            await done.Completion.Soon();
            Assert.Equal(0, done.Failed);
        }

        OperationJob Begin(IFileSystemClient by, DirectoryEntry[] some) => what switch
        {
            JournalTests.What.Delete => by.RemoveMany(user, from, some),
            JournalTests.What.Trash => by.MoveManyToTrash(user, from, some),
            JournalTests.What.Attributes => by.ChangeAttributes(user, [.. some.Select(e => (from, e))], new AttributeChange { ClearBits = 0x1FF, SetBits = 0x180 }, enclosed: false),
            _ => by.Transfer(new TransferRequest { Kind = JobKind.Move, Title = "Move", Caller = user, Items = [.. some.Select(e => TransferItem.Into(to, from, e))] }),
        };
    }

    [Fact]
    public async Task Answers_PausedAndGoneOnWith_AreNotForgottenByACrash()
    {
        using TempDirectory journal = new();
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient observer = (await mds.GatewayAsync()).Client;
        InodeId from = await observer.FillAsync("from", 4), to = await observer.FillAsync("to", 3);
        DirectoryEntry[] entries = [.. (await observer.ListAsync(from)).Select(r => r.Entry)], there = [.. (await observer.ListAsync(to)).Select(r => r.Entry)];
        string first = journal.File("first"), second = journal.File("second");
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        IFileSystemClient killed = (await mds.GatewayAsync(o => o with { ClientName = JournalTests.Killed, JournalDirectory = first }, link)).Client;
        OperationJob job = killed.Transfer(new TransferRequest { Kind = JobKind.Move, Title = "Move", Caller = Caller.Root, Items = [.. entries.Select(e => TransferItem.Into(to, from, e))] });
        await Eventually.TrueAsync(() => job.Conflicts.Count == 3 && job.Done == 1, "three questions", state: () => $"{job.Conflicts.Count} {job.Done}");
        job.Pause();
        link.Stalled = true;
        JobConflict skipped = job.Conflicts.Single(c => c.Existing.Ino == there[0].Attributes.Ino);
        job.Answer(skipped, ConflictChoice.Skip, forAll: false);
        job.Answer(job.Conflicts[0], ConflictChoice.Replace, forAll: true);
        job.Resume();
        JournalTests.Copy(first, second);

        // Nobody asks again, and nobody has to say that it is to go on.
        IFileSystemClient client = (await mds.GatewayAsync(o => o with { ClientName = JournalTests.Killed, JournalDirectory = second })).Client;
        OperationJob resumed = Assert.Single(client.Operations.Jobs());
        await resumed.Completion.Soon("the end of the job");
        Assert.Equal((3, 0, 1), (resumed.Done, resumed.Failed, resumed.Cancelled));
        Assert.Equal([there[0].Attributes.Ino, .. entries.Skip(1).Select(e => e.Attributes.Ino)], (await observer.ListAsync(to)).Select(r => r.Entry.Attributes.Ino));
        Assert.Equal([entries[0].Name.ToString()], (await observer.ListAsync(from)).Names());
    }
}
