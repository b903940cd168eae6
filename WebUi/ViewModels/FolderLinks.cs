using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>
/// Which symbolic links of a folder lead to folders, so that the tree can show them. They are leaves there: going to one goes to where it leads, and so no link can
/// make the tree endless. What was found of a link holds while the circuit lives; another link is another inode.
/// </summary>
internal sealed class FolderLinks(IFileSystemClient client, Caller caller)
{
    /// <summary>Of one folder; each costs a few requests when it is first met.</summary>
    private const int MaxLinks = 50;

    private readonly LinkWalk _links = new(client, caller);
    private readonly Dictionary<InodeId, FilePath?> _targets = [];

    public async Task<IReadOnlyList<(DirectoryEntry Link, FilePath Target)>> FindAsync(FolderNode folder, IEnumerable<DirectoryEntry> entries, CancellationToken cancellation)
    {
        List<DirectoryEntry> links = [.. entries.Where(e => e.Attributes.Kind == FileKind.Symlink).Take(MaxLinks)];
        FilePath?[] targets = await Task.WhenAll(links.Select(link => TargetAsync(folder, link, cancellation)));
        return [.. links.Zip(targets).Where(pair => pair.Second is not null).Select(pair => (pair.First, pair.Second!))];
    }

    private async Task<FilePath?> TargetAsync(FolderNode folder, DirectoryEntry link, CancellationToken cancellation)
    {
        if (_targets.TryGetValue(link.Attributes.Ino, out FilePath? known))
            return known;
        FsResult<(FilePath Path, ResolvedPath Found)> led = await _links.FollowAsync(folder.Path.Append(link.Name), cancellation);
        FilePath? target = led is { IsOk: true, Value.Found.Attributes.IsDirectory: true } ? led.Value.Path : null;
        return _targets[link.Attributes.Ino] = target;
    }
}
