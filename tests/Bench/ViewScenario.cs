using System.Diagnostics;
using Capstan.ClientGateway;
using Capstan.ClientGateway.Directories;
using Capstan.ClientGateway.Views;
using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.Bench;

/// <summary>Arrangements of one directory in this process, without an MDS: what sorting, filtering and reading a viewport cost, and what a row takes in memory.</summary>
internal static class ViewScenario
{
    private const int Runs = 3;

    public static object Run(int entries)
    {
        Random random = new(1);
        string[] uuids = [.. Enumerable.Range(0, entries).Select(_ => NewUuid(random)).Order(StringComparer.Ordinal)];
        var mixed = Of(entries, MixedName, random);
        var images = Of(entries, i => $"img_{i:D8}.jpg", random);
        var ids = Of(entries, i => uuids[i], random);

        Dictionary<string, double[]> sorts = [];
        foreach ((string names, DirectoryPage[] pages) in new[] { ("mixed", mixed), ("img", images), ("uuid", ids) })
        {
            foreach (SortColumn sort in new[] { SortColumn.Name, SortColumn.Size, SortColumn.Modified, SortColumn.Type })
                sorts[$"{names}.{sort}"] = [.. Enumerable.Range(0, Runs + 1).Select(_ => SortSeconds(pages, new ViewSpec(sort))).Skip(1).Order()];
        }

        Arrangement rows = Arrange(mixed);
        rows.Build(new ViewSpec(SortColumn.Name), default);
        Dictionary<string, double[]> filters = [];
        foreach (string filter in new[] { "07", "edited", "*.tif", "zzz" })
        {
            foreach (SortColumn sort in new[] { SortColumn.Stored, SortColumn.Name })
                filters[$"{filter}.{sort}"] = [.. Enumerable.Range(0, Runs + 1).Select(_ => FilterSeconds(rows, new ViewSpec(sort, false, filter))).Skip(1).Order()];
        }

        return new
        {
            scenario = "view",
            entries,
            sortCpuSeconds = sorts.ToDictionary(s => s.Key, s => s.Value[Runs / 2]),
            filterSeconds = filters.ToDictionary(s => s.Key, s => s.Value[Runs / 2]),
            viewport = Viewport(rows, entries),
            bytesPerEntry = new { img = BytesPerEntry(images, entries), mixed = BytesPerEntry(mixed, entries), uuid = BytesPerEntry(ids, entries), order = (double)rows.Bytes / rows.OrderCount / entries },
            meanNameBytes = new { img = 16.0, mixed = Enumerable.Range(0, entries).Average(i => MixedName(i).Length), uuid = uuids.Average(u => u.Length) },
            runs = Runs,
        };
    }

    /// <summary>24 to 34 bytes: as <see cref="ReaddirScenario.Name"/>, as people and programs lengthen them.</summary>
    private static string MixedName(int i) => (i % 4) switch
    {
        0 => $"IMG_20260314_{i:D8}.jpg",
        1 => $"scan-2026-{i:D8}-page1.tif",
        2 => $"export_{i * 2654435761L % 1_000_000_007:D10}_{i:D7}.csv",
        _ => $"DSC{i:D8}-edited-final.png",
    };

    private static double SortSeconds(DirectoryPage[] pages, ViewSpec spec)
    {
        Arrangement rows = Arrange(pages);
        GC.Collect();
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        rows.Build(spec, default);
        return (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
    }

    private static double FilterSeconds(Arrangement rows, ViewSpec spec)
    {
        GC.Collect();
        long started = Stopwatch.GetTimestamp();
        rows.Build(spec, default);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        rows.Drop(spec);
        return seconds;
    }

    /// <summary>50 rows of a sorted view, from anywhere in it.</summary>
    private static object Viewport(Arrangement rows, int entries)
    {
        ViewSpec spec = new(SortColumn.Name);
        Random random = new(2);
        List<DirectoryRow> read = new(50);
        List<double> times = [];
        long allocated = 0, reads = 0;
        for (int i = 0; i < 20_000; i++)
        {
            long first = random.Next(entries - 50);
            read.Clear();
            long bytes = GC.GetAllocatedBytesForCurrentThread(), started = Stopwatch.GetTimestamp();
            rows.TryRead(spec, first, 50, read);
            double micros = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
            if (i < 10_000)
                continue;
            allocated += GC.GetAllocatedBytesForCurrentThread() - bytes;
            reads++;
            times.Add(micros);
        }
        times.Sort();
        return new { medianMicros = times[times.Count / 2], p99Micros = times[times.Count * 99 / 100], bytesPerRow = (double)allocated / reads / 50 };
    }

    private static double BytesPerEntry(DirectoryPage[] pages, int entries)
    {
        GatewayCounters counters = new();
        PageBudget budget = new(long.MaxValue, counters);
        DirectoryState state = new(new InodeId(10), budget, counters);
        foreach (DirectoryPage page in pages)
            state.AddPage(page, underFs: false, prefetched: false);
        return state.CachedEntries == entries ? (double)budget.Bytes / entries : throw new InvalidOperationException("Not all pages were taken.");
    }

    private static Arrangement Arrange(DirectoryPage[] pages)
    {
        Arrangement rows = new(new InodeId(10));
        rows.BeginFollowing();
        rows.Replace(pages, new DirectoryVersion(1));
        return rows;
    }

    private static DirectoryPage[] Of(int entries, Func<int, string> name, Random random)
    {
        List<DirectoryPage> pages = [];
        DirectoryPageBuilder builder = new();
        long rank = 0;
        ulong ino = 1000;
        foreach (byte[] bytes in Enumerable.Range(0, entries).Select(i => System.Text.Encoding.UTF8.GetBytes(name(i))).Order(Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b))))
        {
            PageRow row = new(new InodeId(ino++), InodeAttributes.ModeOf(random.Next(50) == 0 ? FileKind.Directory : FileKind.File, 0x1A4), 1000, 1000, 1, random.NextInt64(1 << 28), 1_780_000_000_000_000_000 + (random.NextInt64(1 << 25) * 1_000_000_000), 0, 1);
            if (builder.TryAdd(bytes, row))
                continue;
            Flush();
            builder.TryAdd(bytes, row);
        }
        Flush();
        return [.. pages];

        void Flush()
        {
            int count = builder.Count;
            pages.Add(DirectoryPage.OpenTrusted(builder.Build(new PageHeader(new Epoch(1), new InodeId(10), new DirectoryVersion(1), rank, entries, rank + count == entries))));
            rank += count;
        }
    }

    private static string NewUuid(Random random)
    {
        byte[] bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes).ToString() + ".parquet";
    }
}
