using System.Runtime.CompilerServices;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.ViewModels.Archives;

namespace Capstan.WebUi.Transfers.Archives;

/// <summary>
/// Goes through chosen entries and all that is below them, folders before what is in them, in the order of names. Symlinks are met and
/// never followed, so there is no circle to walk in. What changes meanwhile is met or not; what stays is met once.
/// </summary>
internal sealed class ArchiveWalk(IFileSystemClient client, Caller caller)
{
    private const int Chunk = 1000;

    public async IAsyncEnumerable<ArchiveItem> EntriesAsync(IReadOnlyList<ArchiveRoot> roots, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (ArchiveRoot root in roots)
        {
            byte[] parent = [.. root.Below.SelectMany(name => (byte[])[.. ArchiveName.Of(name), (byte)'/'])];
            await foreach (ArchiveItem item in EntryAsync(parent, root.Directory, root.Entry, cancellation))
                yield return item;
        }
    }

    private async IAsyncEnumerable<ArchiveItem> EntryAsync(byte[] parent, InodeId directory, DirectoryEntry entry, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArchiveItem item = new([.. parent, .. ArchiveName.Of(entry.Name)], new InodeAddress(directory, entry.Name, entry.Attributes.Ino), entry.Attributes);
        yield return item;
        if (!entry.Attributes.IsDirectory)
            yield break;
        FsResult<IDirectoryView> opened = await client.OpenDirectoryAsync(caller, entry.Attributes.Ino, whole: true, cancellation);
        if (!opened.IsOk)
        {
            yield return item with { Errno = opened.Errno };
            yield break;
        }
        byte[] below = [.. item.Path, (byte)'/'];
        using IDirectoryView view = opened.Value;
        FileName last = default;
        while (true)
        {
            FsResult<List<DirectoryEntry>> next = await NextAsync(view, last, cancellation);
            if (!next.IsOk)
            {
                yield return item with { Errno = next.Errno };
                yield break;
            }
            if (next.Value.Count == 0)
                yield break;
            foreach (DirectoryEntry child in next.Value)
                await foreach (ArchiveItem found in EntryAsync(below, entry.Attributes.Ino, child, cancellation))
                    yield return found;
            last = next.Value[^1].Name;
        }
    }

    /// <summary>The entries after a name; none at the end. Ranks move while others add and remove, so what was read is held against the name.</summary>
    private static async Task<FsResult<List<DirectoryEntry>>> NextAsync(IDirectoryView view, FileName last, CancellationToken cancellation)
    {
        long rank = 0;
        if (!last.IsEmpty)
        {
            FsResult<long> at = await view.RankOfAsync(last, cancellation);
            if (!at.IsOk)
                return at.Errno;
            rank = at.Value;
        }
        while (true)
        {
            FsResult<IReadOnlyList<DirectoryRow>> rows = await view.ReadAsync(rank, Chunk, cancellation);
            if (!rows.IsOk)
                return rows.Errno;
            // Begins behind the name: rows before it have gone, and one between may have been missed.
            if (rank > 0 && (rows.Value.Count == 0 || rows.Value[0].Entry.Name.CompareTo(last) > 0))
            {
                rank = Math.Max(0, rank - (Chunk / 2));
                continue;
            }
            List<DirectoryEntry> found = [.. rows.Value.Where(r => r.Entry.Name.CompareTo(last) > 0).Select(r => r.Entry)];
            if (found.Count > 0 || rows.Value.Count == 0 || rank + rows.Value.Count >= view.Count)
                return found;
            rank += rows.Value.Count;
        }
    }
}
