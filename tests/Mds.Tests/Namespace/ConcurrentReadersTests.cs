using Capstan.Mds.Namespace;
using Capstan.Mds.Storage;
using Capstan.Mds.Storage.Sqlite;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.Mds.Tests.Namespace;

/// <summary>Readers on other threads, and checkpoints under way, while the writer goes on: every listing is of one version and whole.</summary>
public sealed class ConcurrentReadersTests
{
    [Fact]
    public async Task Pages_WhileWriterAndCheckpointsRun_AreEachOfOneVersion()
    {
        using TemporaryDirectory temporary = new();
        StoreOptions options = new(temporary.Path) { CacheMegabytes = 16, CheckpointFrames = 200 };
        using SqliteNamespaceStore store = new(options, TimeProvider.System);
        NamespaceEngine engine = new(store, TimeProvider.System);
        engine.BeginGroup();
        InodeId dir = engine.Apply(Caller.Root, new MkdirOperation(InodeId.Root, FileName.Create("d"), 0x1ED)).Attributes[0].Ino;
        engine.CommitGroup();

        const int Groups = 150, PerGroup = 400;
        List<Task> readers = [];
        Random random = new(7);
        for (int group = 0; group < Groups; group++)
        {
            engine.BeginGroup();
            for (int i = 0; i < PerGroup; i++)
            {
                Assert.True(engine.Apply(Caller.Root, new CreateOperation(dir, FileName.Create($"{random.Next(1000):D4}-{group}-{i}"), 0x1A4, true)).IsOk);
            }
            engine.CommitGroup();
            if (group % 10 != 5)
                continue;
            long expected = (group + 1L) * PerGroup;
            Assert.Equal(FsErrno.Ok, engine.OpenPages(dir, default, null, out PageReader whole));
            readers.Add(Task.Run(() => ReadAll(whole, 0, expected)));
            Assert.Equal(FsErrno.Ok, engine.OpenPages(dir, default, expected / 2, out PageReader half));
            readers.Add(Task.Run(() => ReadAll(half, expected / 2, expected)));
        }
        await Task.WhenAll(readers);
        Assert.Empty(new Capstan.Mds.Admin.Checker(store, null).Run().Findings);
    }

    private static void ReadAll(PageReader reader, long from, long expected)
    {
        using (reader)
        {
            long rank = from;
            FileName last = default;
            while (reader.TryReadNext(out byte[] bytes))
            {
                DirectoryPage page = DirectoryPage.TryOpen(bytes)!;
                Assert.Equal((rank, expected, reader.Version), (page.Header.FirstRank, page.Header.Total, page.Header.Version));
                Assert.True(last.CompareTo(page.Name(0)) < 0);
                last = page.Name(page.Count - 1);
                rank += page.Count;
            }
            Assert.Equal(expected, rank);
        }
    }
}
