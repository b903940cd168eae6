using System.Collections.Immutable;
using Capstan.Mds.Storage;
using Capstan.Mds.Storage.Sqlite;
using Capstan.Shared;

namespace Capstan.Simulation;

/// <summary>One row of a directory.</summary>
internal sealed record DiskRow(FileName Name, Dentry Dentry);

/// <summary>Everything that is on a simulated disk at one moment. Immutable; directories are small, so their rows are sorted arrays.</summary>
internal sealed record DiskState : INamespaceReader
{
    public static DiskState Empty { get; } = new()
    {
        Counters = ImmutableDictionary<StoreCounter, long>.Empty.Add(StoreCounter.NextIno, SqliteSchema.FirstIno).Add(StoreCounter.Directories, 1),
        Directories = ImmutableDictionary<InodeId, DirectoryRecord>.Empty.Add(InodeId.Root, new DirectoryRecord
        {
            Ino = InodeId.Root,
            Parent = InodeId.Root,
            Mode = InodeAttributes.ModeOf(FileKind.Directory, 0x1ED),
            Version = 1,
        }),
    };

    public required ImmutableDictionary<StoreCounter, long> Counters { get; init; }

    public required ImmutableDictionary<InodeId, DirectoryRecord> Directories { get; init; }

    public ImmutableDictionary<InodeId, DiskRow[]> Dentries { get; init; } = ImmutableDictionary<InodeId, DiskRow[]>.Empty;

    public ImmutableDictionary<InodeId, Inode> Linked { get; init; } = ImmutableDictionary<InodeId, Inode>.Empty;

    public ImmutableList<(InodeId Ino, Place Place)> Places { get; init; } = [];

    public ImmutableList<(InodeId Ino, byte[] Name, byte[] Value)> Xattrs { get; init; } = [];

    public ImmutableList<PurgeRow> Purge { get; init; } = [];

    public ImmutableList<SessionRecord> Sessions { get; init; } = [];

    public ImmutableList<(SessionId Session, CompletedRow Row)> Completed { get; init; } = [];

    public DiskRow[] Rows(InodeId dir) => Dentries.GetValueOrDefault(dir) ?? [];

    public DiskState With(InodeId dir, DiskRow[] rows) => this with { Dentries = rows.Length == 0 ? Dentries.Remove(dir) : Dentries.SetItem(dir, rows) };

    /// <summary>Index of the name, or the complement of where it would be.</summary>
    public static int Find(DiskRow[] rows, ReadOnlySpan<byte> name)
    {
        int low = 0, high = rows.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int order = rows[middle].Name.Span.SequenceCompareTo(name);
            if (order == 0)
                return middle;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return ~low;
    }

    /// <summary>Records are mutable and owned by whoever reads them.</summary>
    public static DirectoryRecord Copy(DirectoryRecord of) => new()
    {
        Ino = of.Ino,
        Parent = of.Parent,
        Name = of.Name,
        Mode = of.Mode,
        Uid = of.Uid,
        Gid = of.Gid,
        MtimeNs = of.MtimeNs,
        CtimeNs = of.CtimeNs,
        AtimeNs = of.AtimeNs,
        Xattrs = of.Xattrs,
        Entries = of.Entries,
        Subdirectories = of.Subdirectories,
        Links = of.Links,
        Version = of.Version,
    };

    public bool TryGetDentry(InodeId dir, ReadOnlySpan<byte> name, ref Dentry dentry)
    {
        DiskRow[] rows = Rows(dir);
        int at = Find(rows, name);
        if (at >= 0)
            dentry = rows[at].Dentry;
        return at >= 0;
    }

    public DirectoryRecord? ReadDirectory(InodeId ino) => Directories.GetValueOrDefault(ino) is { } found ? Copy(found) : null;

    public bool TryGetLinked(InodeId ino, ref Inode inode)
    {
        bool found = Linked.TryGetValue(ino, out Inode linked);
        if (found)
            inode = linked;
        return found;
    }

    public void ReadPlaces(InodeId ino, List<Place> places) =>
        places.AddRange(Places.Where(p => p.Ino == ino).Select(p => p.Place).OrderBy(p => p.Dir.Value).ThenBy(p => p.Name));

    public byte[]? ReadXattr(InodeId ino, ReadOnlySpan<byte> name)
    {
        foreach ((InodeId of, byte[] key, byte[] value) in Xattrs)
        {
            if (of == ino && name.SequenceEqual(key))
                return value;
        }
        return null;
    }

    public void ReadXattrNames(InodeId ino, List<byte[]> names) => names.AddRange(Xattrs.Where(x => x.Ino == ino).Select(x => x.Name));

    public long CountNames(InodeId dir, ReadOnlySpan<byte> from, ReadOnlySpan<byte> through)
    {
        DiskRow[] rows = Rows(dir);
        int first = Find(rows, from), last = Find(rows, through);
        return (last >= 0 ? last + 1 : ~last) - (first >= 0 ? first : ~first);
    }

    public bool TryGetNameAt(InodeId dir, ReadOnlySpan<byte> from, long skip, out FileName name)
    {
        DiskRow[] rows = Rows(dir);
        int first = Find(rows, from);
        long at = (first >= 0 ? first : ~first) + skip;
        name = at < rows.Length ? rows[at].Name : default;
        return at < rows.Length;
    }

    public long ReadCounter(StoreCounter counter) => Counters.GetValueOrDefault(counter);
}
