using Capstan.WebUi.Components.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Capstan.WebUi.Components.Layout;

/// <summary>System, light, dark, and around again.</summary>
public sealed partial class ThemeToggle : ComponentBase, IAsyncDisposable
{
    private readonly ComponentScript _script = new("/js/theme.js");
    private string _theme = "system";

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    private string Icon => _theme switch { "light" => "light_mode", "dark" => "dark_mode", _ => "contrast" };

    public ValueTask DisposeAsync() => _script.DisposeAsync();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender || !await _script.LoadAsync(Js) || await _script.AskAsync<string>("current") is not { } theme)
            return;
        _theme = theme;
        StateHasChanged();
    }

    private Task NextAsync()
    {
        _theme = _theme switch { "system" => "light", "light" => "dark", _ => "system" };
        return _script.CallAsync("choose", _theme);
    }
}
