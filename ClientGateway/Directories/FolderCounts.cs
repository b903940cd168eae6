using Capstan.ClientGateway.Caps;
using Capstan.ClientGateway.Session;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway.Directories;

/// <summary>
/// How many entries folders have that are rows of a listing somebody looks at. No delta of a directory tells what happens in its subdirectories, so a row's count is of the moment at
/// which the row came. (1) A folder that is held is counted as it is now. (2) One in which this gateway has changed something without holding it, or that was taken back because another
/// did, is asked for, once at a time, by the next who reads its row. (3) Of any other the row's count is all that is known, and it is said that it may be old. Not thread-safe: owned by
/// <c>GatewayCore</c>.
/// </summary>
internal sealed class FolderCounts(DirectoryCache directories, GatewaySession session, CapTable caps, TimeProvider time)
{
    /// <summary>Folders that are remembered; beyond, all are forgotten and rows tell what they told.</summary>
    private const int MaxKept = 8192;

    private readonly Dictionary<InodeId, Folder> _folders = [];

    /// <summary>Somebody sees the rows of a directory: they are counted as far as can be, and what is out of date is asked for.</summary>
    public void Count(DirectoryState directory, List<DirectoryRow> rows, int from, List<InodeId> seen)
    {
        for (int i = from; i < rows.Count; i++)
        {
            DirectoryEntry entry = rows[i].Entry;
            if (!entry.Attributes.IsDirectory)
                continue;
            InodeId ino = entry.Attributes.Ino;
            seen.Add(ino);
            Folder folder = GetOrAdd(ino);
            if (Live(ino) is { } live)
            {
                rows[i] = Counted(rows[i], live) with { IsCountLive = true };
                continue;
            }
            if (folder is { IsOutdated: true, IsAsked: false })
                Ask(folder, new InodeAddress(directory.Ino, entry.Name, ino));
            if (folder.Size is { } size && folder.At > directory.ListedAt)
                rows[i] = Counted(rows[i], size);
        }
    }

    /// <summary>Another value when some of these folders have another count, or are to be asked for.</summary>
    public long MarkOf(List<InodeId> seen)
    {
        long mark = 0;
        foreach (InodeId ino in seen)
            mark += (_folders.GetValueOrDefault(ino)?.Changes ?? 0) + (Live(ino) is { } live ? 1 + live : 0);
        return mark;
    }

    /// <summary>Something has changed in it that nobody will tell of.</summary>
    public void Outdated(InodeId ino)
    {
        if (_folders.TryGetValue(ino, out Folder? folder) && !folder.IsOutdated)
        {
            folder.IsOutdated = true;
            folder.Changes++;
        }
    }

    private static DirectoryRow Counted(DirectoryRow row, long size) =>
        row.Entry.Attributes.Size == size ? row : row with { Entry = row.Entry with { Attributes = row.Entry.Attributes with { Size = size } } };

    /// <summary>Of a folder that is held; who sees its count uses it.</summary>
    private long? Live(InodeId ino) => caps.Holds(ino, CapBits.Fs) && directories.Find(ino) is { IsKnown: true } ? directories.GetOrAdd(ino).Total : null;

    private Folder GetOrAdd(InodeId ino)
    {
        if (_folders.TryGetValue(ino, out Folder? folder))
            return folder;
        if (_folders.Count == MaxKept)
            _folders.Clear();
        return _folders[ino] = new Folder();
    }

    private void Ask(Folder folder, InodeAddress address)
    {
        folder.IsAsked = true;
        folder.IsOutdated = false;
        session.Send(Caller.Root, new GetAttrOperation(address), new ReadCall(reply =>
        {
            folder.IsAsked = false;
            folder.Changes++;
            if (reply.Errno == FsErrno.Ok)
                (folder.Size, folder.At) = (reply.Attributes[0].Size, time.GetTimestamp());
        }));
    }

    private sealed class Folder
    {
        /// <summary>As it was answered; null when it was never asked for.</summary>
        public long? Size { get; set; }

        public long At { get; set; }

        public bool IsOutdated { get; set; }

        public bool IsAsked { get; set; }

        public long Changes { get; set; }
    }
}
