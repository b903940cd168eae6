using Capstan.Shared;
using Microsoft.Extensions.Logging;
using static SQLitePCL.raw;

namespace Capstan.Mds.Storage.Sqlite;

/// <summary>
/// Moves the log back into the database file on a connection and thread of its own, so that no commit waits for it: when the
/// log is long, or when the writer is idle. A passive checkpoint never ends beside a writer that never rests, because
/// new frames keep coming; so when only a few are left the writer is asked to do the rest itself, which lets the log start over.
/// </summary>
internal sealed partial class WalCheckpointer : IDisposable
{
    private const int Passive = 0; // SQLITE_CHECKPOINT_PASSIVE

    /// <summary>So few frames left that the writer itself may copy them, in a few milliseconds.</summary>
    private const int ShortRest = 4_096;

    private const int MaxRounds = 4;

    private readonly string _path;
    private readonly StoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Lock _running = new();
    private SqliteDatabase? _database;
    private long _frames;
    private long _lastCommit;
    private int _queued;
    private volatile bool _writerMayFinish;
    private bool _disposed;

    public WalCheckpointer(string path, StoreOptions options, TimeProvider time, ILogger logger)
    {
        _path = path;
        _options = options;
        _time = time;
        _logger = logger;
        _lastCommit = time.GetTimestamp();
        _timer = time.CreateTimer(_ => OnIdleTick(), null, options.IdleAfter, options.IdleAfter);
    }

    /// <summary>Tells of a commit that wrote <paramref name="frames"/> pages to the log. On the writer's thread.</summary>
    public void OnCommit(int frames)
    {
        Volatile.Write(ref _lastCommit, _time.GetTimestamp());
        if (Interlocked.Add(ref _frames, frames) >= _options.CheckpointFrames && Interlocked.Exchange(ref _queued, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(_ => Run(), null);
    }

    /// <summary>Between two transactions, on the writer's thread and connection.</summary>
    public void FinishIfAsked(SqliteDatabase writer)
    {
        if (!_writerMayFinish)
            return;
        _writerMayFinish = false;
        int result = sqlite3_wal_checkpoint_v2(writer.Handle, "main", Passive, out int log, out int done);
        if (result == SQLITE_OK)
            Interlocked.Exchange(ref _frames, Math.Max(0, log - done));
    }

    private void OnIdleTick()
    {
        bool idle = _time.GetElapsedTime(Volatile.Read(ref _lastCommit)) >= _options.IdleAfter;
        if (idle && Interlocked.Read(ref _frames) >= _options.IdleCheckpointFrames && Interlocked.Exchange(ref _queued, 1) == 0)
            Run();
    }

    private void Run()
    {
        try
        {
            (int log, int left) = Checkpoint();
            // What came in meanwhile is less each time, unless the disk cannot keep up.
            for (int round = 0; round < MaxRounds && left > ShortRest; round++)
                (log, left) = Checkpoint();
            Interlocked.Exchange(ref _frames, left);
            // A log that only grows must end too: then the writer waits for the rest, however long.
            _writerMayFinish = left > 0 && (left <= ShortRest || log > _options.CheckpointFrames * 8L);
        }
        catch (StoreException failure)
        {
            LogFailed(_logger, failure);
        }
        finally
        {
            Volatile.Write(ref _queued, 0);
        }
    }

    /// <summary>One passive checkpoint: how many frames the log has, and how many of them are not in the database file after it.</summary>
    public (int Log, int Left) Checkpoint()
    {
        lock (_running)
        {
            if (_disposed)
                return default;
            _database ??= OpenReadingTheLog();
            _database.Check(sqlite3_wal_checkpoint_v2(_database.Handle, "main", Passive, out int log, out int done));
            return log < 0 ? throw new StoreException(FsErrno.Io, "The store is not in WAL mode.") : (log, log - done);
        }
    }

    /// <summary>A connection that has read nothing does not know of the log, and would report success for doing nothing.</summary>
    private SqliteDatabase OpenReadingTheLog()
    {
        SqliteDatabase database = SqliteDatabase.Open(_path, readOnly: false);
        SqliteStatement read = database.Prepare("SELECT count(*) FROM meta");
        read.Step();
        read.Reset();
        return database;
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_running)
        {
            _disposed = true;
            _database?.Dispose();
        }
    }

    [LoggerMessage(2001, LogLevel.Warning, "Checkpoint failed; the log grows until one succeeds.")]
    private static partial void LogFailed(ILogger logger, Exception failure);
}
