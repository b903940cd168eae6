using System.Diagnostics;
using System.Globalization;
using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.Bench;

/// <summary>A directory of N entries: cold with the first rows and all of it, again under caps, requests counted, bytes an entry.</summary>
internal static class ReaddirScenario
{
    private const int Runs = 5;

    public static async Task<object> RunAsync(int entries, double rttMs)
    {
        await using Rig rig = await Rig.StartAsync(rttMs);
        Gateway maker = await rig.GatewayAsync();
        InodeId dir = await rig.FillAsync(maker.Client, "big", Rig.Names(entries, Name));
        Dictionary<int, InodeId> sizes = [];
        foreach (int size in new[] { 1_000, 100_000 })
            sizes.Add(size, await rig.FillAsync(maker.Client, $"of-{size}", Rig.Names(size, Name)));
        sizes[entries] = dir;
        rig.Proxy.RoundTrip = TimeSpan.Zero;
        for (int i = 0; i < 5; i++)
            await ScanAsync(await rig.GatewayAsync(), dir);
        rig.Proxy.RoundTrip = TimeSpan.FromMilliseconds(rttMs);

        List<Scan> scans = [];
        IFileSystemClient last = maker.Client;
        for (int i = 0; i < Runs; i++)
        {
            Gateway cold = await rig.GatewayAsync();
            GC.Collect();
            scans.Add(await ScanAsync(cold, dir));
            last = cold.Client;
        }
        Dictionary<string, double> firstRows = [];
        foreach ((int size, InodeId directory) in sizes)
            firstRows[size.ToString(CultureInfo.InvariantCulture)] = await MedianAsync(async () => (await ScanAsync(await rig.GatewayAsync(), directory)).First);
        double jump = await MedianAsync(async () => await JumpAsync(await rig.GatewayAsync(), dir, entries / 2));
        Scan median = scans.OrderBy(s => s.All).ElementAt(scans.Count / 2);
        GatewaySnapshot before = last.Snapshot();
        using IDirectoryView again = (await last.OpenDirectoryAsync(Caller.Root, dir)).Value!;
        Rig.Must(await again.LoadAsync(0, entries));
        long againRequests = last.Snapshot().Requests - before.Requests;
        (double viewportMicros, double viewportBytes) = Viewport(again, entries);
        return new
        {
            scenario = "readdir",
            entries,
            rttMs,
            coldSeconds = median.All,
            coldRuns = scans.Select(s => s.All).ToArray(),
            firstRowsSeconds = median.First,
            firstRowsBySize = firstRows,
            jumpSeconds = jump,
            viewportMicros,
            viewportBytesPerRow = viewportBytes,
            entriesPerSecond = entries / median.All,
            requests = median.Requests,
            sequentialRoundTrips = median.Sequential,
            againRequests,
            bytesPerEntry = (double)before.CachedBytes / entries,
            warmUpRuns = 5,
        };
    }

    private readonly record struct Scan(double First, double All, long Requests, long Sequential);

    private static async Task<Scan> ScanAsync(Gateway gateway, InodeId dir)
    {
        GatewaySnapshot before = gateway.Client.Snapshot();
        long started = Stopwatch.GetTimestamp();
        using IDirectoryView view = (await gateway.Client.OpenDirectoryAsync(Caller.Root, dir, whole: true)).Value!;
        Rig.Must((await view.ReadAsync(0, 50)).Errno);
        double first = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Rig.Must(await view.LoadAsync(0, view.Count));
        double all = Stopwatch.GetElapsedTime(started).TotalSeconds;
        GatewaySnapshot after = gateway.Client.Snapshot();
        return new Scan(first, all, after.Requests - before.Requests, after.SequentialRoundTrips - before.SequentialRoundTrips);
    }

    private static async Task<double> MedianAsync(Func<Task<double>> run)
    {
        List<double> times = [];
        for (int i = 0; i < Runs; i++)
        {
            GC.Collect();
            times.Add(await run());
        }
        return times.Order().ElementAt(times.Count / 2);
    }

    /// <summary>50 rows in the middle of a directory that has just been opened.</summary>
    private static async Task<double> JumpAsync(Gateway gateway, InodeId dir, long rank)
    {
        using IDirectoryView view = (await gateway.Client.OpenDirectoryAsync(Caller.Root, dir)).Value!;
        long started = Stopwatch.GetTimestamp();
        Rig.Must((await view.ReadAsync(rank, 50)).Errno);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>50 rows from the cache, from anywhere: the median of the time, and what is allocated for each, all of it.</summary>
    private static (double Micros, double BytesPerRow) Viewport(IDirectoryView view, int entries)
    {
        const int Reads = 10_000;
        Random random = new(2);
        List<DirectoryRow> rows = new(50);
        List<double> times = [];
        long allocated = 0;
        for (int i = 0; i < 2 * Reads; i++)
        {
            long first = random.Next(entries - 50);
            rows.Clear();
            long bytes = GC.GetAllocatedBytesForCurrentThread(), started = Stopwatch.GetTimestamp();
            if (!view.TryRead(first, 50, rows))
                throw new InvalidOperationException("A row is not cached.");
            double micros = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
            if (i < Reads)
                continue;
            allocated += GC.GetAllocatedBytesForCurrentThread() - bytes;
            times.Add(micros);
        }
        return (times.Order().ElementAt(Reads / 2), (double)allocated / Reads / 50);
    }

    /// <summary>16 to 30 bytes, mixed: what cameras, scanners and exports leave behind.</summary>
    public static string Name(int i) => (i % 4) switch
    {
        0 => $"img_{i:D8}.jpg",
        1 => $"scan-2026-{i:D8}.tif",
        2 => $"export_{i * 2654435761L % 1_000_000_007:D10}_{i:D7}.csv",
        _ => $"IMG{i:D8}-edited.png",
    };
}
