using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels.Organize;

/// <summary>Walks the tree to choose a folder.</summary>
public sealed class FolderPicker(IFileSystemClient client, Caller caller)
{
    /// <summary>Rows looked through for folders; whoever has more types the path.</summary>
    private const int Looked = 5_000;

    public FilePath Path { get; private set; } = FilePath.Root;

    public InodeId Folder { get; private set; }

    public IReadOnlyList<FileName> Folders { get; private set; } = [];

    /// <summary>There are rows that were not looked at.</summary>
    public bool HasMore { get; private set; }

    public string? Problem { get; private set; }

    /// <summary>Goes there; what is shown stays as it is when that cannot be.</summary>
    public async Task GoAsync(FilePath path, CancellationToken cancellation = default)
    {
        FsResult<ResolvedPath> place = await client.ResolveAsync(caller, path.Names, cancellation);
        if (!place.IsOk)
        {
            Problem = ErrorText.Of(place.Errno).Sentence;
            return;
        }
        if (!place.Value.Attributes.IsDirectory)
        {
            Problem = "This is not a folder.";
            return;
        }
        FsResult<IDirectoryView> opened = await client.OpenDirectoryAsync(caller, place.Value.Attributes.Ino, cancellation: cancellation);
        Problem = opened.IsOk ? null : ErrorText.Of(opened.Errno).Sentence;
        (Path, Folder, Folders, HasMore) = (path, place.Value.Attributes.Ino, [], false);
        if (!opened.IsOk)
            return; // It may be written to all the same.
        using IDirectoryView view = opened.Value;
        FsResult<IReadOnlyList<DirectoryRow>> rows = await view.ReadAsync(0, (int)Math.Min(view.Count, Looked), cancellation);
        if (rows.IsOk)
            Folders = [.. rows.Value.Where(r => r.Entry.Attributes.IsDirectory).Select(r => r.Entry.Name)];
        else
            Problem = ErrorText.Of(rows.Errno).Sentence;
        HasMore = view.Count > Looked;
    }

    /// <summary>A path as it is shown, typed or pasted.</summary>
    public async Task GoAsync(string typed, CancellationToken cancellation = default)
    {
        List<FileName> names = [];
        foreach (string part in typed.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (NameRules.Problem(part, out FileName name) is { } problem)
            {
                Problem = problem;
                return;
            }
            names.Add(name);
        }
        await GoAsync(new FilePath(names), cancellation);
    }
}
