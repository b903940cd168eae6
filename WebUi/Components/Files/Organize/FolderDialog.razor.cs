using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Organize;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace Capstan.WebUi.Components.Files.Organize;

/// <summary>Chooses a folder: by walking, or by its path.</summary>
public sealed partial class FolderDialog : ComponentBase
{
    private ElementReference _input;
    private string _typed = "";
    private bool _busy;

    [Inject]
    private DialogService Dialogs { get; set; } = null!;

    [Parameter, EditorRequired]
    public FolderPicker Picker { get; set; } = null!;

    /// <summary>"Copy to", before the folder's name.</summary>
    [Parameter, EditorRequired]
    public string Button { get; set; } = "";

    /// <summary>All that is to be moved is in there, so it is no place to move it to.</summary>
    [Parameter]
    public InodeId From { get; set; }

    private bool IsHere => !From.IsNone && Picker.Folder == From;

    /// <summary>Where copies or what is moved shall go; asked by whoever opens dialogs on the page.</summary>
    public static Task<object?> AskAsync(Func<string, Dictionary<string, object?>, int, Task<object?>> ask, FolderPicker picker, JobKind kind, IReadOnlyList<DirectoryEntry> entries, InodeId from = default) => ask(
        $"{kind} {(entries.Count == 1 ? $"“{NameText.Of(entries[0].Name)}”" : SizeText.Items(entries.Count))}",
        new() { [nameof(Picker)] = picker, [nameof(Button)] = $"{kind} to", [nameof(From)] = kind == JobKind.Move ? from : default },
        460);

    protected override void OnInitialized() => _typed = NameText.Editable(Picker.Path);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
            await _input.FocusAsync();
    }

    private Task GoAsync(FilePath path) => RunAsync(() => Picker.GoAsync(path));

    private Task GoTypedAsync() => RunAsync(() => Picker.GoAsync(_typed));

    private async Task RunAsync(Func<Task> go)
    {
        if (_busy)
            return;
        _busy = true;
        try
        {
            await go();
        }
        finally
        {
            _busy = false;
        }
        if (Picker.Problem is null)
            _typed = NameText.Editable(Picker.Path);
    }
}
