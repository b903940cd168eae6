using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.Components.Trash;
using Capstan.WebUi.Components.Viewport;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Trash;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Radzen;

namespace Capstan.WebUi.Components.Pages;

/// <summary>What was deleted and can be had back.</summary>
public sealed partial class TrashPage : PolledComponent
{
    private TrashViewModel _trash = null!;
    private TrashGrid? _grid;
    private PageKeys? _keys;
    private ElementReference _root;
    private string? _problem;
    private (IReadOnlyList<MenuEntry> Items, double X, double Y)? _menu;

    [Inject]
    private IFileSystemClient Client { get; set; } = null!;

    [Inject]
    private ICallerProvider Identity { get; set; } = null!;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private CapstanOptions Options { get; set; } = null!;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    /// <summary>Only of the MDS in this process is it known.</summary>
    private string Retention => (Options.Mds, Options.TrashRetention) switch
    {
        (not null, _) => "",
        (_, 0) => "Kept until it is emptied",
        (_, 1) => "Kept for a day",
        var (_, days) => $"Kept for {days} days",
    };

    private string RetentionSentence => (Options.Mds, Options.TrashRetention) switch
    {
        (not null, _) => "The metadata server's administrator has set how long it stays.",
        (_, 0) => "It stays until you empty the trash.",
        (_, 1) => "It stays for a day and is then deleted for good.",
        var (_, days) => $"It stays for {days} days and is then deleted for good.",
    };

    private string RefusedText => _trash.Refused.Count == 1
        ? $"“{NameText.Of(_trash.Refused[0].Entry.Name)}” could not be restored."
        : $"{SizeText.Items(_trash.Refused.Count)} could not be restored.";

    protected override void OnInitialized()
    {
        _trash = new TrashViewModel(Client, Identity.Caller, Time);
        _trash.Arrived += StateHasChanged;
        base.OnInitialized();
    }

    protected override Task OnInitializedAsync() => _trash.OpenAsync();

    protected override bool Poll() => _trash.Tick();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
            _keys = await PageKeys.AttachAsync(Js, _root, key => RunAsync(() => KeyAsync(key)), "Enter", "Delete", "Shift+Delete", "Escape", "Ctrl+A");
    }

    protected override async ValueTask DisposeCoreAsync()
    {
        _trash.Dispose();
        if (_keys is not null)
            await _keys.DisposeAsync();
    }

    private Task KeyAsync(ListKey key)
    {
        switch (key)
        {
            case { Key: "Delete" }:
                return PurgeAsync();
            case { Key: "Enter" }:
                return RestoreAsync();
            case { Key: "ContextMenu" }:
                return ShowMenuAtCursorAsync();
            default:
                _trash.Picker.Press(key, page: 10);
                return Task.CompletedTask;
        }
    }

    private async Task PointAsync(RowPointer at)
    {
        if (_trash.Find(at.Ino.Value) is null)
            return;
        switch (at.Kind)
        {
            case "menu":
                if (!_trash.Picker.Contains(at.Ino.Value))
                    _trash.Picker.Point(at.Ino.Value, CursorMode.Select);
                ShowMenu(at.X, at.Y);
                break;
            case "open":
                _trash.Picker.Point(at.Ino.Value, CursorMode.Select);
                await RestoreAsync();
                break;
            default:
                _trash.Picker.Point(at.Ino.Value, RowPointing.ModeOf(at));
                break;
        }
    }

    private async Task ShowMenuAtCursorAsync()
    {
        if (_grid is null || _trash.AtCursor() is not { } entry)
            return;
        if (!_trash.Picker.Contains(entry.Id.Ino.Value))
            _trash.Picker.Point(entry.Id.Ino.Value, CursorMode.Select);
        (double x, double y) = await _grid.CursorPointAsync();
        ShowMenu(x, y);
    }

    private void ShowMenu(double x, double y) => _menu = (
    [
        new MenuEntry("Restore", "restore_from_trash", () => RunAsync(RestoreAsync)),
        new MenuEntry("Restore to another place…", "drive_file_move", () => RunAsync(ChooseAsync)),
        new MenuEntry("Select all", "select_all", () => RunAsync(() =>
        {
            _trash.Picker.SelectAll();
            return Task.CompletedTask;
        }), StartsGroup: true),
        new MenuEntry("Delete permanently…", "delete_forever", () => RunAsync(PurgeAsync), IsDangerous: true, StartsGroup: true),
    ], x, y);

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

    private Task RestoreAsync()
    {
        if (_trash.ChosenEntries() is { Count: > 0 } chosen)
            _trash.Restore(chosen);
        return Task.CompletedTask;
    }

    private Task ChooseAsync() => ElsewhereAsync([.. _trash.ChosenEntries().Select(e => new RefusedRestore(e, FsErrno.Ok))]);

    private Task ElsewhereAsync() => ElsewhereAsync(_trash.Refused);

    private async Task ElsewhereAsync(IReadOnlyList<RefusedRestore> refused)
    {
        if (refused.Count == 0)
            return;
        object? answer = await OpenAsync<RestoreDialog>(
            refused.Count == 1 ? $"Restore “{NameText.Of(refused[0].Entry.Name)}” to…" : $"Restore {SizeText.Items(refused.Count)} to…",
            new() { [nameof(RestoreDialog.Refused)] = refused });
        if (answer is IReadOnlyList<TrashPlace> places)
            _trash.Restore([.. refused.Select(r => r.Entry)], places);
        await FocusListAsync();
    }

    private async Task PurgeAsync()
    {
        IReadOnlyList<TrashEntry> chosen = _trash.ChosenEntries();
        if (chosen.Count > 0 && await OpenAsync<PurgeDialog>(
            chosen.Count == 1 ? $"Permanently delete “{NameText.Of(chosen[0].Name)}”?" : $"Permanently delete {SizeText.Items(chosen.Count)}?",
            new() { [nameof(PurgeDialog.Entries)] = chosen }) is true)
            _trash.Purge(chosen);
        await FocusListAsync();
    }

    private async Task EmptyAsync()
    {
        if (await OpenAsync<PurgeDialog>("Empty the trash?", new() { [nameof(PurgeDialog.Everything)] = true }) is true && await _trash.EmptyAsync() is var errno and not FsErrno.Ok)
            _problem = $"The trash could not be emptied. {ErrorText.Of(errno).Sentence}";
        await FocusListAsync();
    }

    private async Task<object?> OpenAsync<TDialog>(string title, Dictionary<string, object?> parameters)
        where TDialog : IComponent => await Dialogs.OpenAsync<TDialog>(
            title, parameters, new DialogOptions { Width = "min(520px, calc(100vw - 32px))", ShowClose = false, CloseDialogOnEsc = true, AutoFocusFirstElement = false });

    private Task FocusListAsync() => _grid?.FocusAsync() ?? Task.CompletedTask;
}
