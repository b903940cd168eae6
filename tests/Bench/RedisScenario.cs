using System.Diagnostics;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Bench;

/// <summary>A cold gateway lists a directory that another one has listed: from the MDS alone, and with a warm Redis.</summary>
internal static class RedisScenario
{
    public static async Task<object> RunAsync(int entries, double rttMs)
    {
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using Rig rig = await Rig.StartAsync(rttMs);
        Gateway maker = await rig.GatewayAsync();
        InodeId dir = await rig.FillAsync(maker.Client, "big", Rig.Names(entries, ReaddirScenario.Name));
        // What does not fit into the queue of writes is written by the next listing.
        long pages, missed, passes = 0;
        do
        {
            Gateway warming = await rig.GatewayAsync(o => o with { Redis = redis.Address, SharedCacheTimeout = TimeSpan.FromSeconds(1) });
            (_, GatewaySnapshot listed) = await ListAsync(warming, dir);
            (pages, missed) = (listed.CachedPages, listed.SharedCache!.Reads.Misses + listed.SharedCache.Bypassed);
            long written = -1;
            while (warming.Client.Snapshot().SharedCache!.Writes is var now && now != written)
            {
                written = now;
                await Task.Delay(300);
            }
            await rig.CloseAsync(warming);
        }
        while (missed > 0 && ++passes < 10);

        List<(double Seconds, long MdsBytes, GatewaySnapshot Snapshot)> warm = [], cold = [];
        for (int i = 0; i < 5; i++)
        {
            cold.Add(await MeasureAsync(rig, dir, null));
            warm.Add(await MeasureAsync(rig, dir, redis.Address));
        }
        (double coldSeconds, long coldBytes, _) = cold.OrderBy(r => r.Seconds).ElementAt(2);
        (double warmSeconds, _, GatewaySnapshot snapshot) = warm.OrderBy(r => r.Seconds).ElementAt(2);
        SharedCacheSnapshot shared = snapshot.SharedCache!;
        return new
        {
            scenario = "redis",
            entries,
            rttMs,
            pages,
            passesToWarmIt = passes,
            coldSeconds,
            warmSeconds,
            warmRequests = warm.Select(r => r.Snapshot.Requests).ToArray(),
            fromRedis = warm.Select(r => r.Snapshot.SharedCache!.Reads.Hits).ToArray(),
            bypassed = warm.Select(r => r.Snapshot.SharedCache!.Bypassed).ToArray(),
            mdsBytesCold = coldBytes,
            mdsBytesShare = warm.Select(r => (double)r.MdsBytes / coldBytes).ToArray(),
            pagesFromMdsShare = warm.Select(r => 1 - ((double)r.Snapshot.SharedCache!.Reads.Hits / pages)).ToArray(),
            rejected = shared.Rejected,
        };
    }

    private static async Task<(double Seconds, long MdsBytes, GatewaySnapshot Snapshot)> MeasureAsync(Rig rig, InodeId dir, string? redis)
    {
        Gateway gateway = await rig.GatewayAsync(o => o with { Redis = redis });
        long before = rig.Proxy.BytesForwarded;
        (double seconds, GatewaySnapshot snapshot) = await ListAsync(gateway, dir);
        long bytes = rig.Proxy.BytesForwarded - before;
        await rig.CloseAsync(gateway);
        return (seconds, bytes, snapshot);
    }

    private static async Task<(double Seconds, GatewaySnapshot Snapshot)> ListAsync(Gateway gateway, InodeId dir)
    {
        long started = Stopwatch.GetTimestamp();
        using IDirectoryView view = (await gateway.Client.OpenDirectoryAsync(Caller.Root, dir, whole: true)).Value!;
        Rig.Must(await view.LoadAsync(0, view.Count));
        return (Stopwatch.GetElapsedTime(started).TotalSeconds, gateway.Client.Snapshot());
    }
}
