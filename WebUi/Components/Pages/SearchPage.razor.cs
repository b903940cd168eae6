using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.Components.Properties;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Search;
using Capstan.WebUi.ViewModels.Undo;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Capstan.WebUi.Components.Pages;

/// <summary>A search in a folder and all below it. The address is the state: /search/ and the path, and what is looked for as its query.</summary>
public sealed partial class SearchPage : PickerPage
{
    private SearchViewModel _search = null!;
    private SearchQuery _query = new();
    private IJSObjectReference? _module;
    private string? _opened;
    private bool _namesUnreadable;

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

    private string Place => _search.Path.IsRoot ? "all files" : NameText.Of(_search.Path.Name);

    protected override RowPicker Picker => _search.Picker;

    protected override string[] Chords { get; } = ["Enter", "Delete", "Shift+Delete", "Ctrl+Z", "Backspace", "Alt+Enter"];

    protected override ulong? NumberAtCursor => _search.AtCursor() is { } row ? (ulong)row.Id : null;

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
        if (firstRender)
            _module = await Js.InvokeAsync<IJSObjectReference>("import", "/js/page.js");
        await base.OnAfterRenderAsync(firstRender);
    }

    protected override bool Poll() => _search.Tick();

    protected override async ValueTask DisposeCoreAsync()
    {
        Navigation.LocationChanged -= OnLocation;
        _search.Dispose();
        await base.DisposeCoreAsync();
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

    private Task ReopenAsync() => _search.OpenAsync(_search.Path, _query, Stopped);

    private void GoUp() => Navigation.NavigateTo("/search/" + _search.Path.Parent.ToUrlPath() + _query.ToUrl());

    private void Ask(SearchQuery query) => Show(query with { Sort = _query.Sort, Descending = _query.Descending });

    private void Show(SearchQuery query) => Navigation.NavigateTo("/search/" + _search.Path.ToUrlPath() + query.ToUrl());

    private void Sort(SortColumn column)
    {
        ViewSpec spec = ViewQuery.Toggle(new ViewSpec(_query.Sort, _query.Descending), column);
        Show(_query with { Sort = spec.Sort, Descending = spec.Descending });
    }

    protected override Func<Task>? ActionOf(ListKey key) => key switch
    {
        { Key: "Enter", Alt: true } => PropertiesAsync,
        { Key: "Enter" } => () => OpenRowAsync(_search.AtCursor()),
        { Key: "Delete", Shift: false } => Done(Delete),
        { Key: "Delete", Shift: true } => DeleteForGoodAsync,
        { Key: "z" or "Z", Ctrl: true } => () => Undo.Last is { } last ? Undo.UndoAsync(last) : Task.CompletedTask,
        { Key: "Backspace" } => Done(() => Navigation.NavigateTo(_search.Path.ToFilesUrl())),
        _ => null,
    };

    protected override bool IsThere(ulong number) => _search.Drawn(number) is not null;

    protected override Task OpenAsync(ulong number) => OpenRowAsync(_search.Drawn(number));

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
            Navigation.NavigateTo(ViewQuery.Showing(_search.PathOf(row)));
    }

    private void Delete() => _search.MoveToTrash(Undo);

    private async Task DeleteForGoodAsync()
    {
        IReadOnlyList<SearchRow> chosen = _search.Chosen();
        if (chosen.Count == 0)
            return;
        DeletePlan plan = new(chosen[0].Directory, [.. chosen.Select(r => r.Entry)]);
        if (await Dialogs.AskAsync<Files.DeleteDialog>(plan.Question, new() { [nameof(Files.DeleteDialog.Plan)] = plan }) is true)
        {
            Client.RemoveTrees(Identity.Caller, [.. chosen.Select(r => (r.Directory, r.Entry))]);
            _search.Picker.Clear();
        }
        await FocusListAsync();
    }

    /// <summary>Of what is in one folder: its attributes are changed there.</summary>
    private static bool HasProperties(IReadOnlyList<SearchRow> chosen) => chosen.Count > 0 && chosen.All(r => r.Directory == chosen[0].Directory);

    private async Task PropertiesAsync()
    {
        IReadOnlyList<SearchRow> chosen = _search.Chosen();
        if (HasProperties(chosen))
            await PropertiesDialog.AskAsync((title, parameters, width) => Dialogs.AskAsync<PropertiesDialog>(title, parameters, width), chosen[0].Directory, [.. chosen.Select(r => r.Entry)]);
        else if (chosen.Count > 0)
            Problem = "Properties are shown of what is in one folder, and these are in several.";
        await FocusListAsync();
    }

    protected override IReadOnlyList<MenuEntry> MenuEntries()
    {
        List<MenuEntry> items = [];
        IReadOnlyList<SearchRow> chosen = _search.Chosen();
        if (chosen is [var only])
        {
            bool isFolder = only.Entry.Attributes.IsDirectory;
            items.Add(Entry(isFolder ? "Open" : "Download", isFolder ? "folder_open" : "download", () => OpenRowAsync(only)));
            items.Add(Entry("Show in folder", "folder", Reveal));
        }
        items.Add(Entry("Select all", "select_all", Picker.SelectAll) with { StartsGroup = items.Count > 0 });
        if (HasProperties(chosen))
            items.Add(Entry("Properties…", "tune", PropertiesAsync) with { Keys = "Alt+Enter" });
        items.Add(Entry("Delete", "delete", Delete) with { IsDangerous = true, StartsGroup = true, Keys = "Delete" });
        items.Add(Entry("Delete permanently…", "delete_forever", DeleteForGoodAsync) with { IsDangerous = true, Keys = "Shift+Delete" });
        return items;
    }

    private static Func<Task> Done(Action act) => () =>
    {
        act();
        return Task.CompletedTask;
    };
}
