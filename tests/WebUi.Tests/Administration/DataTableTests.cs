using Capstan.Shared;
using Capstan.TestKit;
using Capstan.WebUi.Administration;

namespace Capstan.WebUi.Tests.Administration;

public sealed class DataTableTests
{
    private readonly List<(string Name, double Size)> _rows = [];
    private int _readings;

    [Fact]
    public async Task Sorted_ByANumber_EqualsStayInTheirOrder_BothWays()
    {
        Random random = new(17);
        for (int i = 0; i < 500; i++)
            _rows.Add(($"row-{i:D3}", random.Next(20) / 4.0));
        DataTable<(string Name, double Size)> table = Make();
        await table.RefreshAsync(default);

        table.Arrange("size", descending: false, "");
        Assert.Equal(_rows.OrderBy(r => r.Size).Select(r => r.Name), Names(table));
        table.Arrange("size", descending: true, "");
        Assert.Equal(_rows.OrderByDescending(r => r.Size).Select(r => r.Name), Names(table));
        table.Arrange("name", descending: true, "row-4");
        Assert.Equal(_rows.Where(r => r.Name.StartsWith("row-4", StringComparison.Ordinal)).Select(r => r.Name).Reverse(), Names(table));
        Assert.Equal((100, 500), (table.Count, table.Total));
    }

    [Fact]
    public async Task Sorted_ByANumber_OfNoRowsAndOfOne()
    {
        DataTable<(string Name, double Size)> table = Make();
        await table.RefreshAsync(default);
        Assert.Empty(table.Window(0, 10));
        _rows.Add(("only", 1));
        await table.RefreshAsync(default);
        Assert.Equal("only", Assert.Single(table.Window(5, 10)).Subject);
    }

    [Fact]
    public async Task Window_MakesTextOfItsRowsAlone()
    {
        for (int i = 0; i < 10_000; i++)
            _rows.Add(($"row-{i:D5}", i));
        int texts = 0;
        DataTable<(string Name, double Size)> table = new(
            "t", "T", "", r => r.Name,
            [new("size", "Size", "1px", r => $"{texts++}", r => r.Size, IsNumber: true)], "size", Read);
        await table.RefreshAsync(default);
        Assert.Equal(60, table.Window(300, 60).Count);
        Assert.Equal(60, texts);
    }

    [Fact]
    public async Task Pace_OfATableThatTakesLong_IsAHundredthOfTheTime()
    {
        ManualTime time = new();
        RefreshPace pace = new(time);
        DataTable<(string Name, double Size)> slow = new(
            "t", "T", "", r => r.Name, [new("name", "Name", "1px", r => r.Name, r => r.Name)], "name",
            cancellation =>
            {
                time.Advance(TimeSpan.FromMilliseconds(40));
                return Read(cancellation);
            });
        Assert.True(await pace.RefreshAsync(slow, default));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(await pace.RefreshAsync(slow, default));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(await pace.RefreshAsync(slow, default));
        Assert.Equal(2, _readings);
    }

    [Fact]
    public async Task Pace_OfATableThatIsWaitedFor_IsAsAsked()
    {
        ManualTime time = new();
        RefreshPace pace = new(time);
        TaskCompletionSource come = new();
        DataTable<(string Name, double Size)> remote = new(
            "t", "T", "", r => r.Name, [new("name", "Name", "1px", r => r.Name, r => r.Name)], "name",
            async cancellation =>
            {
                await come.Task;
                return await Read(cancellation);
            });
        Task<bool> first = pace.RefreshAsync(remote, default);
        time.Advance(TimeSpan.FromSeconds(1));
        come.SetResult();
        Assert.True(await first);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await pace.RefreshAsync(remote, default));
    }

    private DataTable<(string Name, double Size)> Make() => new(
        "t", "T", "", r => r.Name,
        [new("name", "Name", "1px", r => r.Name, r => r.Name), new("size", "Size", "1px", r => $"{r.Size}", r => r.Size, IsNumber: true)], "size", Read);

    private Task<FsResult<IReadOnlyList<(string Name, double Size)>>> Read(CancellationToken cancellation)
    {
        _readings++;
        return Task.FromResult(FsResult.Of<IReadOnlyList<(string Name, double Size)>>([.. _rows]));
    }

    private static IEnumerable<string?> Names(IDataTable table) => table.Window(0, int.MaxValue).Select(r => r.Subject);
}
