using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels.Preview;

/// <summary>A row as preview.js shows it; content comes to the browser by HTTP.</summary>
/// <param name="Path">Names percent-encoded, '/' between them: of what a link leads to, for a link.</param>
/// <param name="Position">Rank of the row.</param>
/// <param name="Target">Where a link leads.</param>
/// <param name="Problem">In words, why there is nothing to show.</param>
public sealed record PreviewItem(
    string Name, string Path, string Kind, long Size, long MtimeMs, string Mode, string Owner, long Position, long Count, bool IsFolder, bool CanEdit, string? Target, string? Problem)
{
    /// <summary>What the editor takes; see TextEndpoint.</summary>
    public const long MaxEditable = 4 * 1024 * 1024;

    /// <param name="path">Of the entry.</param>
    public static async Task<PreviewItem> OfAsync(
        IFileSystemClient client, Caller caller, FilePath path, DirectoryEntry entry, long position, long count, CancellationToken cancellation)
    {
        InodeAttributes inode = entry.Attributes;
        string? target = null, problem = null;
        if (inode.Kind == FileKind.Symlink)
        {
            FsResult<(FilePath Path, ResolvedPath Found)> led = await new LinkWalk(client, caller).FollowAsync(path, cancellation);
            if (led.IsOk)
                (path, inode, target) = (led.Value.Path, led.Value.Found.Attributes, NameText.Visible(led.Value.Path.ToString()));
            else
                problem = ErrorText.OfLink(led.Errno).Title;
        }
        bool canEdit = problem is null && IsEditable(new DirectoryEntry(path.IsRoot ? entry.Name : path.Name, inode));
        return new PreviewItem(
            NameText.Of(entry.Name), path.ToUrlPath(), MediaType.Of(path.Name).Kind.ToString(), inode.Size, inode.MtimeNs / 1_000_000, ModeText.Of(inode.Mode), $"{inode.Uid}:{inode.Gid}",
            position, count, inode.IsDirectory, canEdit, target, problem);
    }

    /// <summary>A file that the editor takes, as far as its name and size tell.</summary>
    public static bool IsEditable(DirectoryEntry entry) => entry.Attributes is { Kind: FileKind.File, Size: <= MaxEditable }
        && MediaType.Of(entry.Name).Kind is PreviewKind.Text or PreviewKind.Markdown or PreviewKind.Unknown;
}
