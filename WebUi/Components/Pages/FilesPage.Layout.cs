using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.ViewModels;
using Microsoft.JSInterop;

namespace Capstan.WebUi.Components.Pages;

// What stands beside the list, and how the user likes it.
public sealed partial class FilesPage
{
    /// <summary>Where a pane finds no room beside the list, and lies over it: see files.css.</summary>
    private const int TreeNeeds = 760;
    private const int DetailsNeeds = 980;

    private SidePane? _sheet;
    private bool _editsPath;

    public async Task ToggleAsync(SidePane pane)
    {
        int room = await _script.AskAsync<int?>("width", ".files") ?? int.MaxValue;
        if (room < (pane == SidePane.Tree ? TreeNeeds : DetailsNeeds))
            _sheet = _sheet == pane ? null : pane;
        else if (pane == SidePane.Tree)
            Preferences.ShowsTree = !Preferences.ShowsTree;
        else
            Preferences.ShowsDetails = !Preferences.ShowsDetails;
        await RememberAsync();
        StateHasChanged();
    }

    public void EditPath()
    {
        _editsPath = true;
        StateHasChanged();
    }

    private async Task CloseAsync(SidePane pane)
    {
        if (_sheet is not null)
            _sheet = null;
        else if (pane == SidePane.Tree)
            Preferences.ShowsTree = false;
        else
            Preferences.ShowsDetails = false;
        await RememberAsync();
        await FocusListAsync();
    }

    private async Task LeavePathAsync()
    {
        _editsPath = false;
        await FocusListAsync();
    }

    private async Task GoToTyped(FilePath path)
    {
        await LeavePathAsync();
        GoTo(path);
    }

    /// <summary>The focus stays in the tree.</summary>
    private void GoFromTree(FilePath path)
    {
        _sheet = null;
        GoTo(path);
    }

    public Task GoInHistoryAsync(bool forward) => _script.CallAsync(forward ? "forward" : "back");

    private Task RememberAsync() => _script.CallAsync("remember", PagePreferences.Cookie, Preferences.Text);

    private async Task ShowColumnsAsync()
    {
        if (await _script.AskAsync<double[]>("below", "[data-columns]") is [var x, var y])
            _menu = new OpenMenu(ColumnEntries(), x, y, FromRight: true);
    }

    private IReadOnlyList<MenuEntry> ColumnEntries() =>
        [.. Enum.GetValues<FileColumn>().Select(column => new MenuEntry(FileColumns.Title(column), "", () => ToggleColumnAsync(column), IsChecked: Preferences.Columns.Shown.Contains(column)))];

    private async Task ToggleColumnAsync(FileColumn column)
    {
        Preferences.Columns = Preferences.Columns.Toggle(column);
        _menu = _menu is { } menu ? menu with { Items = ColumnEntries() } : null;
        await RememberAsync();
        StateHasChanged();
    }
}
