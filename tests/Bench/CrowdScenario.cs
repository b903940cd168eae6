using System.Diagnostics;
using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.Bench;

/// <summary>
/// Many gateways open the same large directory at once, and want all of it; one more only looks: it jumps to rows that it has not seen. What the crowd costs the MDS in memory, and what it
/// costs the one who looks, against the same jumps on an idle MDS.
/// </summary>
internal static class CrowdScenario
{
    private const int Jumps = 200;

    public static async Task<object> RunAsync(int gateways, int entries)
    {
        await using Rig rig = await Rig.StartAsync(0);
        Gateway maker = await rig.GatewayAsync(o => o with { PageBudgetBytes = 16L << 20 });
        InodeId dir = await rig.FillAsync(maker.Client, "crowded", Rig.Names(entries, ReaddirScenario.Name));
        await rig.CloseAsync(maker);
        Gateway viewer = await rig.GatewayAsync();
        Random random = new(1);
        await JumpAsync(viewer, dir, entries, random, () => true);
        double[] idle = await JumpAsync(viewer, dir, entries, random, () => true);

        long before = rig.MdsResidentBytes, peak = before;
        List<Gateway> crowd = [];
        for (int i = 0; i < gateways; i++)
            crowd.Add(await rig.GatewayAsync(o => o with { PageBudgetBytes = 256L << 20 }));
        long started = Stopwatch.GetTimestamp();
        double[] firstRows = new double[gateways];
        Task loading = Task.WhenAll(crowd.Select((gateway, i) => Task.Run(async () =>
        {
            using (IDirectoryView view = (await gateway.Client.OpenDirectoryAsync(Caller.Root, dir, whole: true)).Value!)
            {
                firstRows[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                Rig.Must(await view.LoadAsync(0, view.Count));
            }
            gateway.Administration.Limits = gateway.Administration.Limits with { PageBudgetBytes = 0 }; // The memory of this process is not what is measured.
        })));
        Task watching = Task.Run(async () =>
        {
            while (!loading.IsCompleted)
            {
                peak = Math.Max(peak, rig.MdsResidentBytes);
                await Task.Delay(20);
            }
        });
        double[] crowded = await JumpAsync(viewer, dir, entries, random, () => !loading.IsCompleted);
        await loading;
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await watching;
        return new
        {
            scenario = "crowd",
            gateways,
            entries,
            seconds,
            entriesPerSecond = (double)gateways * entries / seconds,
            mdsResidentBefore = before,
            mdsResidentPeak = peak,
            mdsGrowthPerGateway = (peak - before) / gateways,
            firstRowsMedianMs = At(firstRows, 0.5),
            firstRowsWorstMs = firstRows.Max(),
            jumpIdleMedianMs = At(idle, 0.5),
            jumpIdle99Ms = At(idle, 0.99),
            jumpsInTheCrowd = crowded.Length,
            jumpCrowdedMedianMs = crowded.Length == 0 ? (double?)null : At(crowded, 0.5),
            jumpCrowded99Ms = crowded.Length == 0 ? (double?)null : At(crowded, 0.99),
            medianRatio = crowded.Length == 0 ? (double?)null : At(crowded, 0.5) / At(idle, 0.5),
        };
    }

    private static async Task<double[]> JumpAsync(Gateway viewer, InodeId dir, int entries, Random random, Func<bool> goesOn)
    {
        using IDirectoryView view = (await viewer.Client.OpenDirectoryAsync(Caller.Root, dir)).Value!;
        List<double> times = [];
        while (times.Count < Jumps && goesOn())
        {
            viewer.Administration.Limits = viewer.Administration.Limits with { PageBudgetBytes = 0 };
            viewer.Administration.Limits = viewer.Administration.Limits with { PageBudgetBytes = 64L << 20 };
            long started = Stopwatch.GetTimestamp();
            Rig.Must((await view.ReadAsync(random.NextInt64(entries - 50), 50)).Errno);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            await Task.Delay(5);
        }
        return [.. times];
    }

    private static double At(IReadOnlyCollection<double> times, double part) => times.Order().ElementAt((int)(times.Count * part));
}
