using System.Collections.Immutable;
using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Simulation;

/// <summary>
/// A store whose disk is simulated: what a commit has made durable outlives a crash, everything else does not. Its states are
/// immutable, so that a snapshot, an undo and a look at any earlier version cost nothing. A part of the schedules runs on SQLite
/// instead, so that the two are held against each other.
/// </summary>
internal sealed class SimulatedDisk(Guid generation)
{
    public DiskState Durable { get; private set; } = DiskState.Empty;

    public INamespaceStore Open() => new OpenDisk(this);

    private sealed class OpenDisk(SimulatedDisk disk) : INamespaceStore
    {
        private DiskState _now = disk.Durable;

        public Guid Generation => disk.Generation;

        public void Begin() => _now = disk.Durable;

        public void Commit() => disk.Durable = _now;

        public void Rollback() => _now = disk.Durable;

        public void WriteCounter(StoreCounter counter, long value) => _now = _now with { Counters = _now.Counters.SetItem(counter, value) };

        public void PutDentry(InodeId dir, ReadOnlySpan<byte> name, in Dentry dentry)
        {
            DiskRow[] rows = _now.Rows(dir);
            int at = DiskState.Find(rows, name);
            DiskRow row = new(FileName.Create(name), dentry);
            _now = _now.With(dir, at >= 0 ? [.. rows[..at], row, .. rows[(at + 1)..]] : [.. rows[..~at], row, .. rows[~at..]]);
        }

        public void DeleteDentry(InodeId dir, ReadOnlySpan<byte> name)
        {
            DiskRow[] rows = _now.Rows(dir);
            int at = DiskState.Find(rows, name);
            if (at >= 0)
                _now = _now.With(dir, [.. rows[..at], .. rows[(at + 1)..]]);
        }

        public void WriteDirectory(DirectoryRecord directory) => _now = _now with { Directories = _now.Directories.SetItem(directory.Ino, DiskState.Copy(directory)) };

        public void DeleteDirectory(InodeId ino) => _now = _now with { Directories = _now.Directories.Remove(ino) };

        public void WriteLinked(in Inode inode) => _now = _now with { Linked = _now.Linked.SetItem(inode.Ino, inode) };

        public void DeleteLinked(InodeId ino) => _now = _now with { Linked = _now.Linked.Remove(ino) };

        public void AddPlace(InodeId ino, InodeId dir, ReadOnlySpan<byte> name) => _now = _now with { Places = _now.Places.Add((ino, new Place(dir, FileName.Create(name)))) };

        public void RemovePlace(InodeId ino, InodeId dir, ReadOnlySpan<byte> name) => _now = _now with { Places = _now.Places.Remove((ino, new Place(dir, FileName.Create(name)))) };

        public void WriteXattr(InodeId ino, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
        {
            DeleteXattr(ino, name);
            _now = _now with { Xattrs = _now.Xattrs.Add((ino, name.ToArray(), value.ToArray())) };
        }

        public void DeleteXattr(InodeId ino, ReadOnlySpan<byte> name)
        {
            byte[] key = name.ToArray();
            _now = _now with { Xattrs = _now.Xattrs.RemoveAll(x => x.Ino == ino && x.Name.AsSpan().SequenceEqual(key)) };
        }

        public void DeleteXattrs(InodeId ino) => _now = _now with { Xattrs = _now.Xattrs.RemoveAll(x => x.Ino == ino) };

        public void AddPurge(InodeId ino, long blob) => _now = _now with { Purge = _now.Purge.Add(new PurgeRow(_now.Purge.Count + 1, ino, blob)) };

        public void DeletePurge(long id) => _now = _now with { Purge = _now.Purge.RemoveAll(p => p.Id == id) };

        public void ReadSessions(List<SessionRecord> sessions) => sessions.AddRange(_now.Sessions);

        public void WriteSession(SessionRecord session) => _now = _now with { Sessions = _now.Sessions.RemoveAll(s => s.Id == session.Id).Add(session) };

        public void DeleteSession(SessionId id) =>
            _now = _now with { Sessions = _now.Sessions.RemoveAll(s => s.Id == id), Completed = _now.Completed.RemoveAll(c => c.Session == id) };

        public void ReadCompleted(SessionId id, List<CompletedRow> rows) => rows.AddRange(_now.Completed.Where(c => c.Session == id).Select(c => c.Row).OrderBy(r => r.First));

        public void WriteCompleted(SessionId id, long first, long last, ReadOnlySpan<byte> results)
        {
            DeleteCompleted(id, first);
            _now = _now with { Completed = _now.Completed.Add((id, new CompletedRow(first, last, results.ToArray()))) };
        }

        public void DeleteCompleted(SessionId id, long first) => _now = _now with { Completed = _now.Completed.RemoveAll(c => c.Session == id && c.Row.First == first) };

        public INamespaceSnapshot OpenSnapshot() => new DiskSnapshot(disk.Durable);

        public bool TryGetDentry(InodeId dir, ReadOnlySpan<byte> name, ref Dentry dentry) => _now.TryGetDentry(dir, name, ref dentry);

        public DirectoryRecord? ReadDirectory(InodeId ino) => _now.ReadDirectory(ino);

        public bool TryGetLinked(InodeId ino, ref Inode inode) => _now.TryGetLinked(ino, ref inode);

        public void ReadPlaces(InodeId ino, List<Place> places) => _now.ReadPlaces(ino, places);

        public byte[]? ReadXattr(InodeId ino, ReadOnlySpan<byte> name) => _now.ReadXattr(ino, name);

        public void ReadXattrNames(InodeId ino, List<byte[]> names) => _now.ReadXattrNames(ino, names);

        public long CountNames(InodeId dir, ReadOnlySpan<byte> from, ReadOnlySpan<byte> through) => _now.CountNames(dir, from, through);

        public bool TryGetNameAt(InodeId dir, ReadOnlySpan<byte> from, long skip, out FileName name) => _now.TryGetNameAt(dir, from, skip, out name);

        public long ReadCounter(StoreCounter counter) => _now.ReadCounter(counter);

        public void Dispose() => _now = disk.Durable;
    }

    private Guid Generation { get; } = generation;
}
