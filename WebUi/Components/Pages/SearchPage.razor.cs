using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.Components.Search;
using Capstan.WebUi.Components.Viewport;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Search;
using Capstan.WebUi.ViewModels.Undo;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Radzen;

namespace Capstan.WebUi.Components.Pages;

/// <summary>A search in a folder and all below it. The address is the state: /search/ and the path, and what is looked for as its query.</summary>
public sealed partial class SearchPage : PolledComponent
{
    private SearchViewModel _search = null!;
    private SearchQuery _query = new();
    private SearchGrid? _grid;
    private PageKeys? _keys;
    private ElementReference _root;
    private IJSObjectReference? _module;
    private string? _opened;
    private string? _problem;
    private bool _namesUnreadable;
    private (IReadOnlyList<MenuEntry> Items, double X, double Y)? _menu;

    [Parameter]
    public string? Path { get; set; }

    // Not read, the address is: without it the router would not tell of one that differs in its query alone.
    [SupplyParameterFromQuery(Name = "q")]
    private string? NameInAddress { get; set; }

    [Inject]
    private IFileSystemClient Client { get; set; } = null!;

    [Inject]
    private ICallerProvider Identity { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private UndoHistory Undo { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    private string Place => _search.Path.IsRoot ? "all files" : NameText.Of(_search.Path.Name);

    private string UnreadableText => $"{SizeText.Count(_search.Progress.Unreadable, "folder")} could not be searched. {ErrorText.Of(_search.Progress.Why).Title}";

    protected override void OnInitialized()
    {
        _search = new SearchViewModel(Client, Identity.Caller);
        Navigation.LocationChanged += OnLocation;
        base.OnInitialized();
    }

    protected override Task OnParametersSetAsync() => FollowAddressAsync();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        _module = await Js.InvokeAsync<IJSObjectReference>("import", "/js/page.js");
        _keys = await PageKeys.AttachAsync(Js, _root, key => RunAsync(() => KeyAsync(key)), "Enter", "Delete", "Shift+Delete", "Escape", "Ctrl+A", "Ctrl+Z", "Backspace");
    }

    protected override bool Poll() => _search.Tick();

    protected override async ValueTask DisposeCoreAsync()
    {
        Navigation.LocationChanged -= OnLocation;
        _search.Dispose();
        if (_keys is not null)
            await _keys.DisposeAsync();
        try
        {
            if (_module is not null)
                await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser has gone.
        }
    }

    // Of addresses that differ in other parts of the query than the one above.
    private void OnLocation(object? sender, Microsoft.AspNetCore.Components.Routing.LocationChangedEventArgs e) => _ = InvokeAsync(async () =>
    {
        await FollowAddressAsync();
        StateHasChanged();
    });

    private async Task FollowAddressAsync()
    {
        string address = Navigation.Uri;
        if (address == _opened || !FilePath.TryParseUrl(address, "/search/", out FilePath path))
            return;
        _opened = address;
        _query = SearchQuery.Parse(address);
        await _search.OpenAsync(path, _query, Stopped);
    }

    private Task OpenAsync() => _search.OpenAsync(_search.Path, _query, Stopped);

    private void GoUp() => Navigation.NavigateTo("/search/" + _search.Path.Parent.ToUrlPath() + _query.ToUrl());

    private void Ask(SearchQuery query) => Show(query with { Sort = _query.Sort, Descending = _query.Descending });

    private void Show(SearchQuery query) => Navigation.NavigateTo("/search/" + _search.Path.ToUrlPath() + query.ToUrl());

    private void Sort(SortColumn column)
    {
        ViewSpec spec = ViewQuery.Toggle(new ViewSpec(_query.Sort, _query.Descending), column);
        Show(_query with { Sort = spec.Sort, Descending = spec.Descending });
    }

    private Task KeyAsync(ListKey key)
    {
        switch (key)
        {
            case { Key: "Enter" }:
                return OpenRowAsync(_search.AtCursor());
            case { Key: "Delete", Shift: false }:
                Delete();
                return Task.CompletedTask;
            case { Key: "Delete", Shift: true }:
                return DeleteForGoodAsync();
            case { Key: "z" or "Z", Ctrl: true }:
                return Undo.Last is { } last ? Undo.UndoAsync(last) : Task.CompletedTask;
            case { Key: "Backspace" }:
                Navigation.NavigateTo(_search.Path.ToFilesUrl());
                return Task.CompletedTask;
            case { Key: "ContextMenu" }:
                return ShowMenuAtCursorAsync();
            default:
                _search.Picker.Press(key, page: 10);
                return Task.CompletedTask;
        }
    }

    private async Task PointAsync(RowPointer at)
    {
        if (_search.Drawn(at.Ino.Value) is not { } row)
            return;
        switch (at.Kind)
        {
            case "open":
                await OpenRowAsync(row);
                break;
            case "menu":
                if (!_search.Picker.Contains(at.Ino.Value))
                    _search.Picker.Point(at.Ino.Value, CursorMode.Select);
                ShowMenu(at.X, at.Y);
                break;
            default:
                _search.Picker.Point(at.Ino.Value, RowPointing.ModeOf(at));
                break;
        }
    }

    /// <summary>A folder is gone into, a file is saved; a link leads to the folder that it is in.</summary>
    private async Task OpenRowAsync(SearchRow? at)
    {
        if (at is not { } row)
            return;
        if (row.Entry.Attributes.IsDirectory)
            Navigation.NavigateTo(_search.PathOf(row).ToFilesUrl());
        else if (row.Entry.Attributes.Kind != FileKind.File)
            Navigation.NavigateTo(_search.PathOf(row).Parent.ToFilesUrl());
        else if (_module is not null)
            await _module.InvokeVoidAsync("download", _search.PathOf(row).ToDownloadUrl());
    }

    private void Reveal()
    {
        if (_search.Chosen() is [var row])
            Navigation.NavigateTo(_search.PathOf(row).Parent.ToFilesUrl() + "?show=" + FilePath.EncodeName(row.Entry.Name));
    }

    private void Delete() => _search.MoveToTrash(Undo);

    private async Task DeleteForGoodAsync()
    {
        IReadOnlyList<SearchRow> chosen = _search.Chosen();
        if (chosen.Count == 0)
            return;
        DeletePlan plan = new(chosen[0].Directory, [.. chosen.Select(r => r.Entry)]);
        if (await Dialogs.OpenAsync<Files.DeleteDialog>(
            plan.Question,
            new Dictionary<string, object?> { [nameof(Files.DeleteDialog.Plan)] = plan },
            new DialogOptions { Width = "min(460px, calc(100vw - 32px))", ShowClose = false, CloseDialogOnEsc = true, AutoFocusFirstElement = false }) is true)
        {
            Client.RemoveTrees(Identity.Caller, [.. chosen.Select(r => (r.Directory, r.Entry))]);
            _search.Picker.Clear();
        }
        if (_grid is not null)
            await _grid.FocusAsync();
    }

    private async Task ShowMenuAtCursorAsync()
    {
        if (_grid is null || _search.AtCursor() is not { } row)
            return;
        if (!_search.Picker.Contains((ulong)row.Id))
            _search.Picker.Point((ulong)row.Id, CursorMode.Select);
        (double x, double y) = await _grid.CursorPointAsync();
        ShowMenu(x, y);
    }

    private void ShowMenu(double x, double y)
    {
        List<MenuEntry> items = [];
        if (_search.Chosen() is [var only])
        {
            items.Add(Entry(only.Entry.Attributes.IsDirectory ? "Open" : "Download", only.Entry.Attributes.IsDirectory ? "folder_open" : "download", () => OpenRowAsync(only)));
            items.Add(Entry("Show in folder", "folder", Once(Reveal)));
        }
        items.Add(Entry("Select all", "select_all", Once(_search.Picker.SelectAll)) with { StartsGroup = items.Count > 0 });
        items.Add(Entry("Delete", "delete", Once(Delete)) with { IsDangerous = true, StartsGroup = true });
        items.Add(Entry("Delete permanently…", "delete_forever", DeleteForGoodAsync) with { IsDangerous = true });
        _menu = (items, x, y);

        MenuEntry Entry(string text, string icon, Func<Task> act) => new(text, icon, () => RunAsync(act));

        static Func<Task> Once(Action act) => () =>
        {
            act();
            return Task.CompletedTask;
        };
    }

    private async Task RunAsync(Func<Task> act)
    {
        await act();
        StateHasChanged();
    }

    private async Task CloseMenuAsync()
    {
        _menu = null;
        if (_grid is not null)
            await _grid.FocusAsync();
    }
}
