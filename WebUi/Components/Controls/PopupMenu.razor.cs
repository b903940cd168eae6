using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Capstan.WebUi.Components.Controls;

public sealed record MenuEntry(string Text, string Icon, Func<Task> Act, bool IsDangerous = false);

public sealed partial class PopupMenu : ComponentBase
{
    private ElementReference[] _buttons = [];
    private int _at;

    [Parameter, EditorRequired]
    public IReadOnlyList<MenuEntry> Items { get; set; } = [];

    [Parameter]
    public double X { get; set; }

    [Parameter]
    public double Y { get; set; }

    [Parameter]
    public string Label { get; set; } = "Actions";

    [Parameter]
    public EventCallback OnClose { get; set; }

    private string Place => string.Create(CultureInfo.InvariantCulture, $"--x: {X:0}px; --y: {Y:0}px; --h: {(Items.Count * 34) + 12}px");

    protected override void OnParametersSet()
    {
        if (_buttons.Length != Items.Count)
            _buttons = new ElementReference[Items.Count];
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
            await _buttons[0].FocusAsync(preventScroll: true);
    }

    private async Task KeyAsync(KeyboardEventArgs key)
    {
        switch (key.Key)
        {
            case "ArrowDown":
                await MoveAsync(_at + 1);
                break;
            case "ArrowUp":
                await MoveAsync(_at - 1);
                break;
            case "Home":
                await MoveAsync(0);
                break;
            case "End":
                await MoveAsync(Items.Count - 1);
                break;
            case "Enter" or " ":
                await ChooseAsync(Items[_at]);
                break;
            case "Escape" or "Tab":
                await OnClose.InvokeAsync();
                break;
        }
    }

    private async Task MoveAsync(int to)
    {
        _at = (to + Items.Count) % Items.Count;
        await _buttons[_at].FocusAsync(preventScroll: true);
    }

    private async Task ChooseAsync(MenuEntry item)
    {
        await OnClose.InvokeAsync();
        await item.Act();
    }
}
