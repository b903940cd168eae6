using Capstan.Shared;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.ViewModels.Organize;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace Capstan.WebUi.Components.Files.Organize;

/// <summary>Enter takes the name, Escape leaves it as it was, and who goes elsewhere takes it too, as long as it can be had.</summary>
public sealed partial class NameEditor : ComponentBase, IAsyncDisposable
{
    private readonly ComponentScript _script = new("/js/page.js");
    private ElementReference _input;
    private string? _refusal;
    private bool _busy;
    private bool _over;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    [Parameter, EditorRequired]
    public NameEdit Edit { get; set; } = null!;

    private string? Shown => _refusal ?? NameRules.Problem(Edit.Typed, out _);

    public ValueTask DisposeAsync() => _script.DisposeAsync();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && await _script.LoadAsync(Js))
            await _script.CallAsync("focusName", _input, 0, NameRules.StemLength(Edit.Typed, Edit.Entry.Attributes.IsDirectory));
    }

    private void Typed() => _refusal = null;

    private async Task KeyAsync(KeyboardEventArgs key)
    {
        if (key.Key == "Escape")
            await EndAsync(null, byKey: true);
        else if (key.Key == "Enter")
            await TakeAsync();
    }

    private async Task TakeAsync()
    {
        if (await SubmitAsync())
            await EndAsync(null, byKey: true);
    }

    /// <summary>The focus has gone elsewhere, and stays there.</summary>
    private async Task LeaveAsync()
    {
        if (_busy || _over)
            return;
        bool isDone = await SubmitAsync();
        await EndAsync(isDone ? null : $"The name was left as it was. {Shown}", byKey: false);
    }

    /// <summary>False: it is said why not.</summary>
    private async Task<bool> SubmitAsync()
    {
        if (_busy || _over)
            return false;
        if (NameRules.Problem(Edit.Typed, out FileName name) is not null)
            return false;
        if (name == Edit.Entry.Name)
            return true;
        _busy = Edit.IsAsked = true;
        try
        {
            _refusal = await Edit.Submit(name);
        }
        finally
        {
            _busy = false;
            Edit.IsAsked = _refusal is null;
        }
        return _refusal is null;
    }

    private async Task EndAsync(string? sentence, bool byKey)
    {
        if (_over)
            return;
        _over = true;
        await Edit.End(sentence, byKey);
    }
}
