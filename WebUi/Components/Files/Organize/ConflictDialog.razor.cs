using Capstan.ClientGateway;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.ViewModels;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace Capstan.WebUi.Components.Files.Organize;

/// <summary>Asks what becomes of entries whose names are taken, one after the other or all at once; another browser may answer first.</summary>
public sealed partial class ConflictDialog : PolledComponent
{
    private ElementReference _skip;
    private JobConflict? _conflict;
    private int _open;
    private bool _forAll;
    private bool _isFocused;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Parameter, EditorRequired]
    public OperationJob Job { get; set; } = null!;

    /// <summary>Asks about what <paramref name="job"/> has met, until nothing is open or the user turns away.</summary>
    public static async Task AskAsync(DialogService dialogs, OperationJob job) =>
        await dialogs.AskAsync<ConflictDialog>(job.Title, new() { [nameof(Job)] = job }, 560, showClose: true);

    private bool IsMove => Job.Kind == JobKind.Move;

    private string Name => string.Join('/', _conflict!.Path.Select(NameText.Of));

    private string ForAll => _open > 1 ? $"Do the same with all {SizeText.Number(_open)}, and with others that come" : "Do the same with others that come";

    private string Consequence => _conflict is { IsMerge: true }
        ? "Merge puts what is in the one into the other, and asks about files that are in both. Keep both gives the new one another name."
        : "Replace puts the one that is there into the trash. Keep both gives the new one another name.";

    protected override bool Poll()
    {
        IReadOnlyList<JobConflict> open = Job.Conflicts;
        JobConflict? next = open.FirstOrDefault();
        if (next is null)
        {
            Dialogs.Close();
            return false;
        }
        bool changed = next != _conflict || open.Count != _open;
        (_conflict, _open) = (next, open.Count);
        return changed;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_isFocused || _conflict is null)
            return;
        _isFocused = true;
        await _skip.FocusAsync();
    }

    private void Answer(ConflictChoice choice)
    {
        if (_conflict is { } conflict)
            Job.Answer(conflict, choice, _forAll);
        Poll();
    }
}
