namespace Capstan.Mds.Storage.Sqlite;

/// <summary>What the writer prepares once.</summary>
internal sealed class SqliteWriterStatements(SqliteDatabase database)
{
    public SqliteStatement Begin { get; } = database.Prepare("BEGIN IMMEDIATE");
    public SqliteStatement Commit { get; } = database.Prepare("COMMIT");
    public SqliteStatement Rollback { get; } = database.Prepare("ROLLBACK");
    public SqliteStatement PutCounter { get; } = database.Prepare("REPLACE INTO meta VALUES(?, ?)");
    public SqliteStatement PutDentry { get; } = database.Prepare("REPLACE INTO dentries VALUES(?, ?, ?)");
    public SqliteStatement DeleteDentry { get; } = database.Prepare("DELETE FROM dentries WHERE dir=? AND name=?");
    public SqliteStatement DeleteDentries { get; } = database.Prepare("DELETE FROM dentries WHERE dir=? AND name>=? AND name<=?");
    public SqliteStatement PutDirectory { get; } = database.Prepare("REPLACE INTO directories VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    public SqliteStatement DeleteDirectory { get; } = database.Prepare("DELETE FROM directories WHERE ino=?");
    public SqliteStatement PutLinked { get; } = database.Prepare("REPLACE INTO linked VALUES(?, ?)");
    public SqliteStatement DeleteLinked { get; } = database.Prepare("DELETE FROM linked WHERE ino=?");
    public SqliteStatement AddPlace { get; } = database.Prepare("INSERT INTO places VALUES(?, ?, ?)");
    public SqliteStatement RemovePlace { get; } = database.Prepare("DELETE FROM places WHERE ino=? AND dir=? AND name=?");
    public SqliteStatement PutXattr { get; } = database.Prepare("REPLACE INTO xattrs VALUES(?, ?, ?)");
    public SqliteStatement DeleteXattr { get; } = database.Prepare("DELETE FROM xattrs WHERE ino=? AND name=?");
    public SqliteStatement DeleteXattrs { get; } = database.Prepare("DELETE FROM xattrs WHERE ino=?");
    public SqliteStatement AddPurge { get; } = database.Prepare("INSERT INTO purge(ino, blob) VALUES(?, ?)");
    public SqliteStatement DeletePurge { get; } = database.Prepare("DELETE FROM purge WHERE id=?");
    public SqliteStatement Sessions { get; } = database.Prepare("SELECT id, client, oldest FROM sessions");
    public SqliteStatement PutSession { get; } = database.Prepare("REPLACE INTO sessions VALUES(?, ?, ?)");
    public SqliteStatement DeleteSession { get; } = database.Prepare("DELETE FROM sessions WHERE id=?");
    public SqliteStatement Completed { get; } = database.Prepare("SELECT first, last, results FROM completed WHERE session=? ORDER BY first");
    public SqliteStatement PutCompleted { get; } = database.Prepare("REPLACE INTO completed VALUES(?, ?, ?, ?)");
    public SqliteStatement DeleteCompleted { get; } = database.Prepare("DELETE FROM completed WHERE session=? AND first=?");
    public SqliteStatement DeleteAllCompleted { get; } = database.Prepare("DELETE FROM completed WHERE session=?");
}
