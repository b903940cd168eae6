using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.Components.Viewport;
using Capstan.WebUi.ViewModels;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Radzen;

namespace Capstan.WebUi.Components.Pages;

/// <summary>A page of one list whose rows have numbers: its keys, its pointing and its menu. What can be done with a row is the page's own.</summary>
public abstract class PickerPage : PolledComponent
{
    private readonly PageKeys _keys;

    protected PickerPage() => _keys = new PageKeys(key => RunAsync(() => KeyAsync(key)));

    /// <summary>What all pages share.</summary>
    private protected ComponentScript Script { get; } = new("/js/page.js");

    protected ElementReference Root { get; set; }

    protected RowGrid? Grid { get; set; }

    protected (IReadOnlyList<MenuEntry> Items, double X, double Y, bool FromRight)? Menu { get; private set; }

    /// <summary>Something went wrong that is said above the list.</summary>
    protected string? Problem { get; set; }

    [Inject]
    protected IJSRuntime Js { get; set; } = null!;

    [Inject]
    protected DialogService Dialogs { get; set; } = null!;

    protected abstract RowPicker Picker { get; }

    /// <summary>Keys that the page answers wherever the focus is, beside those of the list.</summary>
    protected abstract string[] Chords { get; }

    protected abstract ulong? NumberAtCursor { get; }

    protected abstract bool IsThere(ulong number);

    protected abstract Task OpenAsync(ulong number);

    protected abstract IReadOnlyList<MenuEntry> MenuEntries();

    /// <summary>A key that does something; null: it moves or selects, if anything.</summary>
    protected abstract Func<Task>? ActionOf(ListKey key);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        await Script.LoadAsync(Js);
        await _keys.AttachAsync(Js, Root, [.. Chords, "Escape", "Ctrl+A"]);
    }

    protected override async ValueTask DisposeCoreAsync()
    {
        await _keys.DisposeAsync();
        await Script.DisposeAsync();
    }

    protected Task KeyAsync(ListKey key)
    {
        if (key is { Key: "ContextMenu" })
            return ShowMenuAtCursorAsync();
        if (ActionOf(key) is { } act)
            return act();
        Picker.Press(key, page: 10);
        return Task.CompletedTask;
    }

    protected async Task PointAsync(RowPointer at)
    {
        ulong number = at.Ino.Value;
        if (!IsThere(number))
            return;
        switch (at.Kind)
        {
            case "open":
                await OpenAsync(number);
                break;
            case "menu":
                ShowMenu(number, at.X, at.Y);
                break;
            default:
                Picker.Point(number, RowPointing.ModeOf(at));
                break;
        }
    }

    protected MenuEntry Entry(string text, string icon, Func<Task> act) => new(text, icon, () => RunAsync(act));

    protected MenuEntry Entry(string text, string icon, Action act) => Entry(text, icon, () =>
    {
        act();
        return Task.CompletedTask;
    });

    protected async Task CloseMenuAsync()
    {
        Menu = null;
        await FocusListAsync();
    }

    protected Task FocusListAsync() => Grid?.FocusAsync() ?? Task.CompletedTask;

    /// <summary>The menu of what is selected, from the button that says "More".</summary>
    protected async Task ShowMoreAsync()
    {
        if (await Script.AskAsync<double[]>("below", "[data-actions]") is [var x, var y])
            Menu = (MenuEntries(), x, y, true);
    }

    private async Task ShowMenuAtCursorAsync()
    {
        if (Grid is null || NumberAtCursor is not { } number)
            return;
        (double x, double y) = await Grid.CursorPointAsync();
        ShowMenu(number, x, y);
    }

    private void ShowMenu(ulong number, double x, double y)
    {
        if (!Picker.Contains(number))
            Picker.Point(number, CursorMode.Select);
        Menu = (MenuEntries(), x, y, false);
    }

    private async Task RunAsync(Func<Task> act)
    {
        await act();
        StateHasChanged();
    }
}
