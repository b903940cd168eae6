using Capstan.Shared;

namespace Capstan.Mds.Storage;

/// <summary>
/// The durable home of one namespace: rows, no rules. One writer transaction at a time, owned by one thread; any number of
/// snapshots beside it. Any member may throw <see cref="StoreException"/>, after which the transaction must be rolled back.
/// </summary>
internal interface INamespaceStore : INamespaceReader, IDisposable
{
    /// <summary>Made at random when the store was created; with inode numbers that are never reused it names every object for ever.</summary>
    Guid Generation { get; }

    void Begin();

    /// <summary>Returns when everything since <see cref="Begin"/> is durable.</summary>
    void Commit();

    /// <summary>Undoes everything since <see cref="Begin"/>; harmless when the store has already done so by itself.</summary>
    void Rollback();

    void WriteCounter(StoreCounter counter, long value);

    /// <summary>Inserts or replaces.</summary>
    void PutDentry(InodeId dir, ReadOnlySpan<byte> name, in Dentry dentry);

    void DeleteDentry(InodeId dir, ReadOnlySpan<byte> name);

    /// <summary>Every name of <paramref name="dir"/> at or after <paramref name="from"/> and at or before <paramref name="through"/>.</summary>
    void DeleteDentries(InodeId dir, ReadOnlySpan<byte> from, ReadOnlySpan<byte> through);

    void WriteDirectory(DirectoryRecord directory);

    void DeleteDirectory(InodeId ino);

    void WriteLinked(in Inode inode);

    void DeleteLinked(InodeId ino);

    void AddPlace(InodeId ino, InodeId dir, ReadOnlySpan<byte> name);

    void RemovePlace(InodeId ino, InodeId dir, ReadOnlySpan<byte> name);

    void WriteXattr(InodeId ino, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value);

    void DeleteXattr(InodeId ino, ReadOnlySpan<byte> name);

    void DeleteXattrs(InodeId ino);

    void AddPurge(InodeId ino, long blob);

    void DeletePurge(long id);

    void ReadSessions(List<SessionRecord> sessions);

    void WriteSession(SessionRecord session);

    /// <summary>With everything it completed.</summary>
    void DeleteSession(SessionId id);

    void ReadCompleted(SessionId id, List<CompletedRow> rows);

    void WriteCompleted(SessionId id, long first, long last, ReadOnlySpan<byte> results);

    void DeleteCompleted(SessionId id, long first);

    /// <summary>What <see cref="Commit"/> last made durable. From any thread.</summary>
    INamespaceSnapshot OpenSnapshot();
}
