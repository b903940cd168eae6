using Capstan.Mds.Namespace;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.Mds.Tests.Namespace;

public sealed class PagingTests : IDisposable
{
    private const int PageSize = DirectoryPageBuilder.MaxEntries;

    private readonly EngineFixture _fs = new();

    public void Dispose()
    {
        _fs.AssertClean();
        _fs.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(PageSize - 1)]
    [InlineData(PageSize)]
    [InlineData(PageSize + 1)]
    [InlineData(2 * PageSize)]
    [InlineData((2 * PageSize) + 1)]
    public void OpenPages_AnySize_LastIsExactAndNothingIsMissed(int count)
    {
        InodeId dir = Fill(count);
        List<DirectoryPage> pages = _fs.Pages(dir);
        Assert.Equal(Math.Max(1, (count + PageSize - 1) / PageSize), pages.Count);
        Assert.All(pages[..^1], page => Assert.False(page.Header.Last));
        Assert.True(pages[^1].Header.Last);
        long rank = 0;
        foreach (DirectoryPage page in pages)
        {
            Assert.Equal((rank, (long)count, _fs.Engine.VersionOf(dir)), (page.Header.FirstRank, page.Header.Total, page.Header.Version));
            for (int i = 0; i < page.Count; i++)
                Assert.Equal(Name((int)rank++), page.Name(i));
            Assert.True(page.Bytes.Length < DirectoryPageBuilder.MaxBytes);
        }
        Assert.Equal(count, rank);
    }

    [Fact]
    public void OpenPages_Rows_AreAsStatSays()
    {
        InodeId dir = _fs.Mkdir(InodeId.Root, "d");
        _fs.Create(dir, "file");
        _fs.Create(_fs.Mkdir(dir, "sub"), "inside");
        _fs.Ok(new SymlinkOperation(dir, FileName.Create("symlink"), "x"u8.ToArray()));
        _fs.Create(dir, "hard");
        _fs.Link(dir, "hard", InodeId.Root, "hard");
        foreach (DirectoryEntry entry in _fs.List(dir))
        {
            InodeAttributes stat = _fs.Stat(dir, entry.Name.ToString())!;
            Assert.Equal(stat with { CtimeNs = 0, AtimeNs = 0 }, entry.Attributes);
        }
        Assert.Equal(4, _fs.List(dir).Count);
    }

