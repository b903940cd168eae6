using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels.Preview;

/// <summary>Through the rows of a directory.</summary>
public sealed class PreviewWalk(IFileSystemClient client, Caller caller, FilesViewModel files, DirectoryViewModel directory) : IPreviewWalk
{
    public async Task<PreviewItem?> HereAsync(CancellationToken cancellation)
    {
        if (directory.Count == 0)
            return null;
        if (directory.AtCursor() is null)
            await directory.MoveCursorAsync(Math.Clamp(directory.Cursor, 0, directory.Count - 1), CursorMode.Select);
        return directory.AtCursor() is not { } row ? null : await PreviewItem.OfAsync(
            client, caller, files.Path.Append(row.Entry.Name), row.Entry, row.Rank, directory.Count, cancellation);
    }

    public async Task<PreviewItem?> MoveAsync(int by, CancellationToken cancellation)
    {
        long to = directory.Cursor + by;
        if (to < 0 || to >= directory.Count)
            return null;
        await directory.MoveCursorAsync(to, CursorMode.Select);
        return await HereAsync(cancellation);
    }
}
