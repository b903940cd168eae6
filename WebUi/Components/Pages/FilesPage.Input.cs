using Capstan.ClientGateway;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.Components.Viewport;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Commands;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Capstan.WebUi.Components.Pages;

// Keys, pointing and menus: all of them lead to a command, or move in the list.
public sealed partial class FilesPage
{
    private readonly ComponentScript _keys = new("/js/keys.js");
    private ElementReference _root;
    private DotNetObjectReference<FilesPage>? _self;
    private Task _inputs = Task.CompletedTask;
    private OpenMenu? _menu;

    private FileCommandContext Context => new(Client, Identity.Caller, _files, this, Stopped);

    /// <summary>A key that some command answers, pressed outside of the list or not a key of the list's own.</summary>
    [JSInvokable]
    public async Task Press(string key, bool ctrl, bool shift, bool alt)
    {
        await KeyAsync(new ListKey(key, ctrl, shift, alt));
        StateHasChanged();
    }

    [JSInvokable]
    public void FolderMenu(double x, double y)
    {
        ShowMenu(CommandPlaces.FolderMenu, x, y);
        StateHasChanged();
    }

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

    private Task KeyAsync(ListKey key) => InOrderAsync(async () =>
    {
        if (key is { Key: "ContextMenu" })
            await ShowMenuAtCursorAsync();
        else if (_menu is not null && key is { Key: "Escape" })
            await CloseMenuAsync(); // pressed before the menu had the focus
        else if (Commands.For(key, Context, _files.Keys is { IsTyping: true }) is { } command)
            await RunAsync(command);
        else if (_files.Keys is { } keys)
            await keys.PressAsync(key);
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
                ShowMenu(CommandPlaces.RowMenu, at.X, at.Y);
                break;
            default:
                directory.Point(at.Name, at.Ino, RowPointing.ModeOf(at));
                break;
        }
    });

    private Task MarkAsync(RowMark mark) => InOrderAsync(() =>
    {
        _files.Directory?.Mark([.. mark.Runs.Select(run => (run.From.Name, run.From.Ino, run.To.Name, run.To.Ino))], mark.Adds);
        return Task.CompletedTask;
    });

    private async Task RunAsync(FileCommand command)
    {
        _problem = null;
        FileCommandContext context = Context;
        if (command.IsEnabled(context))
            await command.RunAsync(context);
        StateHasChanged();
    }

    private async Task ShowMenuAtCursorAsync()
    {
        if (_grid is null || _files.Directory is not { } directory || directory.AtCursor() is not { } row)
            return;
        if (!directory.Selection.Contains(row.Entry))
            await directory.MoveCursorAsync(row.Rank, CursorMode.Select);
        (double x, double y) = await _grid.CursorPointAsync();
        ShowMenu(CommandPlaces.RowMenu, x, y);
    }

    private async Task ShowMoreAsync(CommandPlaces place)
    {
        if (await _script.AskAsync<double[]>("below", "[data-more]") is [var x, var y])
            ShowMenu(place, x, y, fromRight: true);
    }

    private void ShowMenu(CommandPlaces place, double x, double y, bool fromRight = false)
    {
        FileCommandContext context = Context;
        List<MenuEntry> items = [];
        CommandGroup? last = null;
        foreach (FileCommand command in Commands.In(place, context))
        {
            items.Add(new MenuEntry(
                command.Label(context), command.Icon, () => RunAsync(command), command.IsDangerous,
                command.Keys.Count > 0 ? command.Keys[0].Text : "", StartsGroup: last is not null && last != command.Group));
            last = command.Group;
        }
        _menu = items.Count > 0 ? new OpenMenu(items, x, y, fromRight) : null;
    }

    private async Task CloseMenuAsync()
    {
        _menu = null;
        await FocusListAsync();
    }

    private sealed record OpenMenu(IReadOnlyList<MenuEntry> Items, double X, double Y, bool FromRight);
}
