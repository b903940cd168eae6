using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Capstan.WebUi.Components.Layout;

/// <summary>System, light, dark, and around again.</summary>
public sealed partial class ThemeToggle : ComponentBase, IAsyncDisposable
{
    private IJSObjectReference? _module;
    private string _theme = "system";

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    private string Icon => _theme switch { "light" => "light_mode", "dark" => "dark_mode", _ => "contrast" };

    public async ValueTask DisposeAsync()
    {
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

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        _module = await Js.InvokeAsync<IJSObjectReference>("import", "/js/theme.js");
        _theme = await _module.InvokeAsync<string>("current");
        StateHasChanged();
    }

    private async Task NextAsync()
    {
        _theme = _theme switch { "system" => "light", "light" => "dark", _ => "system" };
        if (_module is not null)
            await _module.InvokeVoidAsync("choose", _theme);
    }
}
