using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Simulation;

/// <summary>A store that says no when it is told to: at a commit, or in the middle of a transaction.</summary>
internal sealed class RefusingStore(INamespaceStore store) : INamespaceStore
{
    public Func<bool> RefuseCommit { get; set; } = () => false;

    public Func<FileName, bool> RefusePut { get; set; } = _ => false;

    public Func<bool> RefuseRead { get; set; } = () => false;

    /// <summary>What it says no with.</summary>
    public Func<FsErrno> Errno { get; set; } = () => FsErrno.NoSpace;

    public Guid Generation => store.Generation;

    public void Begin() => store.Begin();

    public void Commit()
    {
        if (RefuseCommit())
            throw new StoreException(Errno(), "refused");
        store.Commit();
    }

    public void PutDentry(InodeId dir, ReadOnlySpan<byte> name, in Dentry dentry)
    {
        if (RefusePut(FileName.Create(name)))
            throw new StoreException(Errno(), "refused");
        store.PutDentry(dir, name, in dentry);
    }

    public void Rollback() => store.Rollback();

    public bool TryGetDentry(InodeId dir, ReadOnlySpan<byte> name, ref Dentry dentry) => Readable.TryGetDentry(dir, name, ref dentry);

    public void VisitDentries(InodeId dir, ReadOnlySpan<byte> from, DentryVisitor visit) => Readable.VisitDentries(dir, from, visit);

    public void DeleteDentries(InodeId dir, ReadOnlySpan<byte> from, ReadOnlySpan<byte> through) => store.DeleteDentries(dir, from, through);

    public DirectoryRecord? ReadDirectory(InodeId ino) => Readable.ReadDirectory(ino);

    public bool TryGetLinked(InodeId ino, ref Inode inode) => Readable.TryGetLinked(ino, ref inode);

    public void ReadPlaces(InodeId ino, List<Place> places) => Readable.ReadPlaces(ino, places);

    public byte[]? ReadXattr(InodeId ino, ReadOnlySpan<byte> name) => Readable.ReadXattr(ino, name);

    public void ReadXattrNames(InodeId ino, List<byte[]> names) => store.ReadXattrNames(ino, names);

    public long CountNames(InodeId dir, ReadOnlySpan<byte> from, ReadOnlySpan<byte> through) => store.CountNames(dir, from, through);

    public bool TryGetNameAt(InodeId dir, ReadOnlySpan<byte> from, long skip, out FileName name) => Readable.TryGetNameAt(dir, from, skip, out name);

    public long ReadCounter(StoreCounter counter) => store.ReadCounter(counter);

    public void WriteCounter(StoreCounter counter, long value) => store.WriteCounter(counter, value);

    public void DeleteDentry(InodeId dir, ReadOnlySpan<byte> name) => store.DeleteDentry(dir, name);

    public void WriteDirectory(DirectoryRecord directory) => store.WriteDirectory(directory);

    public void DeleteDirectory(InodeId ino) => store.DeleteDirectory(ino);

    public void WriteLinked(in Inode inode) => store.WriteLinked(in inode);

    public void DeleteLinked(InodeId ino) => store.DeleteLinked(ino);

    public void AddPlace(InodeId ino, InodeId dir, ReadOnlySpan<byte> name) => store.AddPlace(ino, dir, name);

    public void RemovePlace(InodeId ino, InodeId dir, ReadOnlySpan<byte> name) => store.RemovePlace(ino, dir, name);

    public void WriteXattr(InodeId ino, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => store.WriteXattr(ino, name, value);

    public void DeleteXattr(InodeId ino, ReadOnlySpan<byte> name) => store.DeleteXattr(ino, name);

    public void DeleteXattrs(InodeId ino) => store.DeleteXattrs(ino);

    public void AddPurge(InodeId ino, long blob) => store.AddPurge(ino, blob);

    public void DeletePurge(long id) => store.DeletePurge(id);

    public void ReadSessions(List<SessionRecord> sessions) => store.ReadSessions(sessions);

    public void WriteSession(SessionRecord session) => store.WriteSession(session);

    public void DeleteSession(SessionId id) => store.DeleteSession(id);

    public void ReadCompleted(SessionId id, List<CompletedRow> rows) => store.ReadCompleted(id, rows);

    public void WriteCompleted(SessionId id, long first, long last, ReadOnlySpan<byte> results) => store.WriteCompleted(id, first, last, results);

    public void DeleteCompleted(SessionId id, long first) => store.DeleteCompleted(id, first);

    public INamespaceSnapshot OpenSnapshot() => store.OpenSnapshot();

    public void Dispose() => store.Dispose();

    private INamespaceStore Readable => RefuseRead() ? throw new StoreException(Errno(), "refused to read") : store;
}
