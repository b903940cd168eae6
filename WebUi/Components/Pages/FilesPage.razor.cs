using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.Components.Files;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Commands;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Radzen;

namespace Capstan.WebUi.Components.Pages;

/// <summary>A folder of the tree. The address is the state: /files/ and the path, its names percent-encoded.</summary>
public sealed partial class FilesPage : PolledComponent
{
    private static readonly TimeSpan SlowAfter = TimeSpan.FromMilliseconds(150);

    private readonly ComponentScript _script = new("/js/page.js");
    private FilesViewModel _files = null!;
    private FileGrid? _grid;
    private string? _problem;
    private string? _opened;
    private ViewMode _drawnMode;

    [Parameter]
    public string? Path { get; set; }

    // Not read, the address is: without them the router would not tell of one that differs in its query alone.
    [SupplyParameterFromQuery(Name = "sort")]
    private string? SortInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "filter")]
    private string? FilterInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "view")]
    private string? ViewInAddress { get; set; }

    [Inject]
    private PagePreferences Preferences { get; set; } = null!;

    [Inject]
    private IFileSystemClient Client { get; set; } = null!;

    [Inject]
    private ICallerProvider Identity { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private FileCommands Commands { get; set; } = null!;

    [Inject]
    private PreviewOverlay Preview { get; set; } = null!;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    private string Title => _files.Path.IsRoot ? "Files" : NameText.Of(_files.Path.Name);

    private bool IsSlow => Time.GetUtcNow() - _files.Since >= SlowAfter;

    private string? Notice => _problem
        ?? (_files.Directory is { SelectionLost: true } ? "The folder changed more than can be followed, so the selection was cleared. Nothing was deleted." : null);

    protected override void OnInitialized()
    {
        _files = new FilesViewModel(Client, Identity.Caller, Time);
        _files.Arrived += OnArrived;
        base.OnInitialized();
    }

    protected override async Task OnParametersSetAsync()
    {
        // Not the route's parameter: the router has decoded it, once too often for some names.
        string address = Navigation.Uri;
        if (address == _opened)
            return;
        _opened = address;
        _problem = null;
        _edit = null;
        _editsPath = false;
        if (FilePath.TryParseUrl(address, "/files/", out FilePath path))
        {
            // The same rows drawn otherwise are no other listing.
            if (_drawnMode != Mode && _files.Directory is { } shown && path == _files.Path && shown.Spec == Spec)
                shown.RevealCursor();
            else
            {
                await _files.OpenAsync(path, Spec);
                if (_files is { LeadsTo: { } real } && _files.Path == path)
                {
                    Navigation.NavigateTo(real.ToFilesUrl() + ViewQuery.Of(Spec, Mode), replace: true);
                    return;
                }
                if (ViewQuery.ShownIn(address) is { } name && _files is { Directory: { } opened } && _files.Path == path)
                    await opened.FocusAsync(name);
            }
            _drawnMode = Mode;
        }
        else
            _files.Fail(FsErrno.NoEntry);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _self = DotNetObjectReference.Create(this);
            await _script.LoadAsync(Js);
            await _dragging.AttachAsync(Js, "attach", _root, _self);
            await _keys.AttachAsync(Js, "attach", _root, _self, Commands.Codes);
        }
        if (IsGone)
            return;
        if (_files is { Directory: { } directory, Links: { } links } && await links.FetchAsync(directory.Window.Rows, Stopped))
            StateHasChanged();
        if (_files.State != FilesState.Loading && _files.Directory is not { Count: > 0 })
            await _script.CallAsync("focusIfLost", "[data-next]");
    }

    /// <summary>
    /// Until the next folder has rows to show (or the reason why not), or is slow in coming, the one before stays drawn: its list becomes the next one's, in one batch, and focus and scripts stay
    /// with it. What is done to its rows meanwhile is done to nothing: a row is told of by name and inode.
    /// </summary>
    protected override bool ShouldRender() => IsSlow || _files is { State: not FilesState.Loading, Directory: null or { Window.IsBlank: false } or { ReadError: not FsErrno.Ok } };

    protected override bool Poll() => _files.Tick() | _reading | ClipboardChanged() | EndEditOfWhatIsGone();

    protected override Task? Change() => _files.Directory?.WhenChanged();

    protected override async ValueTask DisposeCoreAsync()
    {
        _files.Arrived -= OnArrived;
        _files.Dispose();
        _self?.Dispose();
        await _dragging.DisposeAsync();
        await _keys.DisposeAsync();
        await _script.DisposeAsync();
    }

    private void OnArrived() => _ = InvokeAsync(StateHasChanged);

    /// <summary>The order goes along to other folders, the filter does not.</summary>
    private string UrlOf(FilePath path) => path.ToFilesUrl() + ViewQuery.Of(Spec with { Filter = "" }, Mode);

    private ViewSpec Spec => ViewQuery.Parse(Navigation.Uri);

    private void GoUp() => GoTo(_files.Path.Parent);

    /// <summary>Turned round from what was asked for last, which may not be drawn yet.</summary>
    private void Sort(SortColumn column) => Show(ViewQuery.Toggle(Spec, column));

    private void Filter(string text) => Navigation.NavigateTo(_files.Path.ToFilesUrl() + ViewQuery.Of(Spec with { Filter = text }, Mode), replace: true);

    private void ShowAll() => Filter("");

    private async Task ReopenAsync() => await _files.OpenAsync(_files.Path, Spec);

    private void ClearSelection() => _files.Directory?.Selection.Clear();

    private void ForgetNotice()
    {
        _problem = null;
        if (_files.Directory is { } directory)
            directory.SelectionLost = false;
    }

    private void Retry(PendingOperation operation) => Client.Operations.Retry(operation);

    private void Dismiss(PendingOperation operation) => Client.Operations.Dismiss(operation);
}
