using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Organize;
using Microsoft.AspNetCore.Components;

namespace Capstan.WebUi.Components.Files;

/// <summary>One entry, as a row or a tile; drawn again only when something in it is different.</summary>
public abstract class FileItem : ComponentBase
{
    private (DirectoryRow Row, OperationState? State, string Base, bool Selected, bool Active, string? Target, long Minute, FileColumns? Columns, NameEdit? Edit, string Role) _drawn;
    private FileName _decoded;
    private bool _changed;

    [Inject]
    protected TimeProvider Time { get; set; } = null!;

    [Parameter, EditorRequired]
    public DirectoryRow Row { get; set; }

    /// <summary>Encoded path of the directory, with its closing '/'.</summary>
    [Parameter]
    public string Base { get; set; } = "";

    [Parameter]
    public bool Selected { get; set; }

    [Parameter]
    public bool Active { get; set; }

    /// <summary>Of a symbolic link, when known.</summary>
    [Parameter]
    public string? Target { get; set; }

    /// <summary>Changes each minute, and with it the times.</summary>
    [Parameter]
    public long Minute { get; set; }

    /// <summary>Of a list.</summary>
    [Parameter]
    public FileColumns? Columns { get; set; }

    /// <summary>Its name is being edited.</summary>
    [Parameter]
    public NameEdit? Edit { get; set; }

    /// <summary>Of a tile: an option, or an item of a plain list while there is a field in it.</summary>
    [Parameter]
    public string Role { get; set; } = "option";

    [Parameter]
    public EventCallback<PendingOperation> OnRetry { get; set; }

    [Parameter]
    public EventCallback<PendingOperation> OnDismiss { get; set; }

    protected FileIcon Icon { get; private set; }

    /// <summary>The name as the address has it.</summary>
    protected string EncodedName { get; private set; } = "";

    protected string Text { get; private set; } = "";

    protected string Href => (Row.Entry.Attributes.IsDirectory ? "/files/" : "/download/") + Base + EncodedName;

    protected string Classes => (Active ? "active " : "") + (Edit is not null ? "renaming " : "") + (Row.State == RowState.Failed ? "failed" : "");

    protected bool IsPending => Row.State is RowState.Pending or RowState.Leaving;

    protected OperationKind? PendingKind => Row.State == RowState.Leaving ? OperationKind.Trash : Row.Operation?.Kind;

    public static string IdOf(long rank) => $"row-{rank}";

    protected override void OnParametersSet()
    {
        var now = (Row, Row.Operation?.State, Base, Selected, Active, Target, Minute, Columns, Edit, Role);
        _changed = now != _drawn;
        _drawn = now;
        if (_decoded != Row.Entry.Name || EncodedName.Length == 0)
        {
            _decoded = Row.Entry.Name;
            EncodedName = FilePath.EncodeName(_decoded);
            Text = NameText.Of(_decoded);
        }
        Icon = FileIcon.Of(Row.Entry);
    }

    protected override bool ShouldRender() => _changed;

    protected static string FailedText(PendingOperation failed) =>
        failed.Kind is OperationKind.Unlink or OperationKind.Rmdir or OperationKind.Trash ? "Not deleted" : "Failed";
}
