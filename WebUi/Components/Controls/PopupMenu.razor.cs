using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Capstan.WebUi.Components.Controls;

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

    /// <summary>X is where its right edge belongs: it hangs from a button.</summary>
    [Parameter]
    public bool FromRight { get; set; }

    private string Place => string.Create(CultureInfo.InvariantCulture, $"--x: {X:0}px; --y: {Y:0}px; --h: calc({Items.Count} * var(--menu-item) + {(Items.Count(i => i.StartsGroup) * 11) + 12}px)");

    protected override void OnParametersSet()
    {
        if (_buttons.Length != Items.Count)
            _buttons = new ElementReference[Items.Count];
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && Items.Count > 0)
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
            case { Length: 1 } letter:
                await FindAsync(letter);
                break;
        }
    }

    private async Task MoveAsync(int to)
    {
        _at = (to + Items.Count) % Items.Count;
        await _buttons[_at].FocusAsync(); // brings it into sight, where the menu is higher than the page
    }

    private async Task FindAsync(string letter)
    {
        for (int step = 1; step <= Items.Count; step++)
        {
            int at = (_at + step) % Items.Count;
            if (!Items[at].Text.StartsWith(letter, StringComparison.OrdinalIgnoreCase))
                continue;
            await MoveAsync(at);
            return;
        }
    }

    private async Task ChooseAsync(MenuEntry item)
    {
        if (item.IsChecked is null)
            await OnClose.InvokeAsync();
        await item.Act();
    }
}
