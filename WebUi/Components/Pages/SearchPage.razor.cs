using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.Components.Files;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Archives;
using Capstan.WebUi.ViewModels.Organize;
using Capstan.WebUi.ViewModels.Search;
using Capstan.WebUi.ViewModels.Undo;
using Microsoft.AspNetCore.Components;

namespace Capstan.WebUi.Components.Pages;

/// <summary>A search in a folder and all below it. The address is the state: /search/ and the path, and what is looked for as its query.</summary>
public sealed partial class SearchPage : PickerPage
{
    private SearchViewModel _search = null!;
    private SearchQuery _query = new();
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

    [Inject]
    private TransferFlow Transfers { get; set; } = null!;

    [Inject]
    private FileClipboard Clipboard { get; set; } = null!;

    [Inject]
    private ArchiveTickets Tickets { get; set; } = null!;

    [Inject]
    private PreviewOverlay Preview { get; set; } = null!;

    private string Place => _search.Path.IsRoot ? "all files" : NameText.Of(_search.Path.Name);

    protected override RowPicker Picker => _search.Picker;

    protected override string[] Chords { get; } = ["Enter", "Delete", "Shift+Delete", "Ctrl+Z", "Backspace", "Alt+Enter", "F2", "Ctrl+C", "Ctrl+X", "Shift+F5", "Shift+F6", "Ctrl+E", "Space"];

    protected override ulong? NumberAtCursor => _search.AtCursor() is { } row ? (ulong)row.Id : null;

    private string UnreadableText => $"{SizeText.Count(_search.Progress.Unreadable, "folder")} could not be searched. {ErrorText.Of(_search.Progress.Why).Title}";

    protected override void OnInitialized()
    {
        _search = new SearchViewModel(Client, Identity.Caller);
        Navigation.LocationChanged += OnLocation;
        base.OnInitialized();
    }

    protected override Task OnParametersSetAsync() => FollowAddressAsync();

    protected override bool Poll() => _search.Tick();

    protected override async ValueTask DisposeCoreAsync()
    {
        Navigation.LocationChanged -= OnLocation;
        _search.Dispose();
        await base.DisposeCoreAsync();
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
        // As a files' address does: it becomes that of the place to which its links have led.
        if (_search.Path is var real && real != path && address == _opened)
        {
            _opened = Navigation.ToAbsoluteUri("/search/" + real.ToUrlPath() + new Uri(address).Query).ToString();
            Navigation.NavigateTo(_opened, replace: true);
        }
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
        { Key: "F2" } => Done(Rename),
        { Key: "c" or "C", Ctrl: true } => Done(() => Remember(JobKind.Copy)),
        { Key: "x" or "X", Ctrl: true } => Done(() => Remember(JobKind.Move)),
        { Key: "F5", Shift: true } => () => TransferToAsync(JobKind.Copy),
        { Key: "F6", Shift: true } => () => TransferToAsync(JobKind.Move),
        { Key: "e" or "E", Ctrl: true } => Done(Edit),
        { Key: " ", Ctrl: false } => PreviewAsync,
        { Key: "Backspace" } => Done(() => Navigation.NavigateTo(_search.Path.ToFilesUrl())),
        _ => null,
    };

    protected override bool IsThere(ulong number) => _search.Drawn(number) is not null;

    protected override Task OpenAsync(ulong number) => OpenRowAsync(_search.Drawn(number));
}
