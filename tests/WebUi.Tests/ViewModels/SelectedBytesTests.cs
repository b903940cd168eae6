using Capstan.Shared;
using Capstan.WebUi.DevHost.Fakes;
using Capstan.WebUi.ViewModels;
using static Capstan.WebUi.Tests.ViewModels.Rows;

namespace Capstan.WebUi.Tests.ViewModels;

/// <summary>How much is selected, where that is known without asking anybody.</summary>
public sealed class SelectedBytesTests
{
    [Fact]
    public async Task SelectedBytes_OfRowsThatWereRead_IsTheirSum_AlsoOutOfSight()
    {
        (_, _, DirectoryViewModel model) = await OpenAsync(Numbered(300));
        await model.MoveCursorAsync(9, CursorMode.Select);
        Assert.Equal(100, model.SelectedBytes);
        await model.MoveCursorAsync(5, CursorMode.Extend);
        Assert.Equal(500, model.SelectedBytes);

        await model.RowAtAsync(250);
        model.Look(240, 260, 240, 20);
        Assert.Equal(500, model.SelectedBytes);

        model.Selection.Toggle((await model.RowAtAsync(7))!.Value);
        Assert.Equal(400, model.SelectedBytes);
        model.Selection.Clear();
        Assert.Equal(0, model.SelectedBytes);
    }

    [Fact]
    public async Task SelectedBytes_FileThatChanges_Follows()
    {
        (FakeFileSystem files, FakeDirectory directory, DirectoryViewModel model) = await OpenAsync("a", "b");
        model.SelectAll();
        Assert.Equal(200, model.SelectedBytes);
        directory.Remove(Name("a"));
        model.Tick();
        Assert.Equal(100, model.SelectedBytes);
        directory.Put(Name("c"), files.NewFile(7));
        model.Tick();
        Assert.Equal(100, model.SelectedBytes);
    }

    [Fact]
    public async Task SelectedBytes_RowsNeverRead_OrAFolder_IsNotKnown()
    {
        (FakeFileSystem files, FakeDirectory directory, DirectoryViewModel model) = await OpenAsync(Numbered(1_900));
        model.SelectAll();
        Assert.Null(model.SelectedBytes);

        model.Selection.Clear();
        directory.Put(Name("a folder"), files.NewDirectory());
        model.Tick();
        await model.MoveCursorAsync(0, CursorMode.Select);
        Assert.Equal("a folder", model.AtCursor()!.Value.Entry.Name.ToString());
        Assert.Null(model.SelectedBytes);
    }
}
