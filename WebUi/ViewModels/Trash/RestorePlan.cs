using System.Globalization;
using System.Text;
using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels.Trash;

/// <summary>Another place for entries of the trash: a folder, made when it is not there and may be, and a free name for each.</summary>
public sealed class RestorePlan(IFileSystemClient client, Caller caller)
{
    private const uint FolderMode = 0x1ED;
    private const int MaxTries = 1000;

    /// <summary>The folder that is nearest to where the entry was and still there.</summary>
    public async Task<FilePath> NearestAsync(TrashEntry entry, CancellationToken cancellation = default)
    {
        FilePath path = new([.. entry.Path.Take(entry.Path.Count - 1)]);
        while (!path.IsRoot)
        {
            FsResult<ResolvedPath> found = await client.ResolveAsync(caller, path.Names, cancellation);
            if (found.IsOk && found.Value.Attributes.IsDirectory)
                return path;
            path = path.Parent;
        }
        return path;
    }

    /// <summary>Reads a path as it is shown.</summary>
    public static bool TryParse(string shown, out FilePath path)
    {
        path = FilePath.Root;
        foreach (string part in shown.Trim().Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (FileName.TryParse(part, out FileName name) != FsErrno.Ok)
                return false;
            path = path.Append(name);
        }
        return true;
    }

    /// <summary>The folder's number, made with all above it when <paramref name="make"/> says so.</summary>
    public async Task<FsResult<InodeId>> FolderAsync(FilePath path, bool make, CancellationToken cancellation = default)
    {
        InodeId at = InodeId.Root;
        for (int depth = 0; depth <= path.Names.Count; depth++)
        {
            FsResult<ResolvedPath> found = await client.ResolveAsync(caller, path.Ancestor(depth).Names, cancellation);
            if (found.IsOk && !found.Value.Attributes.IsDirectory)
                return FsErrno.NotDirectory;
            if (found.IsOk)
            {
                at = found.Value.Attributes.Ino;
                continue;
            }
            if (found.Errno != FsErrno.NoEntry || !make)
                return found.Errno;
            FsResult<InodeAttributes?> made = await client.MakeDirectory(caller, at, path.Names[depth - 1], FolderMode).Completion.WaitAsync(cancellation);
            if (!made.IsOk)
                return made.Errno;
            at = made.Value!.Ino;
        }
        return at;
    }

    /// <summary>Names as they are, and where one is taken, by a file or by another of these, with a number.</summary>
    public async Task<FsResult<IReadOnlyList<TrashPlace>>> PlacesAsync(
        IReadOnlyList<(TrashEntry Entry, FileName Name)> wanted, FilePath folder, InodeId ino, bool rename, CancellationToken cancellation = default)
    {
        HashSet<FileName> given = [];
        List<TrashPlace> places = [];
        foreach ((TrashEntry entry, FileName name) in wanted)
        {
            FileName free = name;
            for (int i = 1; rename && i <= MaxTries && (given.Contains(free) || await IsTakenAsync(folder.Append(free), cancellation)); i++)
                free = Numbered(name, i);
            given.Add(free);
            places.Add(new TrashPlace(entry.Id, ino, free));
        }
        return places;
    }

    private async Task<bool> IsTakenAsync(FilePath path, CancellationToken cancellation) => (await client.ResolveAsync(caller, path.Names, cancellation)).IsOk;

    /// <summary>"report (restored).pdf", "report (restored 2).pdf"; as many bytes of the name as fit.</summary>
    internal static FileName Numbered(FileName name, int number)
    {
        ReadOnlySpan<byte> bytes = name.Span;
        int dot = bytes.LastIndexOf((byte)'.');
        ReadOnlySpan<byte> extension = dot > 0 && bytes.Length - dot <= 32 ? bytes[dot..] : default;
        ReadOnlySpan<byte> stem = bytes[..(bytes.Length - extension.Length)];
        byte[] mark = Encoding.ASCII.GetBytes(number == 1 ? " (restored)" : string.Create(CultureInfo.InvariantCulture, $" (restored {number})"));
        int fits = Math.Min(stem.Length, FileName.MaxLength - mark.Length - extension.Length);
        while (fits > 0 && fits < stem.Length && (stem[fits] & 0xC0) == 0x80)
            fits--; // Not in the middle of a character.
        return FileName.Create([.. stem[..fits], .. mark, .. extension]);
    }
}
