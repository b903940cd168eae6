using System.Diagnostics;
using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.Bench;

/// <summary>A second gateway lists a directory in which the first has N unlinks in flight: how long that takes, and whether what it sees is the state after some number of them.</summary>
internal static class RevokeScenario
{
    private const int WarmUp = 40;
    private const int Counted = 30;
    private const int Kept = 200;

    public static async Task<object> RunAsync(int files, double rttMs)
    {
        await using Rig rig = await Rig.StartAsync(rttMs);
        Gateway remover = await rig.GatewayAsync(), reader = await rig.GatewayAsync();
        List<Run> runs = [];
        for (int i = 0; i < WarmUp + Counted; i++)
        {
            // From a little before the unlinks to a whole round trip behind them, so that it meets them in every stage.
            Run run = await MeasureAsync(rig, remover.Client, reader.Client, $"run{i}", files, i < WarmUp ? 0 : (i - WarmUp - (Counted / 3)) * rttMs * 1.5 / Counted);
            if (i >= WarmUp)
                runs.Add(run);
        }
        double[] seconds = [.. runs.Select(r => r.Seconds).Order()];
        return new
        {
            scenario = "revoke",
            files,
            rttMs,
            listedSeconds = seconds[seconds.Length / 2],
            listedRuns = runs.Select(r => r.Seconds).ToArray(),
            roundTrips = seconds[seconds.Length / 2] * 1000 / rttMs,
            roundTrips90 = seconds[(seconds.Length - 1) * 9 / 10] * 1000 / rttMs,
            roundTripsMax = seconds[^1] * 1000 / rttMs,
            withinFive = seconds.Count(s => s * 1000 / rttMs <= 5),
            revokeMs = remover.Client.Snapshot().LastRevokeLatency.TotalMilliseconds,
            seen = runs.Select(r => r.Seen).ToArray(),
            halfStates = runs.Count(r => !r.IsPrefix),
            warmUpRuns = WarmUp,
        };
    }

    private readonly record struct Run(double Seconds, int Seen, bool IsPrefix);

    private static async Task<Run> MeasureAsync(Rig rig, IFileSystemClient remover, IFileSystemClient reader, string name, int files, double laterMs)
    {
        InodeId dir = await rig.FillAsync(remover, name, Rig.Names(files + Kept, Name));
        List<DirectoryEntry> entries = await Rig.ListAsync(remover, dir);
        // In an order that is not that of the listing: a prefix of it leaves holes everywhere.
        DirectoryEntry[] order = [.. entries.OrderBy(e => (uint)e.Attributes.Ino.GetHashCode() * 2654435761u).Take(files)];
        GC.Collect(); // What filling the directory has left is nobody's wait.
        Task<OperationJob> removing = Task.Run(async () =>
        {
            await WaitAsync(-laterMs);
            return remover.RemoveMany(Caller.Root, dir, order);
        });
        await WaitAsync(laterMs);
        long started = Stopwatch.GetTimestamp();
        using IDirectoryView view = (await reader.OpenDirectoryAsync(Caller.Root, dir, whole: true)).Value!;
        FsResult<IReadOnlyList<DirectoryRow>> rows = await view.ReadAsync(0, files + Kept);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        OperationJob job = await removing;
        Rig.Must(rows.Errno);
        HashSet<FileName> seen = [.. rows.Value!.Select(r => r.Entry.Name)];
        int removed = files + Kept - seen.Count;
        bool isPrefix = order[..removed].All(e => !seen.Contains(e.Name)) && order[removed..].All(e => seen.Contains(e.Name));
        await job.Completion;
        if (job.Done != files)
            throw new InvalidOperationException($"{job.Failed} of {files} failed.");
        return new Run(seconds, seen.Count, isPrefix);
    }

    private static async Task WaitAsync(double milliseconds)
    {
        long until = Stopwatch.GetTimestamp() + (long)(milliseconds / 1000 * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < until)
            await Task.Yield();
    }

    private static string Name(int i) => $"file-{i:D6}.dat";
}
