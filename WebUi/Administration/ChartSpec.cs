using Capstan.ClientGateway;

namespace Capstan.WebUi.Administration;

/// <summary>A chart: its series, each of which tells a value from two samples, an older one and the one that is drawn. NaN: nothing happened between.</summary>
/// <param name="Max">Upper end of the scale; null: what the values need.</param>
public sealed record ChartSpec(string Title, string Unit, double? Max, IReadOnlyList<(string Name, Func<HistorySample, HistorySample, double> Value)> Series)
{
    public static IReadOnlyList<ChartSpec> All { get; } =
    [
        new("Answered from memory", "%", 100,
        [
            ("pages", (a, b) => Percent(HistorySample.Between(a.Pages, b.Pages))),
            ("attributes", (a, b) => Percent(HistorySample.Between(a.Attributes, b.Attributes))),
            ("absent names", (a, b) => Percent(HistorySample.Between(a.NegativeNames, b.NegativeNames))),
            ("xattrs", (a, b) => Percent(HistorySample.Between(a.Xattrs, b.Xattrs))),
        ]),
        new("Round trips", "a second", null,
        [
            ("made", (a, b) => Rate(a, b, s => s.Requests)),
            ("saved", (a, b) => Rate(a, b, s => s.RoundTripsSaved)),
        ]),
        new("Time of a request", "ms", null,
        [
            ("median", (_, b) => b.RequestMedian.TotalMilliseconds),
            ("99 %", (_, b) => b.Request99.TotalMilliseconds),
        ]),
        new("Memory", "MiB", null,
        [
            ("cached", (_, b) => b.CachedBytes / 1048576.0),
            ("budget", (_, b) => b.BudgetBytes / 1048576.0),
        ]),
        new("Pages given up", "a second", null,
        [
            ("expired", (a, b) => Rate(a, b, s => s.Evicted(EvictionCause.Expired))),
            ("revoked", (a, b) => Rate(a, b, s => s.Evicted(EvictionCause.Revoked))),
            ("pressure", (a, b) => Rate(a, b, s => s.Evicted(EvictionCause.Pressure))),
            ("manual", (a, b) => Rate(a, b, s => s.Evicted(EvictionCause.Manual))),
        ]),
        new("Readahead", "pages a second", null,
        [
            ("issued", (a, b) => Rate(a, b, s => s.ReadaheadIssued)),
            ("used", (a, b) => Rate(a, b, s => s.ReadaheadUseful)),
            ("wasted", (a, b) => Rate(a, b, s => s.ReadaheadWasted)),
        ]),
        new("Waiting for confirmation", "operations", null, [("pending", (_, b) => b.Pending)]),
        new("Revokes", "a second", null, [("received", (a, b) => Rate(a, b, s => s.Revokes))]),
    ];

    /// <summary>The points of these samples, each against the one before it: times in seconds, then a column a series. JSON has no NaN: null stands for it.</summary>
    public double?[][] Points(IReadOnlyList<HistorySample> samples)
    {
        int count = Math.Max(0, samples.Count - 1);
        double?[][] columns = new double?[Series.Count + 1][];
        columns[0] = new double?[count];
        for (int i = 0; i < count; i++)
            columns[0][i] = samples[i + 1].At.ToUnixTimeMilliseconds() / 1000.0;
        for (int s = 0; s < Series.Count; s++)
        {
            columns[s + 1] = new double?[count];
            for (int i = 0; i < count; i++)
                columns[s + 1][i] = Series[s].Value(samples[i], samples[i + 1]) is var value && double.IsNaN(value) ? null : Math.Round(value, 3);
        }
        return columns;
    }

    private static double Percent(HitRatio ratio) => ratio.Value * 100 ?? double.NaN;

    private static double Rate(HistorySample before, HistorySample now, Func<HistorySample, long> counter) =>
        (counter(now) - counter(before)) / Math.Max(0.001, (now.At - before.At).TotalSeconds);
}
