using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.Administration;

/// <summary>What a gateway's figures were: five minutes by the second, an hour by ten seconds, a day by five minutes. Thread-safe.</summary>
public sealed class CacheHistory(IGatewayAdministration gateway, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<HistoryRange, HistoryRing> _rings = new()
    {
        [HistoryRange.FiveMinutes] = new(TimeSpan.FromSeconds(1), 300),
        [HistoryRange.Hour] = new(TimeSpan.FromSeconds(10), 360),
        [HistoryRange.Day] = new(TimeSpan.FromMinutes(5), 288),
    };

    /// <summary>Takes a sample. A fraction of a millisecond, whatever is cached.</summary>
    public void Sample()
    {
        HistorySample sample = HistorySample.Of(gateway.Figures(), time.GetUtcNow());
        LatencyCounts counts = gateway.RequestTimes();
        lock (_gate)
        {
            foreach (HistoryRing ring in _rings.Values)
                ring.Offer(sample, counts);
        }
    }

    /// <summary>Samples after the first <paramref name="seen"/> ones ever added, as far as they are kept, oldest first.</summary>
    public (IReadOnlyList<HistorySample> Samples, long Added) Read(HistoryRange range, long seen = 0)
    {
        lock (_gate)
        {
            HistoryRing ring = _rings[range];
            int wanted = (int)Math.Min(ring.Samples.Count, ring.Added - seen);
            return ([.. ring.Samples.Skip(ring.Samples.Count - wanted)], ring.Added);
        }
    }

    /// <summary>The youngest sample that is at least so old; where there is none, how it was at the start.</summary>
    public HistorySample Before(TimeSpan ago)
    {
        DateTimeOffset then = time.GetUtcNow() - ago;
        lock (_gate)
        {
            HistoryRing ring = ago <= TimeSpan.FromMinutes(5) ? _rings[HistoryRange.FiveMinutes] : ago <= TimeSpan.FromHours(1) ? _rings[HistoryRange.Hour] : _rings[HistoryRange.Day];
            HistorySample? before = null;
            foreach (HistorySample sample in ring.Samples)
            {
                if (sample.At > then)
                    break;
                before = sample;
            }
            return before ?? (ring.Added > ring.Samples.Count ? ring.Samples.First() : HistorySample.Start);
        }
    }
}
