using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels.Commands;

/// <summary>What a command acts on, at the moment it is asked.</summary>
public sealed record FileCommandContext(IFileSystemClient Client, Caller Caller, FilesViewModel Files, IFilesSurface Surface, CancellationToken Stopped)
{
    public FilePath Path => Files.Path;

    /// <summary>Null while the page shows no folder.</summary>
    public DirectoryViewModel? Directory => Files.Directory;

    public long SelectedCount => Directory?.Selection.Count ?? 0;

    public bool HasSelection => SelectedCount > 0;

    /// <summary>The row that the keyboard is at, selected or not.</summary>
    public DirectoryRow? Focused => Directory is { Count: > 0 } directory ? directory.AtCursor() : null;

    /// <summary>The one selected row, when it is one and is drawn.</summary>
    public DirectoryRow? Single => Directory?.Single();
}
