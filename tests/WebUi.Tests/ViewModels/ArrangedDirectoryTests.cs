using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.DevHost.Fakes;
using Capstan.WebUi.ViewModels;
using static Capstan.WebUi.Tests.ViewModels.Rows;

namespace Capstan.WebUi.Tests.ViewModels;

/// <summary>A list that is sorted and filtered: what is on screen, the cursor and the selection stay with their rows.</summary>
public sealed class ArrangedDirectoryTests
{
    private static readonly ViewSpec ByName = new(SortColumn.Name), BySize = new(SortColumn.Size, true);

    [Fact]
    public async Task Arrange_ByName_IsNaturalOrder()
    {
        (_, _, DirectoryViewModel model) = await OpenAsync("f10", "F9", "f1", "a");
        using DirectoryViewModel closes = model;
        Assert.Equal(["F9", "a", "f1", "f10"], Drawn(model));
        model.Arrange(ByName);
        Assert.Equal(["a", "f1", "F9", "f10"], Drawn(model));
        model.Arrange(ByName with { Descending = true, Filter = "F" });
        Assert.Equal(["f10", "F9", "f1"], Drawn(model));
        Assert.Equal(3, model.Count);
        model.Arrange(ViewSpec.Stored);
        Assert.Equal(["F9", "a", "f1", "f10"], Drawn(model));
    }

    [Fact]
    public async Task Arrange_WithASelection_KeepsItAndTheCursor()
    {
        (FakeFileSystem files, _, DirectoryViewModel model) = await OpenAsync(Numbered(300));
        using DirectoryViewModel closes = model;
        await model.MoveCursorAsync(10, CursorMode.Select);
        await model.MoveCursorAsync(19, CursorMode.Extend);
        model.Arrange(ByName with { Descending = true });
        Assert.Equal(10, model.Selection.Count);
        Assert.Equal(1000, model.Selection.Bytes);
        Assert.Equal(280, model.Cursor);
        model.Arrange(ByName with { Filter = "f01" });
        Assert.Equal(10, model.Count);
        Assert.Equal(9, model.Cursor);
        model.SelectAll();
        Assert.Equal(Numbered(20).Skip(10), await PlannedAsync(files, model));
        model.Arrange(ViewSpec.Stored);
        Assert.Equal(10, model.Selection.Count);
    }

    [Fact]
    public async Task Tick_ChangesAboveTheRowInSight_LeaveItWhereItIs()
    {
        (FakeFileSystem files, FakeDirectory directory, DirectoryViewModel model) = await OpenAsync(Numbered(500));
        using DirectoryViewModel closes = model;
        model.Arrange(ByName with { Descending = true });
        model.Look(170, 80, 200, 20);
        string top = model.Window.At(200)!.Value.Entry.Name.ToString();

        directory.Put(Name("z"), files.NewFile(1));
        directory.Put(Name("zz"), files.NewFile(1));
        directory.Remove(Name("f499"));
        directory.Put(Name("a"), files.NewFile(1)); // below
        Assert.True(model.Tick());

        Assert.Equal(1, model.Origin);
        Assert.Equal(top, model.Window.At(201)!.Value.Entry.Name.ToString());
        Assert.Equal(502, model.Count);

        directory.Remove(Name(top));
        model.Tick();
        Assert.Equal(1, model.Origin);
    }

    [Fact]
    public async Task Settle_AfterRowsArrived_KeepsTheRowInSightOnScreen()
    {
        (_, FakeDirectory directory, DirectoryViewModel model) = await OpenAsync(Numbered(500));
        using DirectoryViewModel closes = model;
        directory.IsArriving = true;
        model.Arrange(ByName with { Descending = true });
        Assert.True(model.IsArriving);
        model.Look(70, 80, 100, 20);
        Assert.Equal("f100", model.Window.At(100)!.Value.Entry.Name.ToString());
        await model.MoveCursorAsync(105, CursorMode.Select);

        directory.IsArriving = false;
        model.Tick();
        model.Refresh();

        Assert.False(model.IsArriving);
        Assert.Equal(399 - 100, model.Origin);
        Assert.Equal("f100", model.Window.At(399)!.Value.Entry.Name.ToString());
        Assert.Equal(394, model.Cursor);
        Assert.Equal(1, model.Selection.Count);
    }

    [Fact]
    public async Task Selection_RowsGoAndComeBackAsOthers_ArePlannedNoMore()
    {
        (FakeFileSystem files, FakeDirectory directory, DirectoryViewModel model) = await OpenAsync(Numbered(10));
        using DirectoryViewModel closes = model;
        model.Arrange(BySize);
        model.SelectAll();
        directory.Remove(Name("f003"));
        directory.Put(Name("f004"), files.NewFile(7));
        directory.Put(Name("new"), files.NewFile(7));
        model.Tick();
        Assert.Equal(8, model.Selection.Count);
        Assert.Equal(["f000", "f001", "f002", "f005", "f006", "f007", "f008", "f009"], await PlannedAsync(files, model));
        Assert.Equal(11 - 1, model.Count);
    }

    [Fact]
    public async Task Selection_ListingLost_IsDroppedAndSaidSo()
    {
        (_, FakeDirectory directory, DirectoryViewModel model) = await OpenAsync(Numbered(10));
        using DirectoryViewModel closes = model;
        model.Arrange(BySize);
        model.SelectAll();
        directory.Forget();
        model.Tick();
        model.Tick();
        Assert.True(model.Selection.IsEmpty);
        Assert.True(model.SelectionLost);
    }

    [Fact]
    public async Task TypeAhead_InAnArrangement_GoesFromRowToRow()
    {
        (_, _, DirectoryViewModel model) = await OpenAsync("alpha", "Bravo", "bravo 2", "charlie", "BRAVO 10");
        using DirectoryViewModel closes = model;
        model.Arrange(ByName);
        ListKeys keys = new(model, new TypeAhead(model, TimeProvider.System));
        foreach (char letter in "bravo 1")
            await keys.PressAsync(new ListKey(letter.ToString(), false, false, false));
        Assert.Equal("BRAVO 10", model.AtCursor()!.Value.Entry.Name.ToString());
        Assert.False(await new TypeAhead(model, TimeProvider.System).TypeAsync("q"));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("?sort=-size", "?sort=-size")]
    [InlineData("?sort=NAME&filter=a%26b", "?sort=name&filter=a%26b")]
    [InlineData("?sort=nonsense&filter=%2A.jpg", "?filter=%2A.jpg")]
    [InlineData("?sort=&filter=", "")]
    [InlineData("?sort=2", "")]
    [InlineData("?sort=-", "")]
    [InlineData("?x=1&sort=modified#top", "?sort=modified")]
    public void ViewQuery_OfAnyAddress_IsReadOrIgnored(string query, string canonical) =>
        Assert.Equal(canonical, ViewQuery.Of(ViewQuery.Parse("http://127.0.0.1/files/a" + query)));

    private static List<string> Drawn(DirectoryViewModel model) => [.. model.Window.Rows.Select(r => r!.Value.Entry.Name.ToString())];
}
