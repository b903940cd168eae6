using System.Diagnostics;
using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.Bench;

/// <summary>A directory of N entries: cold with the first rows and all of it, again under caps, requests counted, bytes an entry.</summary>
internal static class ReaddirScenario
{
    public static async Task<object> RunAsync(int entries, double rttMs)
    {
        await using Rig rig = await Rig.StartAsync(rttMs);
        Gateway maker = await rig.GatewayAsync();
        InodeId dir = await rig.FillAsync(maker.Client, "big", Rig.Names(entries, Name));
        InodeId small = await rig.FillAsync(maker.Client, "small", Rig.Names(200_000, Name));
        rig.Proxy.RoundTrip = TimeSpan.Zero;
        for (int i = 0; i < 5; i++)
            await ScanAsync(await rig.GatewayAsync(), small);
        rig.Proxy.RoundTrip = TimeSpan.FromMilliseconds(rttMs);

        List<Scan> scans = [];
        IFileSystemClient last = maker.Client;
        for (int i = 0; i < 5; i++)
        {
            Gateway cold = await rig.GatewayAsync();
            GC.Collect();
            scans.Add(await ScanAsync(cold, dir));
            last = cold.Client;
        }
        Scan median = scans.OrderBy(s => s.All).ElementAt(scans.Count / 2);
        GatewaySnapshot before = last.Snapshot();
        using IDirectoryView again = (await last.OpenDirectoryAsync(Caller.Root, dir)).Value!;
        Rig.Must(await again.LoadAsync(0, entries));
        long againRequests = last.Snapshot().Requests - before.Requests;
        return new
        {
            scenario = "readdir",
            entries,
            rttMs,
            coldSeconds = median.All,
            coldRuns = scans.Select(s => s.All).ToArray(),
            firstRowsSeconds = median.First,
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

    /// <summary>16 to 30 bytes, mixed: what cameras, scanners and exports leave behind.</summary>
    public static string Name(int i) => (i % 4) switch
    {
        0 => $"img_{i:D8}.jpg",
        1 => $"scan-2026-{i:D8}.tif",
        2 => $"export_{i * 2654435761L % 1_000_000_007:D10}_{i:D7}.csv",
        _ => $"IMG{i:D8}-edited.png",
    };
}