    [Fact]
    public void OpenPages_CookieAndRank_StartWhereTheySay()
    {
        const int Count = 5000;
        InodeId dir = Fill(Count);
        foreach (int rank in new[] { 0, 1, 1023, 1024, 1025, 2500, 4999, 5000, 9999 })
        {
            DirectoryPage page = _fs.Pages(dir, rank: rank)[0];
            Assert.Equal(Math.Min(rank, Count), page.Header.FirstRank);
            if (rank < Count)
                Assert.Equal(Name(rank), page.Name(0));
            else
                Assert.Equal(0, page.Count);
        }
        foreach (int after in new[] { 0, 1022, 1023, 1024, 3333, 4998, 4999 })
        {
            DirectoryPage page = _fs.Pages(dir, after: Name(after))[0];
            Assert.Equal(after + 1, page.Header.FirstRank);
            if (after + 1 < Count)
                Assert.Equal(Name(after + 1), page.Name(0));
        }
        // A cookie of another directory is a name like any other: it means its place in this one, and nothing of where it came from.
        InodeId another = _fs.Mkdir(InodeId.Root, "another");
        _fs.Create(another, "file-0000041x");
        FileName foreign = _fs.Pages(another)[0].Name(0);
        Assert.Equal((42, Name(42)), (_fs.Pages(dir, after: foreign)[0].Header.FirstRank, _fs.Pages(dir, after: foreign)[0].Name(0)));
        // A cookie whose name is gone still means the same place.
        Assert.Equal(3000, _fs.Pages(dir, after: FileName.Create("file-0002999x"))[0].Header.FirstRank);
        Assert.Equal(0, _fs.Pages(dir, after: FileName.Create("a"))[0].Header.FirstRank);
        Assert.Equal(FsErrno.Invalid, _fs.Engine.OpenPages(dir, default, -1, out _));
        Assert.Equal(FsErrno.Stale, _fs.Engine.OpenPages(new InodeId(12345), default, null, out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void OpenPages_RankUnderChange_StaysExact(int seed)
    {
        Random random = new(seed);
        InodeId dir = Fill(3000);
        SortedSet<FileName> names = new(Enumerable.Range(0, 3000).Select(Name));
        _fs.Pages(dir, rank: 1500);
        for (int round = 0; round < 12; round++)
        {
            _fs.Engine.BeginGroup();
            for (int i = 0; i < 900; i++)
            {
                // Growth in one place, so that runs split; holes in another, so that they merge.
                FileName name = FileName.Create(round % 2 == 0 ? $"file-0001{random.Next(1000):D3}-{random.Next(50)}" : Name(random.Next(3000)).ToString());
                if (names.Contains(name))
                {
                    Assert.True(_fs.Engine.Apply(Caller.Root, new UnlinkOperation(dir, name, InodeId.None)).IsOk);
                    names.Remove(name);
                }
                else if (round % 2 == 0)
                {
                    Assert.True(_fs.Engine.Apply(Caller.Root, new CreateOperation(dir, name, 0, true)).IsOk);
                    names.Add(name);
                }
            }
            if (round % 4 == 3)
            {
                _fs.Engine.AbortGroup();
                names = new(_fs.List(dir).Select(e => e.Name));
            }
            else
            {
                _fs.Engine.CommitGroup();
            }
            List<FileName> sorted = [.. names];
            for (int i = 0; i < 40; i++)
            {
                int rank = random.Next(sorted.Count);
                DirectoryPage byRank = _fs.Pages(dir, rank: rank)[0];
                Assert.Equal((rank, sorted[rank], sorted.Count), (byRank.Header.FirstRank, byRank.Name(0), byRank.Header.Total));
                DirectoryPage byName = _fs.Pages(dir, after: sorted[rank])[0];
                Assert.Equal(rank + 1, byName.Header.FirstRank);
            }
        }
    }

    [Fact]
    public void OpenPages_JumpOnceInALargeDirectory_NothingIsCollectedForTheNext()
    {
        const int Count = RankIndexTable.SmallDirectory + 100;
        InodeId dir = Fill(Count);
        Assert.Equal(FsErrno.Ok, _fs.Engine.OpenPages(dir, default, 30_000, out PageReader gone));
        gone.Dispose();
        Create("a1"); // Nobody builds it any more: the next one does, from the start.
        Assert.Equal(FsErrno.Ok, _fs.Engine.OpenPages(dir, default, 30_000, out PageReader built));
        using (built)
            Assert.True(built.TryReadNext(out _));
        Create("a2");
        // Taken over with the commit of the first change, not kept for a jump that may never come.
        Assert.True(_fs.Engine.HasRankIndex(dir));
        Assert.Equal(FsErrno.Ok, _fs.Engine.OpenPages(dir, default, 20_000, out PageReader next));
        using (next)
        {
            Assert.True(next.TryReadNext(out byte[] page));
            Assert.Equal(Name(19_998), DirectoryPage.TryOpen(page)!.Name(0));
        }

        void Create(string name) => _fs.InGroup(() => Assert.True(_fs.Engine.Apply(Caller.Root, new CreateOperation(dir, FileName.Create(name), 0, true)).IsOk));
    }

    [Fact]
    public void OpenPages_JumpInALargeDirectory_IsIndexedByItsReader_AndCatchesUp()
    {
        const int Count = RankIndexTable.SmallDirectory + 8000;
        InodeId dir = Fill(Count);
        List<FileName> names = Enumerable.Range(0, Count).Select(Name).ToList();
        // One that asks and goes away must not keep the next from building.
        Open(default, 5).Dispose();
        Assert.Equal(FsErrno.Ok, _fs.Engine.OpenPages(dir, default, 30_000, out PageReader first));
        Assert.Equal(FsErrno.Ok, _fs.Engine.OpenPages(dir, Name(20_000), null, out PageReader second));
        // Before, while and after the index is built the directory changes: 5,000 names come in one place, every fifth goes in another.
        Change(0);
        using (first)
            AssertStart(first, 30_000, Name(30_000));
        using (second)
            AssertStart(second, 20_001, Name(20_001));
        Change(1);
        names.Sort();
        for (int rank = 0; rank < names.Count; rank += 997)
        {
            AssertStart(Open(default, rank), rank, names[rank]);
            if (rank > 0)
                AssertStart(Open(names[rank - 1], null), rank, names[rank]);
        }
        Assert.Equal(names, _fs.List(dir).Select(entry => entry.Name));

        PageReader Open(FileName after, long? rank)
        {
            Assert.Equal(FsErrno.Ok, _fs.Engine.OpenPages(dir, after, rank, out PageReader reader));
            return reader;
        }

        void Change(int part) => _fs.InGroup(() =>
        {
            for (int i = part; i < 5000; i += 2)
            {
                FileName name = FileName.Create($"file-0010000-{i}");
                Assert.True(_fs.Engine.Apply(Caller.Root, new CreateOperation(dir, name, 0, true)).IsOk);
                names.Add(name);
            }
            for (int i = 20_002 + part; i < 25_000; i += 10)
            {
                Assert.True(_fs.Engine.Apply(Caller.Root, new UnlinkOperation(dir, Name(i), InodeId.None)).IsOk);
                names.Remove(Name(i));
            }
        });

        static void AssertStart(PageReader reader, long rank, FileName name)
        {
            using (reader)
            {
                Assert.True(reader.TryReadNext(out byte[] bytes));
                DirectoryPage page = DirectoryPage.TryOpen(bytes)!;
                Assert.Equal((rank, name), (page.Header.FirstRank, page.Name(0)));
            }
        }
    }

    [Fact]
    public void OpenPages_WhileTheWriterGoesOn_ShowsOneVersion()
    {
        InodeId dir = Fill(3000);
        Assert.Equal(FsErrno.Ok, _fs.Engine.OpenPages(dir, default, null, out PageReader reader));
        using (reader)
        {
            Assert.True(reader.TryReadNext(out _));
            for (int i = 0; i < 3000; i += 7)
                _fs.Unlink(dir, Name(i).ToString());
            int count = PageSize;
            while (reader.TryReadNext(out byte[] bytes))
            {
                DirectoryPage page = DirectoryPage.TryOpen(bytes)!;
                Assert.Equal(reader.Version, page.Header.Version);
                count += page.Count;
            }
            Assert.Equal(3000, count);
        }
        Assert.NotEqual(reader.Version, _fs.Engine.VersionOf(dir));
    }

    private static FileName Name(int i) => FileName.Create($"file-{i:D7}");

    private InodeId Fill(int count)
    {
        InodeId dir = _fs.Mkdir(InodeId.Root, "dir");
        _fs.InGroup(() =>
        {
            for (int i = 0; i < count; i++)
                Assert.True(_fs.Engine.Apply(Caller.Root, new CreateOperation(dir, Name(i), 0x1A4, true)).IsOk);
        });
        return dir;
    }
}
