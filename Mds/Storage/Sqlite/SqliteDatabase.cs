using Capstan.Shared;
using SQLitePCL;
using static SQLitePCL.raw;

namespace Capstan.Mds.Storage.Sqlite;

/// <summary>One SQLite connection with its prepared statements. Not thread-safe: one thread at a time.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    private readonly sqlite3 _handle;
    private readonly List<SqliteStatement> _statements = [];

    static SqliteDatabase() => Batteries_V2.Init();

    private SqliteDatabase(sqlite3 handle) => _handle = handle;

    public sqlite3 Handle => _handle;

    public bool InTransaction => sqlite3_get_autocommit(_handle) == 0;

    public static SqliteDatabase Open(string path, bool readOnly)
    {
        int flags = SQLITE_OPEN_NOMUTEX | (readOnly ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
        int result = sqlite3_open_v2(path, out sqlite3 handle, flags, null);
        SqliteDatabase database = new(handle);
        if (result != SQLITE_OK)
        {
            StoreException failure = database.Failure(result);
            database.Dispose();
            throw failure;
        }
        sqlite3_extended_result_codes(handle, 1);
        // Nobody else writes; this covers the moment in which a checkpoint restarts the log.
        sqlite3_busy_timeout(handle, 5_000);
        if (readOnly)
            database.Execute("PRAGMA query_only=ON");
        return database;
    }

    public void Execute(string sql) => Check(sqlite3_exec(_handle, sql));

    public SqliteStatement Prepare(string sql)
    {
        Check(sqlite3_prepare_v2(_handle, sql, out sqlite3_stmt handle));
        SqliteStatement statement = new(this, handle);
        _statements.Add(statement);
        return statement;
    }

    public void Check(int result)
    {
        if (result != SQLITE_OK)
            throw Failure(result);
    }

    public StoreException Failure(int result)
    {
        FsErrno errno = (result & 0xFF) switch
        {
            SQLITE_FULL => FsErrno.NoSpace,
            SQLITE_READONLY => FsErrno.ReadOnly,
            _ => FsErrno.Io,
        };
        return new StoreException(errno, $"SQLite error {result}: {sqlite3_errmsg(_handle).utf8_to_string()}");
    }

    public void Dispose()
    {
        // A statement that is not finalized would keep the connection, and with it its locks, alive.
        foreach (SqliteStatement statement in _statements)
            statement.Dispose();
        _statements.Clear();
        sqlite3_close_v2(_handle);
        _handle.Dispose();
    }
}
