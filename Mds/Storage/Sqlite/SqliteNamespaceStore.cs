using Capstan.Shared;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using static SQLitePCL.raw;

namespace Capstan.Mds.Storage.Sqlite;

/// <summary>The embedded home of a namespace: SQLite in WAL mode, every commit on disk before it returns.</summary>
internal sealed class SqliteNamespaceStore : INamespaceStore
{
    private const int CacheWrites = 9; // SQLITE_DBSTATUS_CACHE_WRITE: pages written, in WAL mode to the log

    private readonly SqliteDatabase _database;
    private readonly SqliteReader _reader;
    private readonly SqliteWriterStatements _statements;
    private readonly SqliteSnapshotPool _snapshots;
    private readonly WalCheckpointer _checkpointer;
    private readonly RecordWriter _record = new();

    public SqliteNamespaceStore(StoreOptions options, TimeProvider time, ILogger? logger = null)
    {
        Directory.CreateDirectory(options.DataDirectory);
        string path = Path.Combine(options.DataDirectory, "namespace.db");
        _database = SqliteDatabase.Open(path, readOnly: false);
        try
        {
            _database.Execute("PRAGMA page_size=4096");
            _database.Execute("PRAGMA journal_mode=WAL");
            _database.Execute("PRAGMA synchronous=FULL");
            _database.Execute($"PRAGMA cache_size=-{options.CacheMegabytes * 1024L}");
            _database.Execute("PRAGMA wal_autocheckpoint=0");
            _database.Execute("PRAGMA journal_size_limit=536870912");
            Generation = SqliteSchema.EnsureCreated(_database, time);
            if (options.MaxPages > 0)
                _database.Execute($"PRAGMA max_page_count={options.MaxPages}");
            _reader = new SqliteReader(_database);
            _statements = new SqliteWriterStatements(_database);
            _snapshots = new SqliteSnapshotPool(path);
            _checkpointer = new WalCheckpointer(path, options, time, logger ?? NullLogger.Instance);
        }
        catch
        {
            _database.Dispose();
            throw;
        }
    }

    public Guid Generation { get; }

    public void Begin()
    {
        _checkpointer.FinishIfAsked(_database);
        _statements.Begin.Run();
    }

    public void Commit()
    {
        _statements.Commit.Run();
        sqlite3_db_status(_database.Handle, CacheWrites, out int frames, out _, 1);
        _checkpointer.OnCommit(frames);
    }

    public void Rollback()
    {
        if (_database.InTransaction)
            _statements.Rollback.Run();
    }

    public void WriteCounter(StoreCounter counter, long value) => _statements.PutCounter.Bind(1, (long)counter).Bind(2, value).Run();

    public void PutDentry(InodeId dir, ReadOnlySpan<byte> name, in Dentry dentry)
    {
        _record.Clear();
        InodeCodec.WriteDentry(_record, in dentry);
        _statements.PutDentry.Bind(1, (long)dir.Value).Bind(2, name).Bind(3, _record.Written).Run();
    }

    public void DeleteDentry(InodeId dir, ReadOnlySpan<byte> name) => _statements.DeleteDentry.Bind(1, (long)dir.Value).Bind(2, name).Run();

    public void DeleteDentries(InodeId dir, ReadOnlySpan<byte> from, ReadOnlySpan<byte> through) =>
        _statements.DeleteDentries.Bind(1, (long)dir.Value).Bind(2, from).Bind(3, through).Run();

    public void WriteDirectory(DirectoryRecord directory) => _statements.PutDirectory
        .Bind(1, (long)directory.Ino.Value).Bind(2, (long)directory.Parent.Value).Bind(3, directory.Name.Span)
        .Bind(4, directory.Mode).Bind(5, directory.Uid).Bind(6, directory.Gid)
        .Bind(7, directory.MtimeNs).Bind(8, directory.CtimeNs).Bind(9, directory.AtimeNs).Bind(10, directory.Xattrs)
        .Bind(11, directory.Entries).Bind(12, directory.Subdirectories).Bind(13, directory.Links).Bind(14, directory.Version)
        .Run();

    public void DeleteDirectory(InodeId ino) => _statements.DeleteDirectory.Bind(1, (long)ino.Value).Run();

    public void WriteLinked(in Inode inode)
    {
        _record.Clear();
        InodeCodec.WriteLinked(_record, in inode);
        _statements.PutLinked.Bind(1, (long)inode.Ino.Value).Bind(2, _record.Written).Run();
    }

