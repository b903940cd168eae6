using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Capstan.WebUi.Components.Files;

/// <summary>The tree beside the list, and the handle between the two.</summary>
public sealed partial class FolderTreePane : PolledComponent
{
    /// <summary>Each open folder is a listing that is kept.</summary>
    private const int MaxReopened = 100;

    private readonly ComponentScript _script = new("/js/tree.js");
    private ElementReference _element;
    private ElementReference _splitter;
    private FolderTree _tree = null!;
    private FolderNode? _active;
    private FilePath? _revealed;
    private DotNetObjectReference<FolderTreePane>? _self;
    private double? _scrollTo;
    private string _typed = "";
    private DateTimeOffset _typedAt;

    [Inject]
    private FolderTree Tree { get; set; } = null!;

    [Inject]
    private PagePreferences Preferences { get; set; } = null!;

    [Inject]
    private ICallerProvider Identity { get; set; } = null!;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    /// <summary>Of the open folder or file.</summary>
    [Parameter, EditorRequired]
    public FilePath Path { get; set; } = FilePath.Root;

    [Parameter]
    public EventCallback<FilePath> OnGo { get; set; }

    [Parameter]
    public EventCallback OnClose { get; set; }

    [Parameter]
    public EventCallback OnResized { get; set; }

    protected override TimeSpan Period => TimeSpan.FromMilliseconds(250);

    [JSInvokable]
    public async Task Key(string key)
    {
        IReadOnlyList<FolderNode> rows = _tree.Rows;
        int at = _active is null ? 0 : Math.Max(0, rows.ToList().IndexOf(_active));
        FolderNode node = rows[at];
        switch (key)
        {
            case "ArrowDown":
                _active = rows[Math.Min(at + 1, rows.Count - 1)];
                break;
            case "ArrowUp":
                _active = rows[Math.Max(at - 1, 0)];
                break;
            case "Home":
                _active = rows[0];
                break;
            case "End":
                _active = rows[^1];
                break;
            case "ArrowRight" when !node.IsExpanded && !node.IsEmpty:
                await _tree.ExpandAsync(node);
                break;
            case "ArrowRight" when node.Children.Count > 0:
                _active = node.Children[0];
                break;
            case "ArrowLeft" when node is { IsExpanded: true, IsLeaf: false, Path.IsRoot: false }:
                _tree.Collapse(node);
                break;
            case "ArrowLeft":
                _active = _tree.Find(node.Path.Parent) ?? node;
                break;
            case "Enter" or " ":
                await OnGo.InvokeAsync(node.Target ?? node.Path);
                break;
            case { Length: 1 }:
                Type(key, rows, at);
                break;
        }
        StateHasChanged();
    }

    [JSInvokable]
    public async Task Resized(int width)
    {
        Preferences.TreeWidth = width;
        await OnResized.InvokeAsync();
        StateHasChanged();
    }

    protected override void OnInitialized()
    {
        _tree = Tree;
        _tree.Arrived += OnArrived;
        _active = _tree.Root;
        base.OnInitialized();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _self = DotNetObjectReference.Create(this);
            if (!await _script.AttachAsync(Js, "attach", _element, _splitter, _self))
                return;
            await _tree.OpenAsync(Identity.Caller);
            await RememberAsync();
        }
        if (_scrollTo is { } top)
        {
            _scrollTo = null;
            await _script.CallAsync("scrollTo", top);
        }
        if (_revealed == Path || _tree.Root.View is null)
            return;
        _revealed = Path;
        if (await _tree.RevealAsync(Path) is { } node)
        {
            _active = node;
            StateHasChanged();
        }
    }

    /// <summary>A folder that is in the tree is marked in the batch that draws its list; one that is not is opened up to afterwards.</summary>
    protected override void OnParametersSet()
    {
        if (_revealed is not null && _revealed != Path && _tree.Find(Path) is { } node)
            (_active, _revealed) = (node, Path);
    }

    protected override bool Poll() => _tree.Tick();

    /// <summary>Before a reload these were open, and so far down it was: the browser's tab knows (tree.js).</summary>
    private async Task RememberAsync()
    {
        if (await _script.AskAsync<TreeMemory>("remembered") is not { } memory)
            return;
        List<FilePath> open = [];
        foreach (string encoded in memory.Open.Take(MaxReopened))
        {
            if (FilePath.TryParse(encoded, out FilePath path))
                open.Add(path);
        }
        await _tree.ReopenAsync(open);
        if (await _tree.RevealAsync(Path) is { } node)
            (_active, _revealed) = (node, Path);
        StateHasChanged();
        _scrollTo = memory.Top;
    }

    private sealed record TreeMemory(IReadOnlyList<string> Open, double Top);

    protected override async ValueTask DisposeCoreAsync()
    {
        _tree.Arrived -= OnArrived;
        _tree.Rest();
        _self?.Dispose();
        await _script.DisposeAsync();
    }

    private static string? IdOf(FolderNode? node) => node is null ? null : $"folder-{node.Ino}";

    private void OnArrived()
    {
        if (_active is not null && !_tree.Rows.Contains(_active))
            _active = _tree.Find(Path) ?? _tree.Root;
        _ = InvokeAsync(StateHasChanged);
    }

    private Task Go(FolderNode node)
    {
        _active = node;
        return OnGo.InvokeAsync(node.Target ?? node.Path);
    }

    private async Task ToggleAsync(FolderNode node)
    {
        if (node.IsLeaf)
            return;
        if (node.IsExpanded)
            _tree.Collapse(node);
        else
            await _tree.ExpandAsync(node);
    }

    private void Type(string letter, IReadOnlyList<FolderNode> rows, int at)
    {
        DateTimeOffset now = Time.GetUtcNow();
        bool goesOn = now - _typedAt < TimeSpan.FromSeconds(1);
        _typed = goesOn ? _typed + letter : letter;
        _typedAt = now;
        for (int step = goesOn ? 0 : 1; step <= rows.Count; step++)
        {
            FolderNode node = rows[(at + step) % rows.Count];
            if (!node.Text.StartsWith(_typed, StringComparison.CurrentCultureIgnoreCase))
                continue;
            _active = node;
            return;
        }
    }
}
