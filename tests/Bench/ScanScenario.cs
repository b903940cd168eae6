using System.Diagnostics;
using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.Bench;

/// <summary>
/// Readers scan many directories from end to end through one gateway, while one directory is in use all the time: the cache must keep to its budget and must not lose what is in use.
/// </summary>
internal static class ScanScenario
{
    public static async Task<object> RunAsync(int directories, int entries, int readers, int budgetMiB)
    {
        long budget = (long)budgetMiB << 20;
        await using Rig rig = await Rig.StartAsync(0);
        Gateway maker = await rig.GatewayAsync(o => o with { PageBudgetBytes = 16L << 20 });
        FileName[] names = Rig.Names(entries, ReaddirScenario.Name);
        List<InodeId> all = [];
        for (int i = 0; i < directories; i++)
            all.Add(await Rig.CreateManyAsync(maker.Client, $"scanned-{i}", names));
        InodeId hot = await Rig.CreateManyAsync(maker.Client, "hot", names[..Math.Min(names.Length, 20_000)]);
        await rig.CloseAsync(maker);

        Gateway gateway = await rig.GatewayAsync(o => o with { PageBudgetBytes = budget });
        using IDirectoryView inUse = (await gateway.Client.OpenDirectoryAsync(Caller.Root, hot, whole: true)).Value!;
        Rig.Must(await inUse.LoadAsync(0, inUse.Count));
        long started = Stopwatch.GetTimestamp();
        int next = -1;
        long rows = 0, most = 0, mostUnread = 0, hits = 0, misses = 0;
        Task scanning = Task.WhenAll(Enumerable.Range(0, readers).Select(_ => Task.Run(async () =>
        {
            for (int i = Interlocked.Increment(ref next); i < all.Count; i = Interlocked.Increment(ref next))
            {
                using IDirectoryView view = (await gateway.Client.OpenDirectoryAsync(Caller.Root, all[i])).Value!;
                for (long first = 0; first < view.Count; first += 500)
                {
                    FsResult<IReadOnlyList<DirectoryRow>> read = await view.ReadAsync(first, 500);
                    Rig.Must(read.Errno);
                    Interlocked.Add(ref rows, read.Value!.Count);
                }
            }
        })));
        Random random = new(1);
        List<DirectoryRow> seen = [];
        while (!scanning.IsCompleted)
        {
            GatewaySnapshot now = gateway.Client.Snapshot();
            most = Math.Max(most, now.CachedBytes + now.ArrangedBytes);
            mostUnread = Math.Max(mostUnread, now.ReadaheadUnreadBytes);
            seen.Clear();
            _ = inUse.TryRead(random.NextInt64(inUse.Count - 50), 50, seen) ? hits++ : misses++;
            await Task.Delay(10);
        }
        await scanning;
        GatewaySnapshot end = gateway.Client.Snapshot();
        return new
        {
            scenario = "scan",
            directories,
            entries,
            readers,
            budgetBytes = budget,
            seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
            rowsRead = rows,
            mostBytes = most,
            mostBytesOfBudget = (double)most / budget,
            mostUnreadOfBudget = (double)mostUnread / budget,
            readsOfHotDirectory = hits + misses,
            missesOfHotDirectory = misses,
            hotDirectoryCached = end.Directories.Single(d => d.Ino == hot).IsComplete,
            readahead = new { end.ReadaheadIssued, end.ReadaheadUseful, end.ReadaheadWasted },
        };
    }
}
