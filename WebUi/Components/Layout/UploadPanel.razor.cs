using Capstan.WebUi.Components.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Capstan.WebUi.Components.Layout;

/// <summary>Where uploads are shown, whatever page is open: uploads run in the browser, and outlive every page of the circuit.</summary>
public sealed partial class UploadPanel : ComponentBase, IAsyncDisposable
{
    private readonly ComponentScript _script = new("/js/uploads/uploads.js");
    private ElementReference _host;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    public ValueTask DisposeAsync() => _script.DisposeAsync();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && await _script.LoadAsync(Js))
            await _script.CallAsync("attach", _host);
    }
}
