using System.Diagnostics;
using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.Bench;

/// <summary>
/// Removal of N files in a directory that other gateways view, beside the same under sole caps in the same run; and the share of
/// unlinks that need not wait for their reply, with and without the reference on the victim's link right.
/// </summary>
internal static class SharedUnlinkScenario
{
    private const int WarmUp = 4;
    private const int Counted = 5;

    public static async Task<object> RunAsync(int files, double rttMs, int viewers)
    {
        await using Rig rig = await Rig.StartAsync(rttMs);
        Gateway required = await rig.GatewayAsync(), primary = await rig.GatewayAsync(o => o with { RequireTargetLx = false });
        List<IFileSystemClient> watching = [];
        for (int i = 0; i < viewers; i++)
            watching.Add((await rig.GatewayAsync()).Client);

        rig.Proxy.RoundTrip = TimeSpan.Zero;
        for (int i = 0; i < WarmUp; i++)
        {
            await MeasureAsync(rig, required.Client, [], $"warm-sole{i}", files);
            await MeasureAsync(rig, required.Client, watching, $"warm-viewed{i}", files);
        }
        rig.Proxy.RoundTrip = TimeSpan.FromMilliseconds(rttMs);
        List<Run> sole = [], viewed = [], solePrimary = [], viewedPrimary = [];
        for (int i = 0; i < Counted; i++)
        {
            sole.Add(await MeasureAsync(rig, required.Client, [], $"sole{i}", files));
            viewed.Add(await MeasureAsync(rig, required.Client, watching, $"viewed{i}", files));
            solePrimary.Add(await MeasureAsync(rig, primary.Client, [], $"sole-primary{i}", files));
            viewedPrimary.Add(await MeasureAsync(rig, primary.Client, watching, $"viewed-primary{i}", files));
        }
        double soleSeconds = Median(sole), viewedSeconds = Median(viewed);
        return new
        {
            scenario = "unlink-viewed",
            files,
            rttMs,
            viewers,
            soleSeconds,
            soleRuns = sole.Select(r => r.Seconds).ToArray(),
            viewedSeconds,
            viewedRuns = viewed.Select(r => r.Seconds).ToArray(),
            ratio = viewedSeconds / soleSeconds,
            hitRatio = new
            {
                requireTargetLx = new { sole = Hits(sole), viewed = Hits(viewed) },
                primaryLinkSuffices = new { sole = Hits(solePrimary), viewed = Hits(viewedPrimary) },
            },
            reasons = new { requireTargetLx = Reasons(required), primaryLinkSuffices = Reasons(primary) },
            warmUpRuns = WarmUp,
        };
    }

    private readonly record struct Run(double Seconds, double HitRatio);

    /// <summary>One file in a hundred has a second name, as it is in a real tree: those wait for their reply in any case.</summary>
    private static async Task<Run> MeasureAsync(Rig rig, IFileSystemClient client, List<IFileSystemClient> viewers, string name, int files)
    {
        TimeSpan roundTrip = rig.Proxy.RoundTrip;
        rig.Proxy.RoundTrip = TimeSpan.Zero;
        InodeId dir = await Rig.CreateManyAsync(client, name, Rig.Names(files, Name));
        InodeId links = await Rig.CreateManyAsync(client, name + "-links", []);
        List<DirectoryEntry> entries = await Rig.ListAsync(client, dir);
        foreach (DirectoryEntry entry in entries.Where((_, i) => i % 100 == 0))
            Rig.Must((await client.Link(Caller.Root, new InodeAddress(dir, entry.Name, entry.Attributes.Ino), links, entry.Name).Completion).Errno);
        List<IDirectoryView> views = [];
        foreach (IFileSystemClient viewer in viewers)
        {
            views.Add((await viewer.OpenDirectoryAsync(Caller.Root, dir)).Value!);
            Rig.Must(await views[^1].LoadAsync(0, files));
        }
        entries = await Rig.ListAsync(client, dir);
        rig.Proxy.RoundTrip = roundTrip;
        GatewaySnapshot before = client.Snapshot();
        GC.Collect();
        long started = Stopwatch.GetTimestamp();
        OperationJob job = client.RemoveMany(Caller.Root, dir, entries);
        await job.Completion;
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (job.Done != files)
            throw new InvalidOperationException($"{job.Failed} of {files} failed.");
        foreach (IDirectoryView view in views)
        {
            if (view.Count != 0)
                throw new InvalidOperationException($"A viewer still sees {view.Count} entries after the last reply.");
            view.Dispose();
        }
        GatewaySnapshot after = client.Snapshot();
        long ahead = after.AsynchronousOperations - before.AsynchronousOperations, waited = after.PipelinedOperations - before.PipelinedOperations;
        return new Run(seconds, (double)ahead / (ahead + waited));
    }

    private static double Median(List<Run> runs) => runs.Select(r => r.Seconds).Order().ElementAt(runs.Count / 2);

    private static double Hits(List<Run> runs) => runs.Average(r => r.HitRatio);

    private static Dictionary<string, long> Reasons(Gateway gateway) =>
        gateway.Client.Snapshot().Fallbacks.Where(f => f.Value > 0).ToDictionary(f => f.Key.ToString(), f => f.Value);

    private static string Name(int i) => $"file-{i:D8}.dat";
}
