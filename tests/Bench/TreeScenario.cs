using System.Diagnostics;
using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.Bench;

/// <summary>Removal of a tree as one job to all durable, beside one call at a time on the same setup (a smaller tree of the same shape, scaled by calls).</summary>
internal static class TreeScenario
{
    private const int WarmUp = 4;
    private const int Counted = 5;
    private const int FanOut = 10;

    public static async Task<object> RunAsync(int files, int directories, double rttMs, int sample)
    {
        await using Rig rig = await Rig.StartAsync(rttMs);
        Gateway maker = await rig.GatewayAsync();
        List<double> runs = [];
        GatewaySnapshot after = maker.Client.Snapshot();
        long asynchronous = 0;
        for (int i = 0; i < WarmUp + Counted; i++)
        {
            rig.Proxy.RoundTrip = TimeSpan.Zero;
            InodeAddress tree = await MakeAsync(maker.Client, $"tree{i}", files, directories);
            // Another gateway: nothing is cached, and the maker's caps must be taken back first, as for any visitor.
            Gateway remover = await rig.GatewayAsync();
            rig.Proxy.RoundTrip = i < WarmUp ? TimeSpan.Zero : TimeSpan.FromMilliseconds(rttMs);
            GC.Collect();
            long started = Stopwatch.GetTimestamp();
            OperationJob job = remover.Client.RemoveTree(Caller.Root, tree);
            await job.Completion;
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (job.Done != files + directories + 1)
                throw new InvalidOperationException($"{job.Done} of {files + directories + 1} removed, {job.Failed} failed.");
            if (i >= WarmUp)
                runs.Add(seconds);
            after = remover.Client.Snapshot();
            asynchronous = after.AsynchronousOperations;
            await rig.CloseAsync(remover);
        }
        rig.Proxy.RoundTrip = TimeSpan.Zero;
        Gateway slow = await rig.GatewayAsync(o => o with { AsyncUnlink = false });
        int sampleDirectories = Math.Max(1, sample * directories / (files + directories));
        int sampleFiles = sampleDirectories * files / directories;
        InodeAddress small = await MakeAsync(maker.Client, "small", sampleFiles, sampleDirectories);
        rig.Proxy.RoundTrip = TimeSpan.FromMilliseconds(rttMs);
        long begun = Stopwatch.GetTimestamp();
        await RemoveOneAtATimeAsync(slow.Client, small);
        double scale = (double)(files + directories + 1) / (sampleFiles + sampleDirectories + 1);
        double syncSeconds = Stopwatch.GetElapsedTime(begun).TotalSeconds * scale;
        double median = runs.Order().ElementAt(runs.Count / 2);
        return new
        {
            scenario = "tree",
            files,
            directories,
            rttMs,
            removeSeconds = median,
            removeRuns = runs.ToArray(),
            syncSeconds,
            syncSample = sampleFiles + sampleDirectories + 1,
            speedup = syncSeconds / median,
            asynchronous,
            fallbacks = after.Fallbacks.Where(f => f.Value > 0).ToDictionary(f => f.Key.ToString(), f => f.Value),
            warmUpRuns = WarmUp,
        };
    }

    /// <summary>Ten directories in each directory, the files spread evenly.</summary>
    private static async Task<InodeAddress> MakeAsync(IFileSystemClient client, string name, int files, int directories)
    {
        InodeId root = await MakeDirectoryAsync(client, InodeId.Root, name);
        List<InodeId> made = [root];
        for (int level = 0; made.Count < directories + 1;)
        {
            int first = made.Count;
            int count = Math.Min(directories + 1 - first, (first - level) * FanOut);
            Task<InodeId>[] next = [.. Enumerable.Range(0, count).Select(i => MakeDirectoryAsync(client, made[level + (i / FanOut)], $"d{i % FanOut}"))];
            made.AddRange(await Task.WhenAll(next));
            level = first;
        }
        Task<FsResult<InodeAttributes?>>[] creates = [.. Enumerable.Range(0, files)
            .Select(i => client.CreateFile(Caller.Root, made[1 + (i % directories)], FileName.Create($"file-{i:D6}"), 0x1A4).Completion)];
        foreach (FsResult<InodeAttributes?> created in await Task.WhenAll(creates))
            Rig.Must(created.Errno);
        return new InodeAddress(InodeId.Root, FileName.Create(name), root);
    }

    private static async Task<InodeId> MakeDirectoryAsync(IFileSystemClient client, InodeId parent, string name)
    {
        FsResult<InodeAttributes?> made = await client.MakeDirectory(Caller.Root, parent, FileName.Create(name), 0x1FF).Completion;
        Rig.Must(made.Errno);
        return made.Value!.Ino;
    }

    /// <summary>As a recursive delete over blocking calls: list, remove what is in it, remove it.</summary>
    private static async Task RemoveOneAtATimeAsync(IFileSystemClient client, InodeAddress tree)
    {
        foreach (DirectoryEntry entry in await Rig.ListAsync(client, tree.Ino))
        {
            if (entry.Attributes.IsDirectory)
                await RemoveOneAtATimeAsync(client, new InodeAddress(tree.Ino, entry.Name, entry.Attributes.Ino));
            else
                Rig.Must((await client.Remove(Caller.Root, tree.Ino, entry).Completion).Errno);
        }
        DirectoryEntry self = new(tree.Name, new InodeAttributes { Ino = tree.Ino, Mode = InodeAttributes.ModeOf(FileKind.Directory, 0x1FF) });
        Rig.Must((await client.Remove(Caller.Root, tree.Dir, self).Completion).Errno);
    }
}
