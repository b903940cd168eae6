using Capstan.Shared;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.ViewModels.Organize;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Radzen;

namespace Capstan.WebUi.Components.Files.Organize;

/// <summary>Asks for a name, says at once what is wrong with it, and stays open while what it is for cannot be done.</summary>
public sealed partial class NameDialog : ComponentBase, IAsyncDisposable
{
    private readonly ComponentScript _script = new("/js/page.js");
    private ElementReference _input;
    private string _typed = "";
    private string _second = "";
    private string? _refusal;
    private bool _wasTyped;
    private bool _busy;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    [Parameter]
    public string Initial { get; set; } = "";

    /// <summary>How much of the initial name is selected.</summary>
    [Parameter]
    public int Stem { get; set; }

    /// <summary>Label of a second field, if there is one.</summary>
    [Parameter]
    public string? Second { get; set; }

    [Parameter]
    public string InitialSecond { get; set; } = "";

    [Parameter, EditorRequired]
    public string Button { get; set; } = "";

    /// <summary>Does it: null when it is done, otherwise the sentence that says why not.</summary>
    [Parameter, EditorRequired]
    public Func<FileName, string, Task<string?>> Submit { get; set; } = null!;

    private string? Problem => NameRules.Problem(_typed, out _);

    /// <summary>Nobody is told that nothing was typed before anything was.</summary>
    private string? Shown => _refusal ?? (_wasTyped ? Problem : null);

    public ValueTask DisposeAsync() => _script.DisposeAsync();

    protected override void OnInitialized()
    {
        _typed = Initial;
        _second = InitialSecond;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && await _script.LoadAsync(Js))
            await _script.CallAsync("focusRange", _input, 0, Stem > 0 ? Stem : _typed.Length);
    }

    // Bound, not drawn as a value: an echo of an earlier state must not overwrite what was typed since.
    private void Typed()
    {
        _wasTyped = true;
        _refusal = null;
    }

    private async Task SubmitAsync()
    {
        _wasTyped = true;
        if (_busy || NameRules.Problem(_typed, out FileName name) is not null)
            return;
        _busy = true;
        try
        {
            _refusal = await Submit(name, _second);
        }
        finally
        {
            _busy = false;
        }
        if (_refusal is null)
            Dialogs.Close(name);
    }
}
