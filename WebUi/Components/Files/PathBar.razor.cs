using Capstan.ClientGateway;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Capstan.WebUi.Components.Files;

/// <summary>The path as links, or as a field with the folders that it may go on with.</summary>
public sealed partial class PathBar : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private ElementReference _input;
    private PathSuggestions _paths = null!;
    private IReadOnlyList<FilePath> _suggestions = [];
    private string _text = "";
    private string? _problem;
    private int _at = -1;
    private bool _wasEditing;
    private bool _focused;

    [Inject]
    private IFileSystemClient Client { get; set; } = null!;

    [Inject]
    private ICallerProvider Identity { get; set; } = null!;

    [Parameter, EditorRequired]
    public FilePath Path { get; set; } = FilePath.Root;

    [Parameter]
    public bool IsEditing { get; set; }

    [Parameter]
    public EventCallback OnEdit { get; set; }

    [Parameter]
    public EventCallback OnDone { get; set; }

    [Parameter]
    public EventCallback<FilePath> OnGo { get; set; }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    protected override void OnInitialized() => _paths = new PathSuggestions(Client, Identity.Caller);

    protected override void OnParametersSet()
    {
        if (IsEditing == _wasEditing)
            return;
        _wasEditing = IsEditing;
        _text = TextOf(Path);
        (_suggestions, _problem, _at) = ([], null, -1);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!IsEditing || _focused)
        {
            _focused = IsEditing;
            return;
        }
        _focused = true;
        await _input.FocusAsync();
        await SuggestAsync();
        StateHasChanged();
    }

    private static string TextOf(FilePath path) => path.IsRoot ? "/" : NameText.Editable(path) + "/";

    private async Task TypedAsync()
    {
        _problem = null;
        await SuggestAsync();
    }

    private async Task SuggestAsync()
    {
        string asked = _text;
        IReadOnlyList<FilePath> found = await _paths.FindAsync(asked, Path, _stop.Token);
        if (asked == _text)
            (_suggestions, _at) = (found, -1);
    }

    private async Task KeyAsync(KeyboardEventArgs key)
    {
        switch (key.Key)
        {
            case "Escape":
                await OnDone.InvokeAsync();
                break;
            case "ArrowDown" when _suggestions.Count > 0:
                _at = (_at + 1) % _suggestions.Count;
                break;
            case "ArrowUp" when _suggestions.Count > 0:
                _at = _at <= 0 ? _suggestions.Count - 1 : _at - 1;
                break;
        }
    }

    /// <summary>A folder that was suggested is gone into at once.</summary>
    private Task ChooseAsync(FilePath path) => OnGo.InvokeAsync(path);

    private async Task GoAsync()
    {
        if (_at >= 0 && _at < _suggestions.Count)
        {
            await ChooseAsync(_suggestions[_at]);
            return;
        }
        (FilePath path, _problem) = PathSuggestions.TryParse(_text, Path, out FilePath typed)
            ? await _paths.TargetAsync(typed, _stop.Token)
            : (typed, "A name in it is too long, or not possible.");
        if (_problem is null)
            await OnGo.InvokeAsync(path);
    }
}
