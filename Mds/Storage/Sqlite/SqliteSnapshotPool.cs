namespace Capstan.Mds.Storage.Sqlite;

/// <summary>Read connections kept open for the next reader: opening one and preparing its statements costs more than a page.</summary>
internal sealed class SqliteSnapshotPool(string path) : IDisposable
{
    private const int MaxIdle = 8;

    private readonly Lock _lock = new();
    private readonly Stack<SqliteSnapshot> _idle = [];
    private bool _disposed;

    public SqliteSnapshot Rent()
    {
        SqliteSnapshot? snapshot;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _idle.TryPop(out snapshot);
        }
        snapshot ??= new SqliteSnapshot(this, path);
        try
        {
            snapshot.Pin();
            return snapshot;
        }
        catch
        {
            snapshot.Close();
            throw;
        }
    }

    public void Return(SqliteSnapshot snapshot)
    {
        lock (_lock)
        {
            if (!_disposed && _idle.Count < MaxIdle)
            {
                _idle.Push(snapshot);
                return;
            }
        }
        snapshot.Close();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            while (_idle.TryPop(out SqliteSnapshot? snapshot))
                snapshot.Close();
        }
    }
}
