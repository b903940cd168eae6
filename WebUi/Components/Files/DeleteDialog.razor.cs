using Capstan.WebUi.ViewModels;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace Capstan.WebUi.Components.Files;

/// <summary>Asks before a deletion. There is no trash, so it is for good, and Cancel has the focus.</summary>
public sealed partial class DeleteDialog : ComponentBase
{
    private ElementReference _cancel;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Parameter, EditorRequired]
    public DeletePlan Plan { get; set; } = null!;

    private string Consequence
    {
        get
        {
            string size = Plan.Bytes > 0 ? $" ({SizeText.Bytes(Plan.Bytes)})" : "";
            return $"This deletes {(Plan.Count == 1 ? "it" : $"{SizeText.Items(Plan.Count)}")}{size} for good. It cannot be undone.";
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
            await _cancel.FocusAsync();
    }
}
