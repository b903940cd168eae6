using Capstan.ClientGateway;
using Capstan.ClientGateway.Jobs;
using Capstan.Shared;
using Capstan.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Capstan.Integration.Tests;

/// <summary>The undo of a job that still runs: the wish outlives the gateway that was asked.</summary>
public sealed class UndoJournalTests
{
    private const int Files = 2000;

    public enum What
    {
        Trash,
        Move,
        Replace,
        Merge,
        Copy,
        CopyOver,
    }

    [Theory]
    [InlineData(What.Trash)]
    [InlineData(What.Move)]
    [InlineData(What.Replace)]
    [InlineData(What.Merge)]
    [InlineData(What.Copy)]
    [InlineData(What.CopyOver)]
    public async Task Undo_GatewayKilledBeforeTheCancelHasEnded_TheNextOneTakesEverythingBack(What what)
    {
        using TempDirectory journal = new();
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient observer = (await mds.GatewayAsync()).Client;
        InodeId from = await observer.FillAsync("dir", Files);
        InodeId above = what == What.Merge ? (await observer.MakeDirectory(Caller.Root, InodeId.Root, "above".Name(), 0x1FF).Ok()).Ino : InodeId.Root;
        InodeId to = (await observer.MakeDirectory(Caller.Root, above, (what == What.Merge ? "dir" : "to").Name(), 0x1FF).Ok()).Ino;
        List<DirectoryRow> rows = await observer.ListAsync(from);
        DirectoryEntry[] entries = [.. rows.Select(r => r.Entry)];
        InodeAttributes tree = (await observer.ResolveAsync(Caller.Root, "dir".Path()).Soon()).Ok().Attributes;
        if (what is What.Replace or What.CopyOver)
        {
            foreach (PendingOperation file in entries.Select(e => observer.CreateFile(Caller.Root, to, e.Name, 0x180)).ToArray())
                await file.Ok();
        }
        List<DirectoryRow> there = await observer.ListAsync(to);

        string first = journal.File("first"), second = journal.File("second");
        await using (DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.FromMilliseconds(20)))
        {
            IFileSystemClient killed = (await mds.GatewayAsync(o => o with { ClientName = JournalTests.Killed, MaxInFlight = 100, JournalDirectory = first }, link)).Client;
            OperationJob job = Start(killed);
            await Eventually.TrueAsync(() => job.Done >= Files / 10, "a part of it", state: () => $"{job.Done}");
            Task<OperationJob?> undo = killed.Operations.UndoAsync(job);
            Assert.True(job.IsToBeUndone);
            JournalTests.Copy(first, second); // The cancel has not ended: what it has on its way may still happen, as after a crash.
            Assert.False(undo.IsCompleted);
        }

        IFileSystemClient client = (await mds.GatewayAsync(o => o with { ClientName = JournalTests.Killed, JournalDirectory = second })).Client;
        await Eventually.TrueAsync(() => client.Operations.Jobs().Count == 2 && client.Operations.Jobs().All(j => j.IsFinished), "the end of the undo", state: () => Describe(client));
        OperationJob back = client.Operations.Jobs()[0];
        await back.Completion.Soon();
        Assert.Equal((0, 0), (back.Failed, back.Cancelled));
        Assert.Equal(entries.Select(e => (e.Name, e.Attributes.Ino)), (await observer.ListAsync((await observer.ResolveAsync(Caller.Root, "dir".Path()).Soon()).Ok().Attributes.Ino)).Select(r => (r.Entry.Name, r.Entry.Attributes.Ino)));
        Assert.Equal(there.Select(r => (r.Entry.Name, r.Entry.Attributes.Ino)), (await observer.ListAsync(to)).Select(r => (r.Entry.Name, r.Entry.Attributes.Ino)));
        await Eventually.TrueAsync(() => Directory.GetFiles(second, "*.job").Length == 0, "an empty journal");
        await mds.StopAndCheckAsync();

