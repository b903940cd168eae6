using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Organize;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Capstan.WebUi.Components.Pages;

// Rows that are dragged onto a folder; see drag.js.
public sealed partial class FilesPage
{
    private readonly ComponentScript _dragging = new("/js/drag.js");
    private long _clipboard;

    [Inject]
    private TransferFlow Transfers { get; set; } = null!;

    [Inject]
    private FileClipboard Clipboard { get; set; } = null!;

    /// <summary>Something was cut or copied, here or in another tab: the bar offers to paste it.</summary>
    private bool ClipboardChanged()
    {
        long before = _clipboard;
        return (_clipboard = Clipboard.Version) != before;
    }

    /// <summary>A row that was not selected is dragged: from here on it is, alone.</summary>
    [JSInvokable]
    public Task DragRow(string name, string ino) => InOrderAsync(() =>
    {
        if (FilePath.TryDecodeName(name, out FileName parsed) == FsErrno.Ok && ulong.TryParse(ino, out ulong number))
            _files.Directory?.Point(parsed, new InodeId(number), CursorMode.Select);
        StateHasChanged();
        return Task.CompletedTask;
    });

    /// <summary>What is selected is dropped: on the row of a folder, or on a link to one.</summary>
    [JSInvokable]
    public Task Drop(string? name, string? ino, string? href, bool copy) => InOrderAsync(async () =>
    {
        if (_files.Directory is not { } directory || await TargetAsync(name, ino, href) is not { } target || await ReadSelectionAsync() is not { Count: > 0 } entries)
            return;
        _problem = null;
        Transfers.Start(Context, new ClipboardContent(copy ? JobKind.Copy : JobKind.Move, PlacedEntry.Of(directory.Directory, _files.Path, entries)), target.Folder, target.Path);
        StateHasChanged();
    });

    private async Task<(InodeId Folder, FilePath Path)?> TargetAsync(string? name, string? ino, string? href)
    {
        if (name is not null && ulong.TryParse(ino, out ulong number) && FilePath.TryDecodeName(name, out FileName parsed) == FsErrno.Ok)
        {
            // The very folder that was pointed at, whatever has its name by now.
            return _files.Directory?.Drawn(parsed, new InodeId(number)) is { Entry.Attributes.IsDirectory: true } row ? (row.Entry.Attributes.Ino, _files.Path.Append(parsed)) : null;
        }
        if (href is null || !FilePath.TryParseUrl(href, "/files/", out FilePath path))
            return null;
        FsResult<ResolvedPath> place = await Client.ResolveAsync(Identity.Caller, path.Names, Stopped);
        if (place is { IsOk: true, Value.Attributes: { IsDirectory: true } folder })
            return (folder.Ino, path);
        Say(place.IsOk ? "This is not a folder." : ErrorText.Of(place.Errno).Sentence);
        return null;
    }
}
