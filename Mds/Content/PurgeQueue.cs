using System.Threading.Channels;
using Capstan.Mds.Storage;
using Microsoft.Extensions.Logging;

namespace Capstan.Mds.Content;

/// <summary>
/// Deletes content behind the unlinks that hid it. The rows are made in the transaction of the unlink; here (1) a batch is
/// read, (2) its files are deleted, (3) the writer loop is asked to delete the rows. A crash anywhere repeats a batch, and
/// deleting a file twice does no harm.
/// </summary>
internal sealed partial class PurgeQueue(
    INamespaceStore store,
    ContentStore contents,
    Func<IReadOnlyList<PurgeRow>, CancellationToken, Task> confirm,
    TimeProvider time,
    ILogger logger)
{
    private const int BatchSize = 1_000;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    // One place, newest dropped: any number of hints mean "look again". Written by the loop after commits, read here.
    private readonly Channel<bool> _hints = Channel.CreateBounded<bool>(new BoundedChannelOptions(1)
    {
        FullMode = BoundedChannelFullMode.DropWrite,
        SingleReader = true,
    });

    /// <summary>There may be new rows. From any thread, as often as one likes.</summary>
    public void Hint() => _hints.Writer.TryWrite(true);

    /// <summary>Works until cancelled, starting with what an earlier run left.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        Hint();
        try
        {
            while (await _hints.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
            {
                _hints.Reader.TryRead(out _);
                try
                {
                    while (await PurgeBatchAsync(cancellation).ConfigureAwait(false) > 0)
                        cancellation.ThrowIfCancellationRequested();
                }
                catch (StoreException failure)
                {
                    LogFailed(logger, failure);
                    await Task.Delay(RetryAfter, time, cancellation).ConfigureAwait(false);
                    Hint();
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The rows that are left are there at the next start.
        }
    }

    /// <summary>One round; how many files it deleted.</summary>
    public async Task<int> PurgeBatchAsync(CancellationToken cancellation)
    {
        List<PurgeRow> rows = [];
        using (INamespaceSnapshot snapshot = store.OpenSnapshot())
            snapshot.ReadPurgeQueue(BatchSize, rows);
        if (rows.Count == 0)
            return 0;
        foreach (PurgeRow row in rows)
            contents.Delete(row.Ino, row.Blob);
        await confirm(rows, cancellation).ConfigureAwait(false);
        return rows.Count;
    }

    [LoggerMessage(2101, LogLevel.Warning, "Deleting unlinked content failed; it is tried again.")]
    private static partial void LogFailed(ILogger logger, Exception failure);
}
