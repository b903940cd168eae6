using Capstan.Mds.Admin;
using Capstan.Mds.Content;
using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace Capstan.Mds.Tests.Content;

public sealed class PurgeQueueTests
{
    [Fact]
    public async Task PurgeBatch_DeletesBehindTheUnlink_AlsoAfterARestart()
    {
        using EngineFixture fs = new();
        ContentStore contents = new(fs.Options.DataDirectory);
        foreach (string name in new[] { "a", "b", "kept" })
            Write(fs, contents, name);
        fs.Unlink(InodeId.Root, "a");
        Assert.Equal(3, contents.Files().Count());
        Assert.True(new Checker(fs.Store, contents).Run().IsClean);

        // Killed after the file was deleted and before the row was.
        using (INamespaceSnapshot snapshot = fs.Store.OpenSnapshot())
        {
            List<PurgeRow> rows = [];
            snapshot.ReadPurgeQueue(10, rows);
            contents.Delete(Assert.Single(rows).Ino, rows[0].Blob);
        }
        fs.Reopen();
        fs.Unlink(InodeId.Root, "b");
        PurgeQueue queue = new(fs.Store, contents, Confirm, fs.Time, NullLogger.Instance);
        Assert.Equal(2, await queue.PurgeBatchAsync(CancellationToken.None));
        Assert.Equal(0, await queue.PurgeBatchAsync(CancellationToken.None));
        Assert.Single(contents.Files());
        Assert.True(new Checker(fs.Store, contents).Run().IsClean);

        Task Confirm(IReadOnlyList<PurgeRow> rows, CancellationToken cancellation)
        {
            fs.InGroup(() => fs.Engine.ConfirmPurged(rows));
            return Task.CompletedTask;
        }
    }

    [Fact]
    public void Check_AfterACrashBeforeTheCommit_FindsTheOrphan()
    {
        using EngineFixture fs = new();
        ContentStore contents = new(fs.Options.DataDirectory);
        InodeId file = Write(fs, contents, "f");
        using (StagedContent staged = contents.Stage())
        {
            staged.Write("never shown"u8);
            contents.Publish(staged, file, 2);
        }
        CheckReport report = new Checker(fs.Store, contents).Run();
        Assert.Equal(FindingKind.OrphanContent, Assert.Single(report.Findings).Kind);
        Assert.Equal(1, report.RemoveOrphanContents());
        Assert.True(new Checker(fs.Store, contents).Run().IsClean);
        contents.Delete(file, 1);
        Assert.Equal(FindingKind.MissingContent, Assert.Single(new Checker(fs.Store, contents).Run().Findings).Kind);
    }

    private static InodeId Write(EngineFixture fs, ContentStore contents, string name)
    {
        InodeId ino = fs.Create(InodeId.Root, name);
        InodeAddress address = EngineFixture.At(InodeId.Root, name);
        Assert.Equal(FsErrno.Ok, fs.Engine.StageContent(Caller.Root, address, null, out ContentTicket ticket));
        using StagedContent staged = contents.Stage();
        staged.Write("some bytes"u8);
        contents.Publish(staged, ticket.Ino, ticket.Version);
        fs.InGroup(() => Assert.True(fs.Engine.CommitContent(Caller.Root, address, ticket, 10, null, null).IsOk));
        fs.Engine.ReleaseContent(ticket);
        return ino;
    }
}
