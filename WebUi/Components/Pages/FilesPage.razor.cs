using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.Components.Files;
using Capstan.WebUi.Components.Viewport;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using Radzen;

namespace Capstan.WebUi.Components.Pages;

/// <summary>A folder of the tree. The address is the state: /files/ and the path, its names percent-encoded.</summary>
public sealed partial class FilesPage : PolledComponent
{
    private static readonly TimeSpan SlowAfter = TimeSpan.FromMilliseconds(150);

    private FilesViewModel _files = null!;
    private FileGrid? _grid;
    private IJSObjectReference? _module;
    private Task _inputs = Task.CompletedTask;
    private string? _problem;
    private bool _resolving;
    private int _resolved;
    private string? _opened;
    private (IReadOnlyList<MenuEntry> Items, double X, double Y)? _menu;

    [Parameter]
    public string? Path { get; set; }

    // Not read, the address is: without them the router would not tell of one that differs in its query alone.
    [SupplyParameterFromQuery(Name = "sort")]
    private string? SortInAddress { get; set; }

    [SupplyParameterFromQuery(Name = "filter")]
    private string? FilterInAddress { get; set; }

    [Inject]
    private IFileSystemClient Client { get; set; } = null!;

    [Inject]
    private ICallerProvider Identity { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

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
        if (FilePath.TryParseUrl(address, "/files/", out FilePath path))
            await _files.OpenAsync(path, ViewQuery.Parse(address));
        else
            _files.Fail(FsErrno.NoEntry);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
            _module = await Js.InvokeAsync<IJSObjectReference>("import", "/js/page.js");
        if (_files is { Directory: { } directory, Links: { } links } && await links.FetchAsync(directory.Window.Rows, Stopped))
            StateHasChanged();
        if (_module is not null && _files.State != FilesState.Loading && _files.Directory is not { Count: > 0 })
            await _module.InvokeVoidAsync("focusIfLost", "[data-next]");
    }

    protected override bool Poll() => _files.Tick() | _resolving;

