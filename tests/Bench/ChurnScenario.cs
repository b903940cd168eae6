using System.Diagnostics;
using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.Bench;

/// <summary>One gateway changes a directory as fast as asked while another's sorted view of it is read ten times a second's worth of viewports; at the end the view must equal the tree.</summary>
internal static class ChurnScenario
{
    public static async Task<object> RunAsync(int entries, int changesPerSecond, int seconds)
    {
        await using Rig rig = await Rig.StartAsync(0);
        Gateway writer = await rig.GatewayAsync(), reader = await rig.GatewayAsync();
        InodeId dir = await rig.FillAsync(writer.Client, "churn", Rig.Names(entries, ReaddirScenario.Name));
        using IDirectoryView stored = (await reader.Client.OpenDirectoryAsync(Caller.Root, dir)).Value!;
        using IArrangedView view = stored.Arranged(new ViewSpec(SortColumn.Name, true));
        Rig.Must(await view.WhenReadyAsync());
        using CancellationTokenSource stop = new();
        List<double> times = [];
        Task reading = Task.Run(async () =>
        {
            Random random = new(1);
            List<DirectoryRow> rows = new(50);
            while (!stop.IsCancellationRequested)
            {
                rows.Clear();
                long started = Stopwatch.GetTimestamp();
                view.TryRead(random.NextInt64(Math.Max(1, view.Count - 50)), 50, rows);
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                await Task.Delay(10);
            }
        });

        long begun = Stopwatch.GetTimestamp();
        Queue<(DirectoryEntry Entry, Task<FsResult<InodeAttributes?>> Made)> made = [];
        List<Task<FsResult<InodeAttributes?>>> removed = [];
        int changes = 0;
        while (Stopwatch.GetElapsedTime(begun).TotalSeconds < seconds)
        {
            int due = (int)(Stopwatch.GetElapsedTime(begun).TotalSeconds * changesPerSecond);
            for (; changes < due; changes++)
            {
                FileName name = FileName.Create($"churn-{(changes * 2654435761L) % 1_000_003:D7}-{changes}");
                if (changes % 2 == 0 || !made.TryPeek(out var oldest) || !oldest.Made.IsCompleted)
                {
                    made.Enqueue((new DirectoryEntry(name, null!), writer.Client.CreateFile(Caller.Root, dir, name, 0x1A4).Completion));
                    continue;
                }
                made.Dequeue();
                removed.Add(writer.Client.Remove(Caller.Root, dir, new DirectoryEntry(oldest.Entry.Name, oldest.Made.Result.Value!)).Completion);
            }
            await Task.Delay(1);
        }
        await Task.WhenAll(made.Select(m => m.Made).Concat(removed));
        double elapsed = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        await stop.CancelAsync();
        await reading;

        HashSet<FileName> tree = [.. (await Rig.ListAsync(writer.Client, dir)).Select(e => e.Name)];
        List<DirectoryRow> all = [];
        bool isReady = view.State == ArrangementState.Ready && view.TryRead(0, int.MaxValue, all);
        times.Sort();
        return new
        {
            scenario = "churn",
            entries,
            changes,
            changesPerSecond = changes / elapsed,
            viewportReads = times.Count,
            viewportMedianMs = times[times.Count / 2],
            viewportP99Ms = times[times.Count * 99 / 100],
            viewportMaxMs = times[^1],
            viewEqualsTree = isReady && all.Count == tree.Count && all.TrueForAll(row => tree.Contains(row.Entry.Name)),
            deltaGaps = reader.Client.Snapshot().DeltaGaps,
        };
    }
}
