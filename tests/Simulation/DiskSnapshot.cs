using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Simulation;

/// <summary>A state of the simulated disk with a cursor over one directory.</summary>
internal sealed class DiskSnapshot(DiskState state) : INamespaceSnapshot, IStoreScan
{
    private DiskRow[] _rows = [];
    private long _at;

    public ReadOnlySpan<byte> CurrentName => _rows[_at].Name.Span;

    public void SeekAfter(InodeId dir, ReadOnlySpan<byte> after)
    {
        _rows = state.Rows(dir);
        int at = DiskState.Find(_rows, after);
        _at = at >= 0 ? at : ~at - 1;
    }

    public void SeekFrom(InodeId dir, ReadOnlySpan<byte> from, long skip)
    {
        _rows = state.Rows(dir);
        int at = DiskState.Find(_rows, from);
        _at = (at >= 0 ? at : ~at) + skip - 1;
    }

    public bool MoveNext() => ++_at < _rows.Length;

    public void ReadCurrent(ref Dentry dentry) => dentry = _rows[_at].Dentry;

    public void ReadPurgeQueue(int limit, List<PurgeRow> rows) => rows.AddRange(state.Purge.Take(limit));

    public IStoreScan Scan() => this;

    public IEnumerable<(InodeId Dir, FileName Name, Dentry Dentry)> Dentries() =>
        state.Dentries.OrderBy(d => d.Key.Value).SelectMany(d => d.Value.Select(r => (d.Key, r.Name, r.Dentry)));

    public IEnumerable<DirectoryRecord> Directories() => state.Directories.Values.Select(DiskState.Copy);

    public IEnumerable<Inode> Linked() => state.Linked.Values;

    public IEnumerable<(InodeId Ino, Place Place)> Places() => state.Places;

    public IEnumerable<(InodeId Ino, long Count)> XattrCounts() => state.Xattrs.GroupBy(x => x.Ino).Select(g => (g.Key, (long)g.Count()));

    public IEnumerable<PurgeRow> PurgeQueue() => state.Purge;

    public bool TryGetDentry(InodeId dir, ReadOnlySpan<byte> name, ref Dentry dentry) => state.TryGetDentry(dir, name, ref dentry);

    public DirectoryRecord? ReadDirectory(InodeId ino) => state.ReadDirectory(ino);

    public bool TryGetLinked(InodeId ino, ref Inode inode) => state.TryGetLinked(ino, ref inode);

    public void ReadPlaces(InodeId ino, List<Place> places) => state.ReadPlaces(ino, places);

    public byte[]? ReadXattr(InodeId ino, ReadOnlySpan<byte> name) => state.ReadXattr(ino, name);

    public void ReadXattrNames(InodeId ino, List<byte[]> names) => state.ReadXattrNames(ino, names);

    public long CountNames(InodeId dir, ReadOnlySpan<byte> from, ReadOnlySpan<byte> through) => state.CountNames(dir, from, through);

    public bool TryGetNameAt(InodeId dir, ReadOnlySpan<byte> from, long skip, out FileName name) => state.TryGetNameAt(dir, from, skip, out name);

    public long ReadCounter(StoreCounter counter) => state.ReadCounter(counter);

    public void Dispose()
    {
    }
}
