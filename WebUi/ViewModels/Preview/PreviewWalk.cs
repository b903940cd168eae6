using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels.Preview;

/// <summary>
/// Looks at one row of a directory after the other, in the order of the list. The list's cursor goes along, so that the list is at the row
/// that was looked at last.
/// </summary>
public sealed class PreviewWalk(IFileSystemClient client, Caller caller, FilesViewModel files, DirectoryViewModel directory)
{
    /// <summary>What the editor takes; see TextEndpoint.</summary>
    public const long MaxEditable = 4 * 1024 * 1024;

    /// <summary>The row at the cursor; null when there is none.</summary>
    public async Task<PreviewItem?> HereAsync(CancellationToken cancellation)
    {
        if (directory.Count == 0)
            return null;
        if (directory.AtCursor() is null)
            await directory.MoveCursorAsync(Math.Clamp(directory.Cursor, 0, directory.Count - 1), CursorMode.Select);
        return directory.AtCursor() is { } row ? await ItemAsync(row, cancellation) : null;
    }

    /// <summary>The row that many places on; null at an end of the list.</summary>
    public async Task<PreviewItem?> MoveAsync(int by, CancellationToken cancellation)
    {
        long to = directory.Cursor + by;
        if (to < 0 || to >= directory.Count)
            return null;
        await directory.MoveCursorAsync(to, CursorMode.Select);
        return await HereAsync(cancellation);
    }

    private async Task<PreviewItem> ItemAsync(DirectoryRow row, CancellationToken cancellation)
    {
        DirectoryEntry entry = row.Entry;
        FilePath path = files.Path.Append(entry.Name);
        InodeAttributes inode = entry.Attributes;
        string? target = null, problem = null;
        if (inode.Kind == FileKind.Symlink)
        {
            FsResult<(FilePath Path, bool IsDirectory)> leads = await files.TargetOfAsync(entry, cancellation);
            FsResult<ResolvedPath> found = leads.IsOk ? await client.ResolveAsync(caller, leads.Value.Path.Names, cancellation) : leads.Errno;
            if (found.IsOk)
                (path, inode, target) = (leads.Value.Path, found.Value.Attributes, NameText.Visible(leads.Value.Path.ToString()));
            else
                problem = ErrorText.OfLink(found.Errno).Title;
        }
        PreviewKind kind = MediaType.Of(path.Name).Kind;
        bool isText = kind is PreviewKind.Text or PreviewKind.Markdown or PreviewKind.Unknown;
        return new PreviewItem(
            NameText.Of(entry.Name), path.ToUrlPath(), kind.ToString(), inode.Size, inode.MtimeNs / 1_000_000, ModeText.Of(inode.Mode), $"{inode.Uid}:{inode.Gid}",
            row.Rank, directory.Count, inode.IsDirectory, problem is null && inode.Kind == FileKind.File && isText && inode.Size <= MaxEditable, target, problem);
    }
}
