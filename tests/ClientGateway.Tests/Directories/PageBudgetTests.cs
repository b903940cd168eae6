using Capstan.ClientGateway.Directories;
using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Tests.Directories;

public sealed class PageBudgetTests
{
    private readonly GatewayCounters _counters = new();

    [Fact]
    public void Reclaim_NeverLeavesMoreThanTheBudget()
    {
        PageBudget budget = new(200_000, _counters);
        DirectoryState scanned = NewDirectory(budget, 1, 100);
        for (int page = 0; page < 100; page++)
        {
            budget.Reclaim(AddPage(scanned, page, 100));
            Assert.InRange(budget.Bytes, 0, 200_000);
        }
        Assert.Equal(budget.Bytes, scanned.Bytes);
        Assert.Equal(budget.Pages, scanned.PageCount);
    }

    [Fact]
    public void Reclaim_HotDirectorySurvivesAScan()
    {
        PageBudget budget = new(400_000, _counters);
        DirectoryState hot = NewDirectory(budget, 1, 2), scanned = NewDirectory(budget, 2, 400);
        AddPage(hot, 0, 2);
        AddPage(hot, 1, 2);
        for (int page = 0; page < 400; page++)
        {
            budget.Reclaim(AddPage(scanned, page, 400));
            Assert.True(scanned.Read(page * 500L, 1, []));
            if (page % 5 == 0)
                Assert.True(hot.Read(0, 1000, []), $"the directory in use was pushed out at page {page}");
        }
        Assert.True(scanned.PageCount < 400);
        Assert.True(hot.IsComplete);
    }

    [Fact]
    public void Prefetched_UsedOrEvictedUnread_IsCounted()
    {
        PageBudget budget = new(long.MaxValue, _counters);
        DirectoryState directory = NewDirectory(budget, 1, 3);
        AddPage(directory, 0, 3, prefetched: true);
        AddPage(directory, 1, 3, prefetched: true);
        directory.Read(0, 10, []);
        directory.Read(0, 10, []);
        budget.Budget = 0;
        budget.Reclaim(null);
        Assert.Equal((2, 1, 1), (_counters.ReadaheadIssued, _counters.ReadaheadUseful, _counters.ReadaheadWasted));
        Assert.Equal(0, budget.Bytes);
    }

    private DirectoryState NewDirectory(PageBudget budget, ulong ino, int pages)
    {
        DirectoryState directory = new(new InodeId(ino), budget, _counters);
        directory.OnGrant(new DirectoryVersion(1), ScriptedMds.Directory(new InodeId(ino), pages * 500));
        return directory;
    }

    private static CachedPage? AddPage(DirectoryState directory, int page, int pages, bool prefetched = false)
    {
        DirectoryPageBuilder builder = new();
        for (int i = 0; i < 500; i++)
            builder.TryAdd(FileName.Create($"file-{(page * 500) + i:D8}").Span, PageRow.Of(ScriptedMds.File((ulong)(1000 + i))));
        byte[] bytes = builder.Build(new PageHeader(new Epoch(1), directory.Ino, new DirectoryVersion(1), page * 500, pages * 500, page == pages - 1));
        return directory.AddPage(DirectoryPage.OpenTrusted(bytes), underFs: true, prefetched);
    }
}