        OperationJob Start(IFileSystemClient killed) => what switch
        {
            What.Trash => killed.MoveManyToTrash(Caller.Root, from, entries),
            _ => killed.Transfer(new TransferRequest
            {
                Kind = what is What.Copy or What.CopyOver ? JobKind.Copy : JobKind.Move,
                Title = $"{what}",
                Caller = Caller.Root,
                Conflicts = ConflictChoice.Replace,
                Items = what == What.Merge
                    ? [TransferItem.Into(above, InodeId.Root, new DirectoryEntry("dir".Name(), tree))]
                    : [.. entries.Select(e => TransferItem.Into(to, from, e))],
            }),
        };
    }

    [Fact]
    public async Task Undo_WantedLongAgo_WaitsAsInterruptedUntilItIsResumedOrDiscarded()
    {
        using TempDirectory journal = new();
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient observer = (await mds.GatewayAsync()).Client;
        InodeId from = await observer.FillAsync("dir", 10);
        DirectoryEntry[] entries = [.. (await observer.ListAsync(from)).Select(r => r.Entry)];
        foreach (DirectoryEntry[] some in new[] { entries[..5], entries[5..] })
            await WantedAsync(observer, journal.Path, from, some, ended: false);

        IFileSystemClient client = (await mds.GatewayAsync(o => o with { JournalDirectory = journal.Path, ResumeWithin = TimeSpan.Zero })).Client;
        OperationJob[] interrupted = [.. client.Operations.Jobs()];
        Assert.All(interrupted, j => Assert.Equal((JobState.Interrupted, true), (j.State, j.IsToBeUndone)));
        interrupted[0].Resume();
        await Eventually.TrueAsync(() => client.Operations.Jobs().Any(j => j is { Kind: JobKind.Restore, IsFinished: true }), "the undo of the one", state: () => Describe(client));
        client.Operations.Dismiss(interrupted[1]);
        Assert.Equal(5, (await client.ListAsync(from)).Count);
        await Eventually.TrueAsync(() => Directory.GetFiles(journal.Path, "*.job").Length == 0, "an empty journal");
    }

    [Fact]
    public async Task Undo_WantedAndTheJobHadEnded_IsDoneOnceWhereItsOwnFileIsThereToo()
    {
        using TempDirectory journal = new();
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient observer = (await mds.GatewayAsync()).Client;
        InodeId from = await observer.FillAsync("dir", 10);
        DirectoryEntry[] entries = [.. (await observer.ListAsync(from)).Select(r => r.Entry)];
        await WantedAsync(observer, journal.Path, from, entries, ended: true);
        string kept = journal.File("kept"), both = journal.File("both");
        JournalTests.Copy(journal.Path, kept);

        // The way back is on disk, and the one that it takes back is too.
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        IFileSystemClient client = (await mds.GatewayAsync(o => o with { JournalDirectory = kept, ClientName = JournalTests.Killed }, link)).Client;
        await Eventually.TrueAsync(() => client.Operations.Jobs().Count == 2 && client.Operations.Jobs().All(j => j.IsFinished), "the undo", state: () => Describe(client));
        Assert.Equal(entries.Select(e => e.Attributes.Ino), (await observer.ListAsync(from)).Select(r => r.Entry.Attributes.Ino));
        JournalTests.Copy(journal.Path, both);
        string undone = Path.GetFileNameWithoutExtension(Directory.GetFiles(journal.Path, "*.ended").Single());
        await using (JobJournal crashed = JobJournal.TryOpen(both, TimeProvider.System, NullLogger.Instance)!)
        {
            crashed.Begin(
                new JobRecord { Form = JobForm.Restore, Kind = JobKind.Restore, Title = "Restore 10 items", Caller = Caller.Root, Scope = "/dir", Entries = [.. entries.Select(e => new JobEntry(new InodeAddress(from, e.Name, e.Attributes.Ino)) { Trash = new TrashId(0, 1, e.Attributes.Ino) })] },
                new JobNote(JobNoteKind.UndoOf) { Value = Convert.ToInt64(undone, 16) });
        }

        IFileSystemClient next = (await mds.GatewayAsync(o => o with { JournalDirectory = both })).Client;
        OperationJob only = Assert.Single(next.Operations.Jobs());
        await only.Completion.Soon();
        Assert.Equal((JobKind.Restore, 10, 0), (only.Kind, only.Done, only.Failed));
        await Eventually.TrueAsync(() => Directory.GetFiles(both, "*.job").Length + Directory.GetFiles(both, "*.ended").Length == 0, "an empty journal");
    }

    [Fact]
    public async Task Undo_CannotBeSettled_WaitsAsInterrupted_IsTriedAgainAndDiscarded()
    {
        using TempDirectory journal = new();
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient observer = (await mds.GatewayAsync()).Client;
        InodeId from = await observer.FillAsync("dir", 3);
        DirectoryEntry[] entries = [.. (await observer.ListAsync(from)).Select(r => r.Entry)];
        // Written by a machine whose clock stood at the beginning of time: what was put into the trash since some minutes before then cannot be looked for.
        await WantedAsync(observer, journal.Path, from, entries, ended: false, new FirstMoment());

        IFileSystemClient client = (await mds.GatewayAsync(o => o with { JournalDirectory = journal.Path, ResumeWithin = TimeSpan.MaxValue })).Client;
        OperationJob job = Assert.Single(client.Operations.Jobs());
        for (int tries = 0; tries < 2; tries++)
        {
            await Eventually.TrueAsync(() => job.State == JobState.Interrupted, "a way on", state: () => Describe(client));
            Assert.True(job.IsToBeUndone);
            job.Resume();
        }
        await Eventually.TrueAsync(() => job.State == JobState.Interrupted, "a way on once more", state: () => Describe(client));
        client.Operations.Dismiss(job);
        Assert.Empty(client.Operations.Jobs());
        await Eventually.TrueAsync(() => Directory.GetFiles(journal.Path, "*.job").Length == 0, "an empty journal");
    }

    private sealed class FirstMoment : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.MinValue;
    }

    /// <summary>Moves entries to the trash, and leaves what a gateway has written that died with the wish.</summary>
    private static async Task WantedAsync(IFileSystemClient observer, string journal, InodeId from, DirectoryEntry[] entries, bool ended, TimeProvider? time = null)
    {
        OperationJob trash = observer.MoveManyToTrash(Caller.Root, from, entries);
        await trash.Completion.Soon();
        await using JobJournal crashed = JobJournal.TryOpen(journal, time ?? TimeProvider.System, NullLogger.Instance)!;
        JobFile file = crashed.Begin(new JobRecord
        {
            Form = JobForm.MoveToTrash,
            Kind = JobKind.Trash,
            Title = trash.Title,
            Caller = Caller.Root,
            Scope = "/dir",
            Entries = [.. entries.Select(e => new JobEntry(new InodeAddress(from, e.Name, e.Attributes.Ino)))],
        })!;
        foreach (TrashPlace place in ended ? trash.Trashed : trash.Trashed.Take(2))
            file.Trashed(place);
        file.UndoWanted();
        if (ended)
            file.Ended(JobEnd.Of(trash));
    }

    private static string Describe(IFileSystemClient client) => string.Join('\n', client.Operations.Jobs().Select(j => $"{j.Title}: {j.State} {j.Done} {j.Failed} {j.Cancelled} of {j.Total}; {j.WaitingFor}; {string.Join(' ', j.Failures.Take(3).Select(f => f.Errno))}"));
}
