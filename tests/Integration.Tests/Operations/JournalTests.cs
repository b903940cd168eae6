using Capstan.ClientGateway;
using Capstan.ClientGateway.Jobs;
using Capstan.Shared;
using Capstan.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Capstan.Integration.Tests;

/// <summary>Jobs over the death of their gateway: what is on disk at that moment is what the next one finds.</summary>
public sealed class JournalTests
{
    private const int Files = 3000;

    /// <summary>Of the gateway that is killed, and of the next one: its session ends with the other's first word, and no lease is waited for.</summary>
    internal const string Killed = "web";

    public enum What
    {
        Delete,
        Trash,
        Restore,
        Copy,
        Move,
        Tree,
        Purge,
        Attributes,
        Links,
    }

    [Theory]
    [InlineData(What.Delete)]
    [InlineData(What.Trash)]
    [InlineData(What.Restore)]
    [InlineData(What.Copy)]
    [InlineData(What.Move)]
    [InlineData(What.Tree)]
    [InlineData(What.Purge)]
    [InlineData(What.Attributes)]
    [InlineData(What.Links)]
    public async Task Job_GatewayKilledMidway_TheNextOneDoesTheRestAndEachEntryOnce(What what)
    {
        using TempDirectory journal = new();
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient observer = (await mds.GatewayAsync()).Client;
        InodeId from = await observer.FillAsync("dir", Files);
        InodeId to = (await observer.MakeDirectory(Caller.Root, InodeId.Root, "to".Name(), 0x1FF).Ok()).Ino;
        if (what == What.Links)
        {
            // Each file has a second name, far from its first in the order of names.
            foreach (PendingOperation link in (await observer.ListAsync(from)).Select(r => observer.Link(Caller.Root, new InodeAddress(from, r.Entry.Name, r.Entry.Attributes.Ino), from, $"second-{r.Entry.Name}".Name())).ToArray())
                await link.Ok();
        }
        List<DirectoryRow> rows = await observer.ListAsync(from);
        DirectoryEntry[] entries = [.. rows.Select(r => r.Entry)];
        InodeAttributes tree = (await observer.ResolveAsync(Caller.Root, "dir".Path()).Soon()).Ok().Attributes;
        List<TrashPlace> trashed = [];
        if (what is What.Restore or What.Purge)
        {
            OperationJob trash = observer.MoveManyToTrash(Caller.Root, from, entries);
            await trash.Completion.Soon();
            trashed = [.. trash.Trashed];
        }

        string first = journal.File("first"), second = journal.File("second");
        OperationJob job = await InterruptedAsync(mds, first, second, StartJob);
        Assert.NotEqual(JobState.Finished, job.State);

        IFileSystemClient client = (await mds.GatewayAsync(o => o with { ClientName = Killed, JournalDirectory = second })).Client;
        OperationJob resumed = Assert.Single(client.Operations.Jobs());
        Assert.Equal((job.Title, job.Kind), (resumed.Title, resumed.Kind));
        await resumed.Completion.Soon("the end of the job");
        Assert.Equal((JobState.Finished, 0, 0), (resumed.State, resumed.Failed, resumed.Cancelled));
        if (what != What.Tree)
            Assert.Equal(what == What.Attributes ? Files + 1 : rows.Count, resumed.Done);
        Assert.Equal(0, client.Operations.FailedCount);

        if (what != What.Tree)
            Assert.Equal(what is What.Copy or What.Links or What.Restore or What.Attributes ? rows.Names() : [], (await observer.ListAsync(from)).Names());
        Assert.Equal(what is What.Copy or What.Links or What.Move ? rows.Names() : [], (await observer.ListAsync(to)).Names());
        if (what == What.Move)
            Assert.Equal(entries.Select(e => e.Attributes.Ino), (await observer.ListAsync(to)).Select(r => r.Entry.Attributes.Ino));
        if (what == What.Links)
        {
            List<DirectoryRow> copies = await observer.ListAsync(to);
            Assert.All(copies, c => Assert.Equal(2u, c.Entry.Attributes.Nlink));
            Assert.Equal(Files, copies.Select(c => c.Entry.Attributes.Ino).Distinct().Count());
            Assert.Equal(copies.Take(Files).Select(c => c.Entry.Attributes.Ino), copies.Skip(Files).Select(c => c.Entry.Attributes.Ino));
        }
        if (what == What.Purge)
            Assert.Empty((await observer.ListTrashAsync(Caller.Root).Soon()).Ok());
        if (what == What.Attributes)
            Assert.All(await observer.ListAsync(from), r => Assert.Equal(0x180u, r.Entry.Attributes.Mode & InodeAttributes.PermissionMask));
        if (what == What.Trash)
            Assert.Equal(entries.Select(e => e.Attributes.Ino).Order(), resumed.Trashed.Select(p => p.Id.Ino).Order());
        await Eventually.TrueAsync(() => Directory.GetFiles(second, "*.job").Length == 0, "an empty journal");

        OperationJob StartJob(IFileSystemClient killed) => what switch
        {
            What.Delete => killed.RemoveMany(Caller.Root, from, entries),
            What.Trash => killed.MoveManyToTrash(Caller.Root, from, entries),
            What.Restore => killed.RestoreMany(Caller.Root, trashed),
            What.Purge => killed.PurgeMany(Caller.Root, [.. trashed.Select(t => t.Id)]),
            What.Attributes => killed.ChangeAttributes(Caller.Root, [(InodeId.Root, new DirectoryEntry("dir".Name(), tree))], new AttributeChange { ClearBits = 0x1FF, SetBits = 0x180 }, enclosed: true),
            What.Tree => killed.RemoveTree(Caller.Root, new InodeAddress(InodeId.Root, "dir".Name(), from)),
            _ => killed.Transfer(new TransferRequest
            {
                Kind = what == What.Move ? JobKind.Move : JobKind.Copy,
                Title = $"{what}",
                Caller = Caller.Root,
                Items = [.. entries.Select(e => TransferItem.Into(to, from, e))],
            }),
        };
    }

