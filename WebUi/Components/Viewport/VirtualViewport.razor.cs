using Capstan.Shared;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.ViewModels;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Capstan.WebUi.Components.Viewport;

/// <summary>
/// Draws a window over any number of rows of equal height (<c>--row-h</c>) with one tab stop and an exact scrollbar. Its owner
/// renders the rows [First, First + Rendered) as <see cref="ChildContent"/> when <see cref="OnNeed"/> asks for them.
/// </summary>
public sealed partial class VirtualViewport : ComponentBase, IAsyncDisposable
{
    /// <summary>More lines than a screen has.</summary>
    private const int MaxRuns = 500;

    private readonly ComponentScript _script = new("/js/viewport.js");
    private ElementReference _element;
    private DotNetObjectReference<VirtualViewport>? _self;
    private bool _focusIsWanted;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    [Parameter, EditorRequired]
    public long Count { get; set; }

    [Parameter, EditorRequired]
    public long First { get; set; }

    [Parameter, EditorRequired]
    public int Rendered { get; set; }

    /// <summary>Names what is listed: with another one the viewport starts at its top.</summary>
    [Parameter]
    public string List { get; set; } = "";

    /// <summary>Rows inserted above those in sight less rows removed there, in all: the viewport scrolls along.</summary>
    [Parameter]
    public long Origin { get; set; }

    /// <summary>"sequence:rank"; a new value scrolls the rank into sight.</summary>
    [Parameter]
    public string Reveal { get; set; } = "0:0";

    /// <summary>Element id of the row at the cursor, if it is drawn.</summary>
    [Parameter]
    public string? ActiveRow { get; set; }

    [Parameter]
    public string Role { get; set; } = "grid";

    /// <summary>Rows are tiles, as many side by side (<c>--tile-w</c> at least) as there is room for.</summary>
    [Parameter]
    public bool IsTiled { get; set; }

    [Parameter]
    public string Label { get; set; } = "";

    [Parameter]
    public string Class { get; set; } = "";

    [Parameter]
    public bool Busy { get; set; }

    /// <summary>Taps select instead of opening.</summary>
    [Parameter]
    public bool Selecting { get; set; }

    [Parameter]
    public RenderFragment? Head { get; set; }

    [Parameter, EditorRequired]
    public RenderFragment ChildContent { get; set; } = null!;

    [Parameter]
    public EventCallback<ViewportNeed> OnNeed { get; set; }

    [Parameter]
    public EventCallback<ListKey> OnKey { get; set; }

    [Parameter]
    public EventCallback<RowPointer> OnPoint { get; set; }

    [Parameter]
    public EventCallback<RowMark> OnMark { get; set; }

    [JSInvokable]
    public Task Need(long first, int count, long visibleFirst, int visibleCount, int columns) =>
        OnNeed.InvokeAsync(new ViewportNeed(Math.Max(0, first), Math.Clamp(count, 1, 500), Math.Max(0, visibleFirst), Math.Clamp(visibleCount, 1, 500), Math.Clamp(columns, 1, 100)));

    [JSInvokable]
    public Task Key(string key, bool ctrl, bool shift, bool alt) => OnKey.InvokeAsync(new ListKey(key, ctrl, shift, alt));

    [JSInvokable]
    public Task Point(string kind, string name, string ino, bool ctrl, bool shift, double x, double y) =>
        RowIdentity.TryParse(name, ino, out RowIdentity row)
            ? OnPoint.InvokeAsync(new RowPointer(kind, row.Name, row.Ino, ctrl, shift, x, y))
            : Task.CompletedTask;

    /// <summary>The user has drawn a rectangle over tiles: of each line the first and the last in it, by name and inode.</summary>
    [JSInvokable]
    public Task Mark(IReadOnlyList<IReadOnlyList<string>> runs, bool adds)
    {
        List<(RowIdentity From, RowIdentity To)> marked = [];
        foreach (IReadOnlyList<string> run in runs.Take(MaxRuns))
        {
            if (run is [var name, var ino, var lastName, var lastIno] && RowIdentity.TryParse(name, ino, out RowIdentity from) && RowIdentity.TryParse(lastName, lastIno, out RowIdentity to))
                marked.Add((from, to));
        }
        return OnMark.InvokeAsync(new RowMark(marked, adds));
    }

    /// <summary>Now, or as soon as the list has its script.</summary>
    public async Task FocusAsync()
    {
        _focusIsWanted = !_script.IsAttached;
        if (_script.IsAttached)
            await _script.CallAsync("focus");
    }

    public async Task<(double X, double Y)> CursorPointAsync() =>
        _script.IsAttached && await _script.AskAsync<double[]>("cursorPoint") is [var x, var y] ? (x, y) : (0, 0);

    public async ValueTask DisposeAsync()
    {
        await _script.DisposeAsync();
        _self?.Dispose();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        _self = DotNetObjectReference.Create(this);
        if (await _script.AttachAsync(Js, "attach", _element, _self, Role is "grid" or "listbox") && _focusIsWanted)
            await FocusAsync();
    }
}

/// <summary>Rows to draw, which of them are in sight, and how many stand side by side.</summary>
public readonly record struct ViewportNeed(long First, int Count, long VisibleFirst, int VisibleCount, int Columns);

/// <summary>The user pointed at a row: by its name and inode as drawn, never by its place, which may be another's by now.</summary>
/// <param name="Kind">click, toggle, open or menu.</param>
public readonly record struct RowPointer(string Kind, FileName Name, InodeId Ino, bool Ctrl, bool Shift, double X, double Y);
