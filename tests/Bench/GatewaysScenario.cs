using System.Diagnostics;
using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.Bench;

/// <summary>Many gateways, each with directories of its own that it holds and works in: what a held directory costs the MDS, and whether anybody starves.</summary>
internal static class GatewaysScenario
{
    /// <summary>Held besides those that are worked in, for a growth of memory that stands out from what a garbage collector leaves lying about.</summary>
    private const int More = 400;

    private static readonly TimeSpan Load = TimeSpan.FromSeconds(15);

    public static async Task<object> RunAsync(int count, int directories, double rttMs)
    {
        await using Rig rig = await Rig.StartAsync(0);
        Gateway maker = await rig.GatewayAsync();
        InodeId[][] own = new InodeId[count][];
        for (int i = 0; i < count; i++)
        {
            InodeId home = await Rig.CreateManyAsync(maker.Client, $"gateway-{i}", []);
            Task<FsResult<InodeAttributes?>>[] made = [.. Enumerable.Range(0, directories + More).Select(d => maker.Client.MakeDirectory(Caller.Root, home, FileName.Create($"d{d}"), 0x1FF).Completion)];
            own[i] = [.. (await Task.WhenAll(made)).Select(m => m.Value!.Ino)];
        }
        await rig.CloseAsync(maker);
        List<Gateway> gateways = [];
        for (int i = 0; i < count; i++)
            gateways.Add(await rig.GatewayAsync(o => o with { PageBudgetBytes = 4L << 20 }));

        // Two rounds: one that warms up what every listing needs, however many are held; the second counts.
        await HoldAsync(gateways, own, 0, directories);
        await SettleAsync();
        long before = rig.MdsResidentBytes;
        await HoldAsync(gateways, own, directories, More);
        await SettleAsync();
        long after = rig.MdsResidentBytes;
        double bytes = (double)(after - before) / (count * More);

        rig.Proxy.RoundTrip = TimeSpan.FromMilliseconds(rttMs);
        InodeId[][] worked = [.. own.Select(o => o[..directories])];
        await WorkAsync(gateways, worked, TimeSpan.FromSeconds(3));
        int[] done = await WorkAsync(gateways, worked, Load);
        double mean = done.Average();
        return new
        {
            scenario = "gateways",
            count,
            directories,
            rttMs,
            residentBytesPerHeldDirectory = bytes,
            residentGrowthBytes = after - before,
            residentBytes = after,
            heldDirectories = count * More,
            operationsPerSecond = done.Sum() / Load.TotalSeconds,
            slowest = done.Min(),
            mean,
            fastest = done.Max(),
            ratio = done.Min() / mean,
            loadSeconds = Load.TotalSeconds,
        };
    }

    private static async Task SettleAsync() => await Task.Delay(TimeSpan.FromSeconds(3));

    private static Task HoldAsync(List<Gateway> gateways, InodeId[][] own, int first, int count) => Task.WhenAll(gateways.Select(async (gateway, i) =>
    {
        foreach (InodeId dir in own[i].Skip(first).Take(count))
        {
            using IDirectoryView view = (await gateway.Client.OpenDirectoryAsync(Caller.Root, dir)).Value!;
        }
    }));

    private static Task<int[]> WorkAsync(List<Gateway> gateways, InodeId[][] own, TimeSpan time)
    {
        long until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        return Task.WhenAll(gateways.Select((gateway, i) => Task.Run(() => WorkAsync(gateway.Client, own[i], i, until))));
    }

    /// <summary>Creates, listings and deletes in a directory of one's own, and now and then a look into somebody else's. Counts what was confirmed.</summary>
    private static async Task<int> WorkAsync(IFileSystemClient client, InodeId[] own, int seed, long until)
    {
        Random random = new(seed);
        int done = 0;
        while (Stopwatch.GetTimestamp() < until)
        {
            InodeId dir = own[random.Next(own.Length)];
            Task<FsResult<InodeAttributes?>>[] creates = [.. Enumerable.Range(0, 8).Select(i => client.CreateFile(Caller.Root, dir, FileName.Create($"f{i}"), 0x1A4).Completion)];
            await Task.WhenAll(creates);
            List<DirectoryEntry> entries = await Rig.ListAsync(client, dir);
            OperationJob job = client.RemoveMany(Caller.Root, dir, entries);
            await job.Completion;
            done += creates.Length + 1 + job.Done;
            if (random.Next(10) == 0)
            {
                Rig.Must((await client.StatFsAsync(Caller.Root)).Errno);
                done++;
            }
        }
        return done;
    }
}
