using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>Reads a path as it is typed, and knows the folders that it may go on with.</summary>
public sealed class PathSuggestions(IFileSystemClient client, Caller caller)
{
    public const int MaxLength = 4096;

    private const int Looked = 200;
    private const int Shown = 8;

    private readonly LinkWalk _links = new(client, caller);

    /// <summary>'/' between names, which are as they are shown: <c>\xFF</c> stands for a byte that is no text. '.' and '..' mean what they mean elsewhere.</summary>
    public static bool TryParse(string text, FilePath current, out FilePath path)
    {
        List<FileName> names = text.StartsWith('/') ? [] : [.. current.Names];
        path = FilePath.Root;
        foreach (string part in text.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".")
                continue;
            if (part == "..")
            {
                if (names.Count > 0)
                    names.RemoveAt(names.Count - 1);
                continue;
            }
            if (FileName.TryParse(part, out FileName name) != FsErrno.Ok)
                return false;
            names.Add(name);
        }
        path = new FilePath(names);
        return true;
    }

    /// <summary>Folders whose paths begin with what is typed: one look at the neighbourhood of the name, however large the folder.</summary>
    public async Task<IReadOnlyList<FilePath>> FindAsync(string text, FilePath current, CancellationToken cancellation)
    {
        int slash = text.LastIndexOf('/');
        string begun = text[(slash + 1)..];
        if (!TryParse(slash < 0 ? "" : text[..(slash + 1)], current, out FilePath folder))
            return [];
        FsResult<(FilePath Path, ResolvedPath Found)> led = await _links.FollowAsync(folder, cancellation);
        if (led is not { IsOk: true, Value.Found.Attributes.IsDirectory: true })
            return [];
        FsResult<IDirectoryView> opened = await client.OpenDirectoryAsync(caller, led.Value.Found.Attributes.Ino, cancellation: cancellation);
        if (!opened.IsOk)
            return [];
        using IDirectoryView view = opened.Value!;
        long from = 0;
        FileName prefix = default;
        if (begun.Length > 0)
        {
            if (FileName.TryParse(begun, out prefix) != FsErrno.Ok)
                return [];
            FsResult<long> rank = await view.RankOfAsync(prefix, cancellation);
            if (!rank.IsOk)
                return [];
            from = rank.Value;
        }
        if (from >= view.Count)
            return [];
        FsResult<IReadOnlyList<DirectoryRow>> rows = await view.ReadAsync(from, Looked, cancellation);
        return rows.IsOk
            ? [.. rows.Value!.Where(r => r.Entry.Attributes.IsDirectory && (prefix.IsEmpty || r.Entry.Name.Span.StartsWith(prefix.Span))).Take(Shown).Select(r => folder.Append(r.Entry.Name))]
            : [];
    }

    /// <summary>Where a typed path leads, through links too; or, in words, why one cannot go there.</summary>
    public async Task<(FilePath Path, string? Problem)> TargetAsync(FilePath path, CancellationToken cancellation)
    {
        FsResult<(FilePath Path, ResolvedPath Found)> led = await _links.FollowAsync(path, cancellation);
        return led.Errno switch
        {
            FsErrno.Ok => (led.Value.Path, null),
            FsErrno.NoEntry => (path, "There is no such file or folder."),
            FsErrno.NotSupported => (path, "A link in it leads out of this tree."),
            _ => (path, ErrorText.Of(led.Errno).Sentence),
        };
    }
}