    protected override async ValueTask DisposeCoreAsync()
    {
        _files.Arrived -= OnArrived;
        _files.Dispose();
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

    private void OnArrived() => _ = InvokeAsync(StateHasChanged);

    private void GoUp()
    {
        if (!_files.Path.IsRoot)
            Navigation.NavigateTo(UrlOf(_files.Path.Parent));
    }

    /// <summary>The order goes along to other folders, the filter does not.</summary>
    private string UrlOf(FilePath path) => path.ToFilesUrl() + ViewQuery.Of(Spec with { Filter = "" });

    private ViewSpec Spec => ViewQuery.Parse(Navigation.Uri);

    private void Show(ViewSpec spec) => Navigation.NavigateTo(_files.Path.ToFilesUrl() + ViewQuery.Of(spec));

    /// <summary>Turned round from what was asked for last, which may not be drawn yet.</summary>
    private void Sort(SortColumn column) => Show(ViewQuery.Toggle(Spec, column));

    private void Filter(string text) => Navigation.NavigateTo(_files.Path.ToFilesUrl() + ViewQuery.Of(Spec with { Filter = text }), replace: true);

    private void ShowAll() => Filter("");

    private async Task ReopenAsync() => await _files.OpenAsync(_files.Path, Spec);

    private void SelectAll() => _files.Directory?.SelectAll();

    private void ClearSelection() => _files.Directory?.Selection.Clear();

    private void ForgetNotice()
    {
        _problem = null;
        if (_files.Directory is { } directory)
            directory.SelectionLost = false;
    }

    private void Retry(PendingOperation operation) => Client.Operations.Retry(operation);

    private void Dismiss(PendingOperation operation) => Client.Operations.Dismiss(operation);

    /// <summary>Keys and clicks act one after the other, in the order in which they came, also when one waits for a row.</summary>
    private Task InOrderAsync(Func<Task> act)
    {
        return _inputs = After(_inputs);

        async Task After(Task earlier)
        {
            // What went wrong with an earlier one was its caller's to hear.
            await earlier.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            await act();
        }
    }

    // Where there is no list: what takes its place has the keys.
    private void KeyOnState(KeyboardEventArgs key)
    {
        if (key is { Key: "Backspace" } or { Key: "ArrowUp", AltKey: true })
            GoUp();
    }

    private Task KeyAsync(ListKey key) => InOrderAsync(async () =>
    {
        switch (key)
        {
            case { Key: "Enter" }:
                await OpenCursorAsync();
                break;
            case { Key: "Backspace" } or { Key: "ArrowUp", Alt: true }:
                GoUp();
                break;
            case { Key: "Delete" }:
                await DeleteAsync();
                break;
            case { Key: "ContextMenu" } when _files.Directory?.AtCursor() is { } row && _grid is not null:
                (double x, double y) = await _grid.CursorPointAsync();
                ShowMenu(row, x, y);
                break;
            default:
                if (_files.Keys is { } keys)
                    await keys.PressAsync(key);
                break;
        }
    });

    private Task PointAsync(RowPointer at) => InOrderAsync(async () =>
    {
        if (_files.Directory is not { } directory || directory.Drawn(at.Name, at.Ino) is not { } row)
            return;
        switch (at.Kind)
        {
            case "open":
                await OpenAsync(row.Entry);
                break;
            case "menu":
                if (!directory.Selection.Contains(row.Entry))
                    directory.Point(at.Name, at.Ino, CursorMode.Select);
                ShowMenu(row, at.X, at.Y);
                break;
            default:
                directory.Point(at.Name, at.Ino, (at.Kind, at.Ctrl, at.Shift) switch
                {
                    ("toggle", _, false) or (_, true, false) => CursorMode.Toggle,
                    (_, true, true) => CursorMode.ExtendMore,
                    (_, _, true) => CursorMode.Extend,
                    _ => CursorMode.Select,
                });
                break;
        }
    });

    private async Task OpenCursorAsync()
    {
        if (_files.Directory?.AtCursor() is { } row)
            await OpenAsync(row.Entry);
    }

    private async Task OpenAsync(DirectoryEntry entry)
    {
        _problem = null;
        FsResult<(FilePath Path, bool IsDirectory)> target = await _files.TargetOfAsync(entry, Stopped);
        if (!target.IsOk)
            _problem = $"“{NameText.Of(entry.Name)}” cannot be opened. " + (target.Errno == FsErrno.NotSupported ? "The link leads out of this tree." : ErrorText.Of(target.Errno).Sentence);
        else if (target.Value.IsDirectory)
            Navigation.NavigateTo(UrlOf(target.Value.Path));
        else if (_module is not null)
            await _module.InvokeVoidAsync("download", target.Value.Path.ToDownloadUrl());
    }

    private void ShowMenu(DirectoryRow row, double x, double y)
    {
        bool folder = row.Entry.Attributes.IsDirectory;
        List<MenuEntry> items =
        [
            Entry(folder ? "Open" : "Download", folder ? "folder_open" : "download", () => OpenAsync(row.Entry)),
            Entry("Select all", "select_all", Once(SelectAll)),
        ];
        if (row is { State: RowState.Failed, Operation: { } failed })
        {
            items.Add(Entry("Try again", "refresh", Once(() => Retry(failed))));
            items.Add(Entry("Dismiss the error", "close", Once(() => Dismiss(failed))));
        }
        items.Add(Entry("Delete…", "delete", DeleteAsync) with { IsDangerous = true });
        _menu = (items, x, y);

        MenuEntry Entry(string text, string icon, Func<Task> act) => new(text, icon, async () =>
        {
            await act();
            StateHasChanged();
        });

        static Func<Task> Once(Action act) => () =>
        {
            act();
            return Task.CompletedTask;
        };
    }

    private async Task CloseMenuAsync()
    {
        _menu = null;
        if (_grid is not null)
            await _grid.FocusAsync();
    }

    private async Task DeleteAsync()
    {
        if (_resolving || _files is not { Directory: { } directory, Delete: { } delete } || directory.Selection.IsEmpty)
            return;
        FsResult<DeletePlan> plan;
        _resolving = true;
        _resolved = 0;
        try
        {
            plan = await delete.PlanAsync(found => _resolved = found, Stopped);
        }
        finally
        {
            _resolving = false;
            StateHasChanged();
        }
        if (!plan.IsOk)
            _problem = $"The selection could not be read, so nothing was deleted. {ErrorText.Of(plan.Errno).Sentence}";
        else if (plan.Value.Count > 0 && await AskAsync(plan.Value) && _files.Directory == directory)
            await delete.ExecuteAsync(plan.Value);
        if (_grid is not null)
            await _grid.FocusAsync();
        StateHasChanged();
    }

    private async Task<bool> AskAsync(DeletePlan plan) => await Dialogs.OpenAsync<DeleteDialog>(
        plan.Question,
        new Dictionary<string, object?> { [nameof(DeleteDialog.Plan)] = plan },
        new DialogOptions { Width = "min(460px, calc(100vw - 32px))", ShowClose = false, CloseDialogOnEsc = true, AutoFocusFirstElement = false, CssClass = "delete-dialog" }) is true;
}
