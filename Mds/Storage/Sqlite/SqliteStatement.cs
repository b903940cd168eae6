using SQLitePCL;
using static SQLitePCL.raw;

namespace Capstan.Mds.Storage.Sqlite;

/// <summary>A prepared statement that is used again and again: bind, step, reset; nothing allocated on the way.</summary>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt handle) : IDisposable
{
    public SqliteStatement Bind(int index, long value)
    {
        database.Check(sqlite3_bind_int64(handle, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        // An empty span has no address, which SQLite would take for NULL.
        database.Check(value.IsEmpty ? sqlite3_bind_zeroblob(handle, index, 0) : sqlite3_bind_blob(handle, index, value));
        return this;
    }

    public SqliteStatement BindText(int index, string value)
    {
        database.Check(sqlite3_bind_text(handle, index, value));
        return this;
    }

    /// <summary>Whether there is a row. The statement stays open until <see cref="Reset"/>.</summary>
    public bool Step()
    {
        int result = sqlite3_step(handle);
        if (result == SQLITE_ROW)
            return true;
        if (result == SQLITE_DONE)
            return false;
        StorageFailure(result);
        return false;
    }

    /// <summary>Runs a statement that yields no row, and makes it ready for the next time.</summary>
    public void Run()
    {
        int result = sqlite3_step(handle);
        if (result is not (SQLITE_DONE or SQLITE_ROW))
            StorageFailure(result);
        sqlite3_reset(handle);
    }

    public void Reset() => sqlite3_reset(handle);

    public long Int64(int column) => sqlite3_column_int64(handle, column);

    /// <summary>Bytes of a column, good until the next step or reset.</summary>
    public ReadOnlySpan<byte> Blob(int column) => sqlite3_column_blob(handle, column);

    public string Text(int column) => sqlite3_column_text(handle, column).utf8_to_string();

    public void Dispose() => handle.Dispose();

    private void StorageFailure(int result)
    {
        StoreException failure = database.Failure(result);
        sqlite3_reset(handle);
        throw failure;
    }
}
