using System.Diagnostics;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.Administration;
using Capstan.WebUi.Hosting;

namespace Capstan.Bench;

/// <summary>
/// What the cache page costs a gateway with a million cached entries, ten thousand directories and ten thousand pending operations: processor time
/// of this process with the history alone (nobody looks), and with one viewer's reads at the page's own pace. The browser's circuit is not in it.
/// </summary>
internal static class DashboardScenario
{
    private const int Tick = 500;
    private const int WarmUp = 100;
    private const int SamplesTimed = 1000;
    private const int ReadingsTimed = 20;
    private const int SettleSeconds = 4;

    public static async Task<object> RunAsync(int entries, int directories, int pending, int seconds)
    {
        await using Rig rig = await Rig.StartAsync(0);
        Gateway gateway = await rig.GatewayAsync();
        IFileSystemClient client = gateway.Client;
        InodeId many = await Rig.CreateManyAsync(client, "many", Rig.Names(entries, i => $"file-{i:D7}"));
        await Rig.ListAsync(client, many);
        PendingOperation[] made = [.. Enumerable.Range(0, directories).Select(i => client.MakeDirectory(Caller.Root, InodeId.Root, FileName.Create($"directory-{i:D5}"), 0x1FF))];
        foreach (PendingOperation directory in made)
            await Rig.ListAsync(client, (await directory.Completion).Value!.Ino);
        InodeId busy = await Rig.CreateManyAsync(client, "busy", Rig.Names(pending, i => $"file-{i:D5}"));
        List<DirectoryEntry> gone = await Rig.ListAsync(client, busy);
        rig.Proxy.Stalled = true;
        OperationJob job = client.RemoveMany(Caller.Root, busy, gone);
        GatewaySnapshot figures = gateway.Administration.Figures();

        CacheHistory history = new(gateway.Administration, TimeProvider.System);
        double idle = await ShareOfACoreAsync(seconds, (_, _) => Task.CompletedTask);
        for (int i = 0; i < WarmUp; i++)
            history.Sample();
        long sampling = Stopwatch.GetTimestamp();
        for (int i = 0; i < SamplesTimed; i++)
            history.Sample();
        double sampleMicroseconds = Math.Round(Stopwatch.GetElapsedTime(sampling).TotalMicroseconds / SamplesTimed, 1);
        double alone = await ShareOfACoreAsync(seconds, (tick, _) =>
        {
            if (tick % 2 == 0)
                history.Sample();
            return Task.CompletedTask;
        });
        string audit = Path.Combine(rig.DataDirectory, "audit");
        CacheTables tables = new(gateway.Administration, new Administrators(new Root()), new AuditLog(audit, TimeProvider.System));
        Dictionary<string, double> viewed = [], readMilliseconds = [];
        double longest = 0;
        foreach (string id in new[] { CacheTables.Directories, "caps" })
        {
            CacheViewModel model = new(gateway.Administration, history);
            IDataTable table = tables.Make(id)!;
            RefreshPace pace = new(TimeProvider.System);
            // A viewer stays: what is compiled, and compiled again because it is used often, is not counted.
            for (int i = 0; i < WarmUp; i++)
            {
                model.Refresh();
                await table.RefreshAsync(default);
                table.Window(0, 60);
            }
            long reading = Stopwatch.GetTimestamp();
            for (int i = 0; i < ReadingsTimed; i++)
                await table.RefreshAsync(default);
            readMilliseconds[id] = Math.Round(Stopwatch.GetElapsedTime(reading).TotalMilliseconds / ReadingsTimed, 2);
            async Task LookAsync(int tick, CancellationToken cancellation)
            {
                long started = Stopwatch.GetTimestamp();
                model.Refresh();
                if (tick % 2 == 0)
                {
                    history.Sample();
                    (IReadOnlyList<HistorySample> samples, _) = history.Read(HistoryRange.FiveMinutes);
                    foreach (ChartSpec chart in ChartSpec.All)
                        chart.Points([.. samples.TakeLast(2)]);
                }
                if (tick % 4 == 0 && await pace.RefreshAsync(table, cancellation))
                    table.Window(0, 60);
                longest = Math.Max(longest, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            await ShareOfACoreAsync(SettleSeconds, LookAsync);
            longest = 0;
            viewed[id] = await ShareOfACoreAsync(seconds, LookAsync);
        }
        rig.Proxy.Stalled = false;
        await job.Completion;
        return new
        {
            scenario = "dashboard",
            cachedEntries = figures.CachedEntries,
            directoriesKnown = figures.DirectoriesKnown,
            capRecords = figures.CapRecords,
            pending = figures.PendingOperations,
            percentOfACore = new { gatewayAlone = idle, withHistory = alone, withViewerOfDirectories = viewed[CacheTables.Directories], withViewerOfCaps = viewed["caps"] },
            sampleMicroseconds,
            readMilliseconds,
            longestTickMs = Math.Round(longest, 1),
            seconds,
        };
    }

    private sealed class Root : ICallerProvider
    {
        public Caller Caller => Caller.Root;
    }

    private static async Task<double> ShareOfACoreAsync(int seconds, Func<int, CancellationToken, Task> tick)
    {
        await tick(0, default); // What is compiled now is not counted.
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(Tick));
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < seconds * 1000 / Tick; i++)
        {
            await timer.WaitForNextTickAsync();
            await tick(i, default);
        }
        return Math.Round((Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds / Stopwatch.GetElapsedTime(started).TotalSeconds * 100, 2);
    }
}
