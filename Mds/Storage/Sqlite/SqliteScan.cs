using Capstan.Shared;

namespace Capstan.Mds.Storage.Sqlite;

/// <summary>Full table passes on a snapshot's connection.</summary>
internal sealed class SqliteScan(SqliteDatabase database) : IStoreScan
{
    public IEnumerable<(InodeId Dir, FileName Name, Dentry Dentry)> Dentries()
    {
        foreach (SqliteStatement row in Rows("SELECT dir, name, inode FROM dentries ORDER BY dir, name"))
        {
            Dentry dentry = default;
            InodeCodec.ReadDentry(row.Blob(2), ref dentry, withTarget: true);
            yield return (Ino(row, 0), Name(row, 1), dentry);
        }
    }

    public IEnumerable<DirectoryRecord> Directories()
    {
        foreach (SqliteStatement row in Rows(
            "SELECT ino, parent, name, mode, uid, gid, mtime, ctime, atime, xattrs, entries, subdirectories, links, version FROM directories"))
            yield return SqliteReader.ReadDirectoryRow(row);
    }

    public IEnumerable<Inode> Linked()
    {
        foreach (SqliteStatement row in Rows("SELECT inode FROM linked"))
        {
            Inode inode = default;
            InodeCodec.ReadLinked(row.Blob(0), ref inode, withTarget: true);
            yield return inode;
        }
    }

    public IEnumerable<(InodeId Ino, Place Place)> Places()
    {
        foreach (SqliteStatement row in Rows("SELECT ino, dir, name FROM places"))
            yield return (Ino(row, 0), new Place(Ino(row, 1), Name(row, 2)));
    }

    public IEnumerable<(InodeId Ino, long Count)> XattrCounts()
    {
        foreach (SqliteStatement row in Rows("SELECT ino, count(*) FROM xattrs GROUP BY ino"))
            yield return (Ino(row, 0), row.Int64(1));
    }

    public IEnumerable<PurgeRow> PurgeQueue()
    {
        foreach (SqliteStatement row in Rows("SELECT id, ino, blob FROM purge"))
            yield return new PurgeRow(row.Int64(0), Ino(row, 1), row.Int64(2));
    }

    private static InodeId Ino(SqliteStatement row, int column) => new((ulong)row.Int64(column));

    private static FileName Name(SqliteStatement row, int column) => FileName.FromTrusted(row.Blob(column).ToArray());

    private IEnumerable<SqliteStatement> Rows(string sql)
    {
        SqliteStatement statement = database.Prepare(sql);
        try
        {
            while (statement.Step())
                yield return statement;
        }
        finally
        {
            statement.Reset();
        }
    }
}
