using Capstan.Shared;
using Microsoft.Extensions.Logging;

namespace Capstan.ClientGateway.Jobs;

/// <summary>
/// The jobs that have not come to their end, one file each, in a directory that one gateway has for itself. A journal that cannot be written stops no job: a disk that is full is
/// emptied by deleting.
/// </summary>
internal sealed partial class JobJournal : IAsyncDisposable
{
    /// <summary>Of the file of a job that has come to its end and can be undone.</summary>
    public const string EndedExtension = ".ended";

    /// <summary>For undos, over all jobs; beyond it the oldest can be undone no longer than their process lives.</summary>
    private const long MaxKeptBytes = 64L << 20;

    private static readonly TimeSpan FlushEvery = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly HashSet<JobFile> _files = [];
    private readonly List<(JobFile File, long Length)> _kept = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly string _directory;
    private readonly FileStream _owner;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _flushing;
    private long _names;

    private JobJournal(string directory, FileStream owner, TimeProvider time, ILogger logger)
    {
        _directory = directory;
        _owner = owner;
        _time = time;
        _logger = logger;
        _names = time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        _flushing = FlushAsync();
    }

    /// <summary>The program ends: what happens from here on is not written down.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Null when the directory cannot be used, or another process has it; which is logged, and jobs then do not survive this one.</summary>
    public static JobJournal? TryOpen(string directory, TimeProvider time, ILogger logger)
    {
        try
        {
            Directory.CreateDirectory(directory);
            FileStream owner = new(Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new JobJournal(directory, owner, time, logger);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnusable(logger, directory, e.Message);
            return null;
        }
    }

    /// <summary>Returns when the job is on disk. Null when it could not be written.</summary>
    /// <param name="notes">What must be on disk with it.</param>
    public JobFile? Begin(JobRecord record, params IEnumerable<JobNote> notes)
    {
        string path = Path.Combine(_directory, $"{Interlocked.Increment(ref _names):x16}.job");
        try
        {
            JobFile file = JobFile.Create(this, path, record with { StartedAt = _time.GetUtcNow().ToUnixTimeMilliseconds() }, notes);
            lock (_lock)
                _files.Add(file);
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failed(e);
            return null;
        }
    }

    /// <summary>What an earlier process has left, oldest first, and since when nothing was written.</summary>
    public IReadOnlyList<(JobFile File, JobRecord Record, TimeSpan Idle)> Left()
    {
        List<(JobFile, JobRecord, TimeSpan)> left = [];
        foreach (string path in Directory.EnumerateFiles(_directory, "*.job").Concat(Directory.EnumerateFiles(_directory, $"*{EndedExtension}")).Order(StringComparer.Ordinal))
        {
            TimeSpan idle = _time.GetUtcNow() - new DateTimeOffset(File.GetLastWriteTimeUtc(path), TimeSpan.Zero);
            if (JobFile.Open(this, path) is not var (file, record))
            {
                LogUnreadable(path);
                File.Move(path, path + ".unreadable", overwrite: true);
                continue;
            }
            lock (_lock)
                _files.Add(file);
            left.Add((file, record, idle));
        }
        return left;
    }

    public void Forget(JobFile file)
    {
        lock (_lock)
        {
            _files.Remove(file);
            _kept.RemoveAll(k => k.File == file);
        }
    }

    /// <summary>Of a job that has come to its end, as long as there is room.</summary>
    public void Keep(JobFile file, long length)
    {
        JobFile[] oldest;
        lock (_lock)
        {
            _kept.Add((file, length));
            long total = _kept.Sum(k => k.Length);
            oldest = [.. _kept.TakeWhile(k => (total -= k.Length) + k.Length > MaxKeptBytes).Select(k => k.File)];
        }
        foreach (JobFile one in oldest)
            one.Over();
    }

    public void Failed(Exception e) => LogFailed(_directory, e.Message);

    /// <summary>What has been noted is written; nothing after it.</summary>
    public void Stop()
    {
        foreach (JobFile file in Files())
            file.Flush(durably: true);
        IsStopped = true;
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _flushing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (JobFile file in Files())
            file.Close();
        await _owner.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private JobFile[] Files()
    {
        lock (_lock)
            return [.. _files];
    }

    private async Task FlushAsync()
    {
        using PeriodicTimer timer = new(FlushEvery, _time);
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
        {
            foreach (JobFile file in Files())
                file.Flush();
        }
    }

    [LoggerMessage(3411, LogLevel.Warning, "Jobs are not written down: the directory {Directory} cannot be used, or another process uses it ({Reason}). They will not survive a restart.")]
    private static partial void LogUnusable(ILogger logger, string directory, string reason);

    [LoggerMessage(3412, LogLevel.Warning, "The journal of jobs in {Directory} could not be written: {Reason}. The job goes on, but may not survive a restart.")]
    private partial void LogFailed(string directory, string reason);

    [LoggerMessage(3413, LogLevel.Error, "{Path} holds no whole job; it is set aside.")]
    private partial void LogUnreadable(string path);
}
