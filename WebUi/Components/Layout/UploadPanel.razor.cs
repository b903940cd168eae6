using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Capstan.WebUi.Components.Layout;

/// <summary>Where uploads are shown, whatever page is open: uploads run in the browser, and outlive every page of the circuit.</summary>
public sealed partial class UploadPanel : ComponentBase
{
    private ElementReference _host;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        await using IJSObjectReference uploads = await Js.InvokeAsync<IJSObjectReference>("import", "/js/uploads/uploads.js");
        await uploads.InvokeVoidAsync("attach", _host);
    }
}
