using SQLitePCL;
using static SQLitePCL.raw;

namespace Capstan.Mds.Storage.Sqlite;

/// <summary>A prepared statement that is used again and again: bind, step, reset; nothing allocated on the way. Used by one thread at a time, its disposal included.</summary>
internal sealed unsafe class SqliteStatement(SqliteDatabase database, sqlite3_stmt handle) : IDisposable
{
    private nint _statement = handle.DangerousGetHandle();

    public SqliteStatement Bind(int index, long value)
    {
        database.Check(SqliteCalls.BindInt64(_statement, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        // An empty span has no address, which SQLite would take for NULL.
        fixed (byte* bytes = value)
            database.Check(value.IsEmpty ? SqliteCalls.BindZeroBlob(_statement, index, 0) : SqliteCalls.BindBlob(_statement, index, bytes, value.Length, SqliteCalls.Copied));
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
        int result = SqliteCalls.Step(_statement);
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
        int result = SqliteCalls.Step(_statement);
        if (result is not (SQLITE_DONE or SQLITE_ROW))
            StorageFailure(result);
        SqliteCalls.Reset(_statement);
    }

    public void Reset() => SqliteCalls.Reset(_statement);

    public long Int64(int column) => SqliteCalls.ColumnInt64(_statement, column);

    /// <summary>Bytes of a column, good until the next step or reset.</summary>
    public ReadOnlySpan<byte> Blob(int column) => new(SqliteCalls.ColumnBlob(_statement, column), SqliteCalls.ColumnBytes(_statement, column));

    public string Text(int column) => sqlite3_column_text(handle, column).utf8_to_string();

    public void Dispose()
    {
        _statement = 0; // SQLite takes no statement for an error, one that is gone for nothing it knows.
        handle.Dispose();
    }

    private void StorageFailure(int result)
    {
        StoreException failure = database.Failure(result);
        SqliteCalls.Reset(_statement);
        throw failure;
    }
}