    [Fact]
    public async Task Job_OfLongAgo_WaitsAsInterruptedUntilItIsResumedOrDiscarded()
    {
        using TempDirectory journal = new();
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient observer = (await mds.GatewayAsync()).Client;
        InodeId from = await observer.FillAsync("dir", 10);
        DirectoryEntry[] entries = [.. (await observer.ListAsync(from)).Select(r => r.Entry)];
        string first = journal.File("first"), second = journal.File("second");
        Gateway killed = await mds.GatewayAsync(o => o with { JournalDirectory = first, MaxInFlightPerDirectory = 1 });
        OperationJob delete = killed.Client.RemoveMany(Caller.Root, from, [.. entries.Take(5)]);
        delete.Pause();
        OperationJob trash = killed.Client.MoveManyToTrash(Caller.Root, from, [.. entries.Skip(5)]);
        trash.Pause();
        await Eventually.TrueAsync(() => killed.Client.Operations.Operations(0, 100).All(o => o.State != OperationState.Sent), "the end of what was sent");
        Copy(first, second);
        int before = (await observer.ListAsync(from)).Count;

        Gateway next = await mds.GatewayAsync(o => o with { JournalDirectory = second });
        IFileSystemClient client = next.Client;
        Assert.Equal(2, client.Operations.Jobs().Count(j => j.State == JobState.Interrupted));
        OperationJob discarded = client.Operations.Jobs().Single(j => j.Kind == JobKind.Trash), resumed = client.Operations.Jobs().Single(j => j.Kind == JobKind.Delete);
        client.Operations.Dismiss(discarded);
        Assert.DoesNotContain(discarded, client.Operations.Jobs());
        Assert.Equal(before, (await observer.ListAsync(from)).Count);
        resumed.Resume();
        await resumed.Completion.Soon();
        Assert.Equal((5, 0), (resumed.Done, resumed.Failed));
        await Eventually.TrueAsync(() => Directory.GetFiles(second, "*.job").Length == 0, "an empty journal");
    }

