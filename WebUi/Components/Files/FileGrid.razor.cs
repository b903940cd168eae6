using Capstan.ClientGateway;
using Capstan.WebUi.Components.Viewport;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Organize;
using Microsoft.AspNetCore.Components;

namespace Capstan.WebUi.Components.Files;

/// <summary>The rows of a directory in the viewport.</summary>
public sealed partial class FileGrid : RowGrid
{
    private string _base = "";
    private long _minute;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [Parameter, EditorRequired]
    public FilePath Path { get; set; } = FilePath.Root;

    [Parameter, EditorRequired]
    public DirectoryViewModel Directory { get; set; } = null!;

    [Parameter, EditorRequired]
    public SymlinkTargets Links { get; set; } = null!;

    [Parameter]
    public ViewMode Mode { get; set; }

    [Parameter]
    public FileColumns Columns { get; set; } = FileColumns.Default;

    /// <summary>A name that is being edited.</summary>
    [Parameter]
    public NameEdit? Edit { get; set; }

    /// <summary>Of tiles.</summary>
    [Parameter]
    public EventCallback<RowMark> OnMark { get; set; }

    [Parameter]
    public EventCallback<SortColumn> OnSort { get; set; }

    [Parameter]
    public EventCallback<PendingOperation> OnRetry { get; set; }

    [Parameter]
    public EventCallback<PendingOperation> OnDismiss { get; set; }

    private string Label => Path.IsRoot ? "Files" : NameText.Of(Path.Name);

    private string List => Path.ToUrlPath() + ViewQuery.Of(Directory.Spec);

    private string? ActiveRow => Directory.Window.At(Directory.Cursor) is null ? null : FileItem.IdOf(Directory.Cursor);

    // An option has no field in it, an item of a list may.
    private string TileList => Edit is null ? "listbox" : "list";

    private string TileRole => Edit is null ? "option" : "listitem";

    private NameEdit? EditOf(DirectoryRow row) => Edit?.IsOf(row.Entry) == true ? Edit : null;

    protected override void OnParametersSet()
    {
        _base = Path.IsRoot ? "" : Path.ToUrlPath() + "/";
        _minute = Time.GetUtcNow().ToUnixTimeSeconds() / 60;
    }

    private void Look(ViewportNeed need) => Directory.Look(need.First, need.Count, need.VisibleFirst, need.VisibleCount, need.Columns);
}
