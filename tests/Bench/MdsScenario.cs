using System.Diagnostics;
using System.Text;
using Capstan.ClientGateway;
using Capstan.Mds.Storage;
using Capstan.Mds.Storage.Sqlite;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Bench;

/// <summary>Durable creates and unlinks a second end to end, beside a bare group commit of the same rows by the same store on the same disk.</summary>
internal static class MdsScenario
{
    private const int WarmUp = 3;
    private const int Counted = 5;

    public static async Task<object> RunAsync(int ops)
    {
        List<(double Creates, double Unlinks)> runs = [];
        List<(double Creates, double Unlinks)> bare = [];
        await using Rig rig = await Rig.StartAsync(0);
        Gateway gateway = await rig.GatewayAsync();
        for (int i = 0; i < WarmUp + Counted; i++)
        {
            (double, double) run = await EndToEndAsync(rig, gateway.Client, $"run{i}", ops);
            if (i >= WarmUp)
                runs.Add(run);
        }
        // Bare transactions are of the size that they had end to end: what gathers behind a commit.
        int group = (int)await rig.StopAsync();
        for (int i = 0; i < WarmUp + Counted; i++)
        {
            (double, double) alone = Bare(ops, group);
            if (i >= WarmUp)
                bare.Add(alone);
        }
        double creates = Median(runs.Select(r => r.Creates)), unlinks = Median(runs.Select(r => r.Unlinks));
        double bareCreates = Median(bare.Select(r => r.Creates)), bareUnlinks = Median(bare.Select(r => r.Unlinks));
        return new
        {
            scenario = "mds",
            ops,
            rttMs = 0.0,
            unlinksPerSecond = unlinks,
            createsPerSecond = creates,
            bareUnlinksPerSecond = bareUnlinks,
            bareCreatesPerSecond = bareCreates,
            unlinksAgainstBare = unlinks / bareUnlinks,
            createsAgainstBare = creates / bareCreates,
            bareGroup = group,
            warmUpRuns = WarmUp,
        };
    }

    private static async Task<(double Creates, double Unlinks)> EndToEndAsync(Rig rig, IFileSystemClient client, string name, int ops)
    {
        GC.Collect();
        long started = Stopwatch.GetTimestamp();
        InodeId dir = await rig.FillAsync(client, name, ops, NameOf);
        double creates = ops / Stopwatch.GetElapsedTime(started).TotalSeconds;
        List<DirectoryEntry> entries = await Rig.ListAsync(client, dir);
        GC.Collect();
        started = Stopwatch.GetTimestamp();
        OperationJob job = client.RemoveMany(Caller.Root, dir, entries);
        await job.Completion;
        return (creates, job.Done / Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static (double Creates, double Unlinks) Bare(int ops, int group)
    {
        using TempDirectory directory = new();
        using SqliteNamespaceStore store = new(new StoreOptions(directory.Path), TimeProvider.System);
        byte[][] names = [.. Enumerable.Range(0, ops).Select(i => Encoding.UTF8.GetBytes(NameOf(i)))];
        SessionId session = new(Guid.NewGuid());
        DirectoryRecord record = new() { Ino = new InodeId(2), Mode = InodeAttributes.ModeOf(FileKind.Directory, 0x1FF) };
        byte[] results = new byte[group * 40];
        store.Begin();
        store.WriteSession(new SessionRecord(session, "bare", 1));
        store.Commit();

        double creates = Run((store, i) =>
        {
            Dentry dentry = new() { Kind = DentryKind.Embedded, Inode = new Inode { Ino = new InodeId((ulong)(100 + i)), Mode = InodeAttributes.ModeOf(FileKind.File, 0x1A4), Nlink = 1, MtimeNs = i, CtimeNs = i, AtimeNs = i } };
            store.PutDentry(record.Ino, names[i], dentry);
        }, results);
        double unlinks = Run((store, i) => store.DeleteDentry(record.Ino, names[i]), results.AsSpan(0, 16).ToArray());
        return (creates, unlinks);

        double Run(Action<SqliteNamespaceStore, int> one, byte[] results)
        {
            long started = Stopwatch.GetTimestamp();
            for (int start = 0; start < ops; start += group)
            {
                store.Begin();
                int end = Math.Min(ops, start + group);
                for (int i = start; i < end; i++)
                    one(store, i);
                store.WriteDirectory(record);
                store.WriteCompleted(session, start, end - 1, results);
                if (start > 0)
                    store.DeleteCompleted(session, start - group);
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

    private static string NameOf(int i) => $"file-{i:D8}.dat";
}
