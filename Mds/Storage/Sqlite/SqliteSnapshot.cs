using Capstan.Shared;

namespace Capstan.Mds.Storage.Sqlite;

/// <summary>A read connection inside a read transaction; WAL keeps its view still while the writer goes on.</summary>
internal sealed class SqliteSnapshot : INamespaceSnapshot
{
    private readonly SqliteSnapshotPool _pool;
    private readonly SqliteDatabase _database;
    private readonly SqliteReader _reader;
    private readonly SqliteStatement _after;
    private readonly SqliteStatement _from;
    private readonly SqliteStatement _purge;
    private SqliteStatement _cursor;

    public SqliteSnapshot(SqliteSnapshotPool pool, string path)
    {
        _pool = pool;
        _database = SqliteDatabase.Open(path, readOnly: true);
        try
        {
            _database.Execute("PRAGMA cache_size=-2048");
            _reader = new SqliteReader(_database);
            _after = _database.Prepare("SELECT name, inode FROM dentries WHERE dir=? AND name>? ORDER BY name");
            _from = _database.Prepare("SELECT name, inode FROM dentries WHERE dir=? AND name>=? ORDER BY name LIMIT -1 OFFSET ?");
            _purge = _database.Prepare("SELECT id, ino, blob FROM purge ORDER BY id LIMIT ?");
            _cursor = _after;
        }
        catch
        {
            _database.Dispose();
            throw;
        }
    }

    public ReadOnlySpan<byte> CurrentName => _cursor.Blob(0);

    /// <summary>BEGIN alone pins nothing: the first read does.</summary>
    public void Pin()
    {
        _database.Execute("BEGIN");
        _reader.ReadCounter(StoreCounter.SchemaVersion);
    }

    public void SeekAfter(InodeId dir, ReadOnlySpan<byte> after)
    {
        _cursor.Reset();
        _cursor = _after.Bind(1, (long)dir.Value).Bind(2, after);
    }

    public void SeekFrom(InodeId dir, ReadOnlySpan<byte> from, long skip)
    {
        _cursor.Reset();
        _cursor = _from.Bind(1, (long)dir.Value).Bind(2, from).Bind(3, skip);
    }

    public bool MoveNext() => _cursor.Step();

    public void ReadCurrent(ref Dentry dentry) => InodeCodec.ReadDentry(_cursor.Blob(1), ref dentry, withTarget: false);

    public void ReadPurgeQueue(int limit, List<PurgeRow> rows)
    {
        _purge.Bind(1, limit);
        while (_purge.Step())
            rows.Add(new PurgeRow(_purge.Int64(0), new InodeId((ulong)_purge.Int64(1)), _purge.Int64(2)));
        _purge.Reset();
    }

    public IStoreScan Scan() => new SqliteScan(_database);

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
        _cursor.Reset();
        if (_database.InTransaction)
            _database.Execute("ROLLBACK");
        _pool.Return(this);
    }

    public void Close() => _database.Dispose();
}
