using Capstan.Shared;

namespace Capstan.WebUi.Administration;

/// <summary>The last samples of one range, one an interval, bounded.</summary>
internal sealed class HistoryRing(TimeSpan interval, int capacity)
{
    /// <summary>A timer that fires a little early must not cost a sample.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(500);

    private readonly Queue<HistorySample> _samples = new(capacity);
    private LatencyCounts _counts = LatencyCounts.None;
    private DateTimeOffset _last;

    /// <summary>Samples added since the start: tells whether there is news.</summary>
    public long Added { get; private set; }

    public IReadOnlyCollection<HistorySample> Samples => _samples;

    public void Offer(HistorySample sample, LatencyCounts counts)
    {
        if (Added > 0 && sample.At - _last < interval - Early)
            return;
        LatencyCounts between = counts.Since(_counts);
        _counts = counts;
        _last = sample.At;
        if (_samples.Count == capacity)
            _samples.Dequeue();
        _samples.Enqueue(sample with { RequestMedian = between.Percentile(0.5), Request99 = between.Percentile(0.99) });
        Added++;
    }
}
