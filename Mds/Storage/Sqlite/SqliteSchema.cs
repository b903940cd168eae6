using System.Security.Cryptography;
using Capstan.Shared;

namespace Capstan.Mds.Storage.Sqlite;

/// <summary>
/// The tables. The row of a name holds its inode, so that a listing is one range scan and an unlink touches one row; no
/// index beside the primary keys. Only directories and hard-linked inodes are found by number.
/// </summary>
internal static class SqliteSchema
{
    public const long Version = 1;

    /// <summary>Inode numbers below this one are kept for the system; 1 is the root.</summary>
    public const long FirstIno = 16;

    private const string Tables =
        """
        CREATE TABLE meta(key INTEGER PRIMARY KEY, value INTEGER NOT NULL);
        CREATE TABLE generation(id BLOB NOT NULL);
        CREATE TABLE dentries(dir INTEGER NOT NULL, name BLOB NOT NULL, inode BLOB NOT NULL, PRIMARY KEY(dir, name)) WITHOUT ROWID;
        CREATE TABLE directories(ino INTEGER PRIMARY KEY, parent INTEGER NOT NULL, name BLOB NOT NULL,
            mode INTEGER NOT NULL, uid INTEGER NOT NULL, gid INTEGER NOT NULL,
            mtime INTEGER NOT NULL, ctime INTEGER NOT NULL, atime INTEGER NOT NULL, xattrs INTEGER NOT NULL,
            entries INTEGER NOT NULL, subdirectories INTEGER NOT NULL, links INTEGER NOT NULL, version INTEGER NOT NULL);
        CREATE TABLE linked(ino INTEGER PRIMARY KEY, inode BLOB NOT NULL);
        CREATE TABLE places(ino INTEGER NOT NULL, dir INTEGER NOT NULL, name BLOB NOT NULL, PRIMARY KEY(ino, dir, name)) WITHOUT ROWID;
        CREATE TABLE xattrs(ino INTEGER NOT NULL, name BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY(ino, name)) WITHOUT ROWID;
        CREATE TABLE purge(id INTEGER PRIMARY KEY, ino INTEGER NOT NULL, blob INTEGER NOT NULL);
        CREATE TABLE sessions(id BLOB PRIMARY KEY, client TEXT NOT NULL, oldest INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE completed(session BLOB NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, results BLOB NOT NULL,
            PRIMARY KEY(session, first)) WITHOUT ROWID;
        """;

    /// <summary>Makes the tables of a new store, or checks that an existing one is of a version that this program reads.</summary>
    public static Guid EnsureCreated(SqliteDatabase database, TimeProvider time)
    {
        SqliteStatement tables = database.Prepare("SELECT count(*) FROM sqlite_schema WHERE name='meta'");
        tables.Step();
        bool exists = tables.Int64(0) != 0;
        tables.Reset();
        if (!exists)
            Create(database, time);

        SqliteStatement version = database.Prepare("SELECT value FROM meta WHERE key=?").Bind(1, (long)StoreCounter.SchemaVersion);
        long found = version.Step() ? version.Int64(0) : 0;
        version.Reset();
        if (found != Version)
            throw new StoreException(FsErrno.Io, $"The store has schema version {found}; this program reads version {Version}.");

        SqliteStatement generation = database.Prepare("SELECT id FROM generation");
        generation.Step();
        Guid id = new(generation.Blob(0));
        generation.Reset();
        return id;
    }

    private static void Create(SqliteDatabase database, TimeProvider time)
    {
        database.Execute("BEGIN IMMEDIATE");
        database.Execute(Tables);
        SqliteStatement meta = database.Prepare("INSERT INTO meta VALUES(?, ?)");
        foreach ((StoreCounter key, long value) in new[]
                 {
                     (StoreCounter.SchemaVersion, Version), (StoreCounter.Epoch, 0), (StoreCounter.NextIno, FirstIno),
                     (StoreCounter.Entries, 0), (StoreCounter.Directories, 1), (StoreCounter.Bytes, 0),
                 })
        {
            meta.Bind(1, (long)key).Bind(2, value).Run();
        }
        database.Prepare("INSERT INTO generation VALUES(?)").Bind(1, RandomNumberGenerator.GetBytes(16)).Run();
        long now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        database.Prepare("INSERT INTO directories VALUES(?1, ?1, x'', ?2, 0, 0, ?3, ?3, ?3, 0, 0, 0, 0, 1)")
            .Bind(1, (long)InodeId.Root.Value)
            .Bind(2, InodeAttributes.ModeOf(FileKind.Directory, 0x1ED)) // rwxr-xr-x
            .Bind(3, now)
            .Run();
        database.Execute("COMMIT");
    }
}