    public void DeleteLinked(InodeId ino) => _statements.DeleteLinked.Bind(1, (long)ino.Value).Run();

    public void AddPlace(InodeId ino, InodeId dir, ReadOnlySpan<byte> name) =>
        _statements.AddPlace.Bind(1, (long)ino.Value).Bind(2, (long)dir.Value).Bind(3, name).Run();

    public void RemovePlace(InodeId ino, InodeId dir, ReadOnlySpan<byte> name) =>
        _statements.RemovePlace.Bind(1, (long)ino.Value).Bind(2, (long)dir.Value).Bind(3, name).Run();

    public void WriteXattr(InodeId ino, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        _statements.PutXattr.Bind(1, (long)ino.Value).Bind(2, name).Bind(3, value).Run();

    public void DeleteXattr(InodeId ino, ReadOnlySpan<byte> name) => _statements.DeleteXattr.Bind(1, (long)ino.Value).Bind(2, name).Run();

    public void DeleteXattrs(InodeId ino) => _statements.DeleteXattrs.Bind(1, (long)ino.Value).Run();

    public void AddPurge(InodeId ino, long blob) => _statements.AddPurge.Bind(1, (long)ino.Value).Bind(2, blob).Run();

    public void DeletePurge(long id) => _statements.DeletePurge.Bind(1, id).Run();

    public void ReadSessions(List<SessionRecord> sessions)
    {
        SqliteStatement rows = _statements.Sessions;
        while (rows.Step())
            sessions.Add(new SessionRecord(SessionId.Parse(rows.Blob(0)), rows.Text(1), rows.Int64(2)));
        rows.Reset();
    }

    public void WriteSession(SessionRecord session) =>
        _statements.PutSession.Bind(1, session.Id.ToBytes()).BindText(2, session.ClientName).Bind(3, session.OldestTid).Run();

    public void DeleteSession(SessionId id)
    {
        byte[] key = id.ToBytes();
        _statements.DeleteSession.Bind(1, key).Run();
        _statements.DeleteAllCompleted.Bind(1, key).Run();
    }

    public void ReadCompleted(SessionId id, List<CompletedRow> rows)
    {
        SqliteStatement found = _statements.Completed.Bind(1, id.ToBytes());
        while (found.Step())
            rows.Add(new CompletedRow(found.Int64(0), found.Int64(1), found.Blob(2).ToArray()));
        found.Reset();
    }

    public void WriteCompleted(SessionId id, long first, long last, ReadOnlySpan<byte> results) =>
        _statements.PutCompleted.Bind(1, id.ToBytes()).Bind(2, first).Bind(3, last).Bind(4, results).Run();

    public void DeleteCompleted(SessionId id, long first) => _statements.DeleteCompleted.Bind(1, id.ToBytes()).Bind(2, first).Run();

    public INamespaceSnapshot OpenSnapshot() => _snapshots.Rent();

    public bool TryGetDentry(InodeId dir, ReadOnlySpan<byte> name, ref Dentry dentry) => _reader.TryGetDentry(dir, name, ref dentry);

    public void VisitDentries(InodeId dir, ReadOnlySpan<byte> from, DentryVisitor visit) => _reader.VisitDentries(dir, from, visit);

    public DirectoryRecord? ReadDirectory(InodeId ino) => _reader.ReadDirectory(ino);

    public bool TryGetLinked(InodeId ino, ref Inode inode) => _reader.TryGetLinked(ino, ref inode);

    public void ReadPlaces(InodeId ino, List<Place> places) => _reader.ReadPlaces(ino, places);

    public byte[]? ReadXattr(InodeId ino, ReadOnlySpan<byte> name) => _reader.ReadXattr(ino, name);

    public void ReadXattrNames(InodeId ino, List<byte[]> names) => _reader.ReadXattrNames(ino, names);

    public long CountNames(InodeId dir, ReadOnlySpan<byte> from, ReadOnlySpan<byte> through) => _reader.CountNames(dir, from, through);

    public bool TryGetNameAt(InodeId dir, ReadOnlySpan<byte> from, long skip, out FileName name) => _reader.TryGetNameAt(dir, from, skip, out name);

    public long ReadCounter(StoreCounter counter) => _reader.ReadCounter(counter);

    public void Dispose()
    {
        _checkpointer.Dispose();
        _snapshots.Dispose();
        Rollback();
        _database.Dispose();
    }
}