    [Theory]
    [InlineData(What.Trash)]
    [InlineData(What.Move)]
    [InlineData(What.Copy)]
    public async Task Job_ThatHasEnded_CanBeUndoneAfterARestart(What what)
    {
        const int Some = 300;
        using TempDirectory journal = new();
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        string first = journal.File("first"), second = journal.File("second");
        IFileSystemClient before = (await mds.GatewayAsync(o => o with { JournalDirectory = first })).Client;
        InodeId from = await before.FillAsync("dir", Some);
        InodeId to = (await before.MakeDirectory(Caller.Root, InodeId.Root, "to".Name(), 0x1FF).Ok()).Ino;
        List<DirectoryRow> rows = await before.ListAsync(from);
        DirectoryEntry[] entries = [.. rows.Select(r => r.Entry)];
        DirectoryEntry wrong = new("not there".Name(), entries[0].Attributes with { Ino = new InodeId(999_999) });
        TransferRequest transfer = new()
        {
            Kind = what == What.Copy ? JobKind.Copy : JobKind.Move,
            Title = $"{what}",
            Caller = Caller.Root,
            Items = [.. entries.Append(wrong).Select(e => TransferItem.Into(to, from, e))],
        };
        OperationJob job = what == What.Trash ? before.MoveManyToTrash(Caller.Root, from, [.. entries, wrong]) : before.Transfer(transfer);
        await job.Completion.Soon();
        Assert.Equal((Some, 1), (job.Done, job.Failed));
        await Eventually.TrueAsync(() => Directory.GetFiles(first, "*.ended").Length == 1, "the end in the journal");
        Copy(first, second);

        IFileSystemClient client = (await mds.GatewayAsync(o => o with { JournalDirectory = second })).Client;
        OperationJob ended = Assert.Single(client.Operations.Jobs());
        Assert.Equal((JobState.Finished, job.Title, job.Kind, Some, 1, true), (ended.State, ended.Title, ended.Kind, ended.Done, ended.Failed, ended.CanUndo));
        OperationJob undo = (await client.Operations.UndoAsync(ended).Soon())!;
        await undo.Completion.Soon();
        Assert.Equal((Some, 0), (undo.Done, undo.Failed));
        Assert.Equal(entries.Select(e => (e.Name, e.Attributes.Ino)), (await client.ListAsync(from)).Select(r => (r.Entry.Name, r.Entry.Attributes.Ino)));
        Assert.Empty(await client.ListAsync(to));
        Assert.Null(await client.Operations.UndoAsync(ended).Soon());

        // What had failed can still be tried again, and what is dismissed is forgotten.
        OperationJob again = client.Operations.Retry(ended);
        await again.Completion.Soon();
        Assert.Equal((0, 1), (again.Done, again.Failed));
        foreach (OperationJob one in client.Operations.Jobs())
            client.Operations.Dismiss(one);
        await Eventually.TrueAsync(() => Directory.GetFiles(second, "*.ended").Length + Directory.GetFiles(second, "*.job").Length == 0, "an empty journal");
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task Job_CancelledRightBeforeTheEnd_ShowsWhatItDidAndCanBeUndone()
    {
        using TempDirectory journal = new();
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        IFileSystemClient observer = (await mds.GatewayAsync()).Client;
        InodeId from = await observer.FillAsync("dir", 10);
        DirectoryEntry[] entries = [.. (await observer.ListAsync(from)).Select(r => r.Entry)];
        OperationJob trash = observer.MoveManyToTrash(Caller.Root, from, [.. entries.Take(4)]);
        await trash.Completion.Soon();
        await using (JobJournal crashed = JobJournal.TryOpen(journal.Path, TimeProvider.System, NullLogger.Instance)!)
        {
            JobFile file = crashed.Begin(new JobRecord
            {
                Form = JobForm.MoveToTrash,
                Kind = JobKind.Trash,
                Title = "Move 10 items to trash",
                Caller = Caller.Root,
                Scope = "/dir",
                Entries = [.. entries.Select(e => new JobEntry(new InodeAddress(from, e.Name, e.Attributes.Ino)))],
            })!;
            foreach (TrashPlace place in trash.Trashed)
                file.Trashed(place);
            file.Cancelled();
        }

        IFileSystemClient client = (await mds.GatewayAsync(o => o with { JournalDirectory = journal.Path })).Client;
        OperationJob cancelled = Assert.Single(client.Operations.Jobs());
        Assert.Equal((JobState.Finished, 4, 6), (cancelled.State, cancelled.Done, cancelled.Cancelled));
        await (await client.Operations.UndoAsync(cancelled).Soon())!.Completion.Soon();
        Assert.Equal(entries.Select(e => e.Attributes.Ino), (await client.ListAsync(from)).Select(r => r.Entry.Attributes.Ino));
    }

    [Fact]
    public async Task Job_WithAFailureBeforeTheCrash_IsRefusedAgainAndNotTakenForDone()
    {
        using TempDirectory journal = new();
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        string first = journal.File("first"), second = journal.File("second");
        IFileSystemClient killed = (await mds.GatewayAsync(o => o with { JournalDirectory = first, MaxInFlightPerDirectory = 1 })).Client;
        InodeId from = await killed.FillAsync("dir", 2000);
        DirectoryEntry[] entries = [.. (await killed.ListAsync(from)).Select(r => r.Entry)];
        DirectoryEntry wrong = entries[0] with { Attributes = entries[0].Attributes with { Ino = new InodeId(999_999) } };
        OperationJob job = killed.RemoveMany(Caller.Root, from, [wrong, .. entries.Skip(1)]);
        await Eventually.TrueAsync(() => job.Failed == 1, "the refusal");
        job.Pause();
        await Eventually.TrueAsync(() => killed.Operations.Operations(0, 10_000).All(o => o.State != OperationState.Sent), "the end of what was sent");
        Copy(first, second); // A pause is written at once, and what was noted before it.

        IFileSystemClient client = (await mds.GatewayAsync(o => o with { JournalDirectory = second })).Client;
        OperationJob resumed = Assert.Single(client.Operations.Jobs());
        resumed.Resume();
        await resumed.Completion.Soon();
        Assert.Equal((entries.Length - 1, 1), (resumed.Done, resumed.Failed));
        Assert.Equal(FsErrno.Stale, Assert.Single(resumed.Failures).Errno);
        Assert.Equal([entries[0].Name.ToString()], (await client.ListAsync(from)).Names());
    }

    /// <summary>Runs a job over a slow link until a part of it is done; then the journal is kept as a crash leaves it, and the link is cut.</summary>
    private static async Task<OperationJob> InterruptedAsync(MdsUnderTest mds, string journal, string kept, Func<IFileSystemClient, OperationJob> start)
    {
        await using DelayingTcpProxy link = DelayingTcpProxy.Start(mds.Port, TimeSpan.FromMilliseconds(20));
        Gateway killed = await mds.GatewayAsync(o => o with { ClientName = Killed, MaxInFlight = 200, JournalDirectory = journal }, link);
        OperationJob job = start(killed.Client);
        await Eventually.TrueAsync(() => job.Done >= Files / 4, "a part of it", state: () => $"{job.Done}");
        Copy(journal, kept); // What the old gateway has on its way may still happen, as after a crash.
        return job;
    }

    /// <summary>What a crash at this moment leaves.</summary>
    internal static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from, "*.job").Concat(Directory.GetFiles(from, "*.ended")))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
