using System.Diagnostics;
using Capstan.ClientGateway;
using Capstan.Mds.Storage;
using Capstan.Mds.Storage.Sqlite;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Bench;

/// <summary>Durable creates and unlinks a second end to end, beside a bare group commit of the same rows by the same store on the same disk.</summary>
internal static class MdsScenario
{
    private const int WarmUp = 4;
    private const int Counted = 9;

    /// <summary>Of a bare transaction: the most that the MDS takes into one, and a little more than it had on average.</summary>
    private const int BareGroup = 4096;

    public static async Task<object> RunAsync(int ops)
    {
        List<(double Creates, double Unlinks)> runs = [];
        List<(double Creates, double Unlinks)> bare = [];
        FileName[] names = Rig.Names(ops, i => $"file-{i:D8}.dat");
        await using Rig rig = await Rig.StartAsync(0);
        Gateway gateway = await rig.GatewayAsync();
        // In turns, so that both meet the same machine: what else runs on it comes and goes.
        for (int i = 0; i < WarmUp + Counted; i++)
        {
            (double, double) run = await EndToEndAsync(rig, gateway.Client, $"run{i}", names);
            (double, double) alone = Bare(names);
            if (i < WarmUp)
                continue;
            runs.Add(run);
            bare.Add(alone);
        }
        return new
        {
            scenario = "mds",
            ops,
            rttMs = 0.0,
            unlinksPerSecond = Median(runs.Select(r => r.Unlinks)),
            createsPerSecond = Median(runs.Select(r => r.Creates)),
            bareUnlinksPerSecond = Median(bare.Select(r => r.Unlinks)),
            bareCreatesPerSecond = Median(bare.Select(r => r.Creates)),
            unlinksAgainstBare = Median(runs.Zip(bare, (run, alone) => run.Unlinks / alone.Unlinks)),
            createsAgainstBare = Median(runs.Zip(bare, (run, alone) => run.Creates / alone.Creates)),
            bareGroup = BareGroup,
            group = await rig.StopAsync(),
            warmUpRuns = WarmUp,
            countedRuns = Counted,
        };
    }

    private static async Task<(double Creates, double Unlinks)> EndToEndAsync(Rig rig, IFileSystemClient client, string name, FileName[] names)
    {
        int ops = names.Length;
        GC.Collect();
        long started = Stopwatch.GetTimestamp();
        InodeId dir = await rig.FillAsync(client, name, names);
        double creates = ops / Stopwatch.GetElapsedTime(started).TotalSeconds;
        List<DirectoryEntry> entries = await Rig.ListAsync(client, dir);
        GC.Collect();
        started = Stopwatch.GetTimestamp();
        OperationJob job = client.RemoveMany(Caller.Root, dir, entries);
        await job.Completion;
        return (creates, job.Done / Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static (double Creates, double Unlinks) Bare(FileName[] fileNames)
    {
        int ops = fileNames.Length;
        GC.Collect();
        using TempDirectory directory = new();
        using SqliteNamespaceStore store = new(new StoreOptions(directory.Path), TimeProvider.System);
        byte[][] names = [.. fileNames.Select(name => name.ToArray())];
        SessionId session = new(Guid.NewGuid());
        DirectoryRecord record = new() { Ino = new InodeId(2), Mode = InodeAttributes.ModeOf(FileKind.Directory, 0x1FF) };
        byte[] results = new byte[40]; // A run's completed tids, with the attributes of what it made.
        store.Begin();
        store.WriteSession(new SessionRecord(session, "bare", 1));
        store.Commit();

        double creates = Run((store, i) =>
        {
            Dentry dentry = new() { Kind = DentryKind.Embedded, Inode = new Inode { Ino = new InodeId((ulong)(100 + i)), Mode = InodeAttributes.ModeOf(FileKind.File, 0x1A4), Nlink = 1, MtimeNs = i, CtimeNs = i, AtimeNs = i } };
            store.PutDentry(record.Ino, names[i], dentry);
        });
        double unlinks = Run((store, i) => store.DeleteDentry(record.Ino, names[i]));
        return (creates, unlinks);

        double Run(Action<SqliteNamespaceStore, int> one)
        {
            long started = Stopwatch.GetTimestamp();
            for (int start = 0; start < ops; start += BareGroup)
            {
                store.Begin();
                int end = Math.Min(ops, start + BareGroup);
                for (int i = start; i < end; i++)
                    one(store, i);
                store.WriteDirectory(record);
                store.WriteCompleted(session, start, end - 1, results);
                if (start > 0)
                    store.DeleteCompleted(session, start - BareGroup);
                store.Commit();
            }
            return ops / Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
