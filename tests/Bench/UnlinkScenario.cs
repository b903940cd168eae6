using System.Diagnostics;
using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.Bench;

/// <summary>Asynchronous removal of N files to all durable, and to the local return, beside one call at a time on the same setup (a sample of it, scaled).</summary>
internal static class UnlinkScenario
{
    public static async Task<object> RunAsync(int files, double rttMs, int sample)
    {
        await using Rig rig = await Rig.StartAsync(rttMs);
        Gateway gateway = await rig.GatewayAsync();
        IFileSystemClient client = gateway.Client;
        Task<(double, double)> Unlink(string name, int count) => MeasureAsync(rig, client, name, count);

        rig.Proxy.RoundTrip = TimeSpan.Zero;
        for (int i = 0; i < 5; i++)
            await Unlink($"warm{i}", files); // JIT on both sides.
        rig.Proxy.RoundTrip = TimeSpan.FromMilliseconds(rttMs);

        List<(double Local, double Durable)> runs = [];
        for (int i = 0; i < 5; i++)
            runs.Add(await Unlink($"run{i}", files));
        (double local, double durable) = runs.OrderBy(r => r.Durable).ElementAt(runs.Count / 2);

        // One at a time: the next call only after the reply, with the switch off.
        Gateway slow = await rig.GatewayAsync(o => o with { AsyncUnlink = false });
        int count = Math.Min(sample, files);
        InodeId dir = await rig.FillAsync(slow.Client, "sync", Rig.Names(count, Name));
        List<DirectoryEntry> entries = await Rig.ListAsync(slow.Client, dir);
        long started = Stopwatch.GetTimestamp();
        foreach (DirectoryEntry entry in entries)
            Rig.Must((await slow.Client.Remove(Caller.Root, dir, entry).Completion).Errno);
        double syncSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds * files / count;

        return new
        {
            scenario = "unlink",
            files,
            rttMs,
            asyncLocalSeconds = local,
            asyncDurableSeconds = durable,
            asyncDurableRuns = runs.Select(r => r.Durable).ToArray(),
            syncSeconds,
            syncSample = count,
            speedup = syncSeconds / durable,
            asynchronous = client.Snapshot().AsynchronousOperations,
            warmUpRuns = 5,
        };
    }

    private static async Task<(double Local, double Durable)> MeasureAsync(Rig rig, IFileSystemClient client, string name, int files)
    {
        InodeId dir = await rig.FillAsync(client, name, Rig.Names(files, Name));
        List<DirectoryEntry> entries = await Rig.ListAsync(client, dir);
        GC.Collect();
        long started = Stopwatch.GetTimestamp();
        OperationJob job = client.RemoveMany(Caller.Root, dir, entries);
        double local = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await job.Completion;
        double durable = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (job.Done != files)
            throw new InvalidOperationException($"{job.Failed} of {files} failed.");
        return (local, durable);
    }

    private static string Name(int i) => $"file-{i:D8}.dat";
}
