using System.Diagnostics;
using System.Text;
using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.Bench;

/// <summary>
/// unlink x, create x, write x, over and over, on several names at once, without waiting for the unlink, while the line's delay changes at random:
/// what is read under the name is what was written last.
/// </summary>
internal static class RecreateScenario
{
    private const int Names = 256;
    private const int ReadEvery = 16;

    public static async Task<object> RunAsync(int times, double jitterMs)
    {
        await using Rig rig = await Rig.StartAsync(0);
        Gateway gateway = await rig.GatewayAsync();
        IFileSystemClient client = gateway.Client;
        InodeId dir = await Rig.CreateManyAsync(client, "recreate", Rig.Names(Names, i => $"x{i}"));
        await Rig.ListAsync(client, dir);
        await Task.WhenAll(Enumerable.Range(0, Names).Select(i => CycleAsync(client, dir, i, 5)));
        rig.Proxy.Jitter = TimeSpan.FromMilliseconds(jitterMs / 2);
        GatewaySnapshot before = client.Snapshot();
        long started = Stopwatch.GetTimestamp();
        Counts[] counts = await Task.WhenAll(Enumerable.Range(0, Names).Select(i => CycleAsync(client, dir, i, times / Names + (i < times % Names ? 1 : 0))));
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        rig.Proxy.Jitter = TimeSpan.Zero;
        GatewaySnapshot after = client.Snapshot();
        return new
        {
            scenario = "recreate",
            times,
            names = Names,
            jitterMs,
            seconds,
            cyclesPerSecond = times / seconds,
            contentsRead = counts.Sum(c => c.Read),
            contentsWrong = counts.Sum(c => c.Wrong),
            failed = counts.Sum(c => c.Failed),
            asynchronousUnlinks = after.AsynchronousOperations - before.AsynchronousOperations,
            warmUpRuns = 5 * Names,
        };
    }

    private sealed class Counts
    {
        public int Read;
        public int Wrong;
        public int Failed;
    }

    private static async Task<Counts> CycleAsync(IFileSystemClient client, InodeId dir, int name, int times)
    {
        Counts counts = new();
        FileName file = FileName.Create($"x{name}");
        InodeAttributes now = (await client.ResolveAsync(Caller.Root, [FileName.Create("recreate"), file])).Value!.Attributes;
        for (int i = 0; i < times; i++)
        {
            byte[] content = Encoding.ASCII.GetBytes($"{name} {i} {Guid.NewGuid()}");
            // Nobody waits for the unlink: the create is ordered behind it.
            PendingOperation unlink = client.Remove(Caller.Root, dir, new DirectoryEntry(file, now));
            FsResult<InodeAttributes?> created = await client.CreateFile(Caller.Root, dir, file, 0x1A4).Completion;
            if (!created.IsOk || unlink.State != OperationState.Done)
            {
                counts.Failed++;
                now = (await client.ResolveAsync(Caller.Root, [FileName.Create("recreate"), file])).Value!.Attributes;
                continue;
            }
            now = created.Value!;
            InodeAddress address = new(dir, file, now.Ino);
            FsResult<InodeAttributes> written = await client.WriteContentAsync(Caller.Root, address, new MemoryStream(content), content.Length);
            counts.Failed += written.IsOk ? 0 : 1;
            if (i % ReadEvery != 0 && i != times - 1)
                continue;
            // By the name, whatever inode is there.
            MemoryStream read = new();
            counts.Read++;
            if (await client.ReadContentAsync(Caller.Root, new InodeAddress(dir, file, InodeId.None), 0, -1, read) != FsErrno.Ok || !read.ToArray().AsSpan().SequenceEqual(content))
                counts.Wrong++;
        }
        return counts;
    }
}
