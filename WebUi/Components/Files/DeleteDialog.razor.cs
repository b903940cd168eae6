using Capstan.ClientGateway;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace Capstan.WebUi.Components.Files;

/// <summary>Asks before a deletion for good; Cancel has the focus. What is in the folders is counted while one reads.</summary>
public sealed partial class DeleteDialog : PolledComponent
{
    private ElementReference _cancel;
    private ITreeCount? _count;
    private long _drawn;
    private string _typed = "";

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Inject]
    private IFileSystemClient Client { get; set; } = null!;

    [Inject]
    private ICallerProvider Identity { get; set; } = null!;

    [Parameter, EditorRequired]
    public DeletePlan Plan { get; set; } = null!;

    private bool MustType => Math.Max(Plan.Count, _count is { } count ? count.Files + count.Folders : 0) > DeletePlan.TypedFrom;

    private bool MayGoOn => !MustType || string.Equals(_typed.Trim(), "delete", StringComparison.OrdinalIgnoreCase);

    protected override void OnInitialized()
    {
        if (Plan.Folders > 0)
            _count = Client.CountTrees(Identity.Caller, Plan.Entries);
        base.OnInitialized();
    }

    protected override bool Poll()
    {
        long now = _count?.ChangeCounter ?? 0;
        bool changed = now != _drawn;
        _drawn = now;
        return changed;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
            await _cancel.FocusAsync();
    }

    private void Delete()
    {
        if (MayGoOn)
            Dialogs.Close(true);
    }

    protected override ValueTask DisposeCoreAsync()
    {
        _count?.Dispose();
        return ValueTask.CompletedTask;
    }
}
