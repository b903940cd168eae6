using Capstan.ClientGateway;

namespace Capstan.WebUi.Administration;

/// <summary>A gateway's figures at one moment; counters count since its start, so that two samples tell of the time between.</summary>
public sealed record HistorySample
{
    /// <summary>Before anything had happened.</summary>
    public static readonly HistorySample Start = new();

    public DateTimeOffset At { get; init; }

    public HitRatio Pages { get; init; }

    public HitRatio Attributes { get; init; }

    public HitRatio NegativeNames { get; init; }

    public HitRatio Xattrs { get; init; }

    public long Requests { get; init; }

    public long RoundTripsSaved { get; init; }

    public long CachedBytes { get; init; }

    public long BudgetBytes { get; init; }

    public long ReadaheadIssued { get; init; }

    public long ReadaheadUseful { get; init; }

    public long ReadaheadWasted { get; init; }

    public long Asynchronous { get; init; }

    public long Pipelined { get; init; }

    public long Pending { get; init; }

    public long Revokes { get; init; }

    public long SharedReads { get; init; }

    public long SharedBypassed { get; init; }

    public IReadOnlyDictionary<EvictionCause, long> Evictions { get; init; } = new Dictionary<EvictionCause, long>();

    /// <summary>Of the requests answered since the sample before.</summary>
    public TimeSpan RequestMedian { get; init; }

    public TimeSpan Request99 { get; init; }

    public static HistorySample Of(GatewaySnapshot figures, DateTimeOffset at) => new()
    {
        At = at,
        Pages = figures.Pages,
        Attributes = figures.Attributes,
        NegativeNames = figures.NegativeNames,
        Xattrs = figures.NegativeXattrs,
        Requests = figures.Requests,
        RoundTripsSaved = figures.RoundTripsSaved,
        CachedBytes = figures.CachedBytes,
        BudgetBytes = figures.BudgetBytes,
        ReadaheadIssued = figures.ReadaheadIssued,
        ReadaheadUseful = figures.ReadaheadUseful,
        ReadaheadWasted = figures.ReadaheadWasted,
        Asynchronous = figures.AsynchronousOperations,
        Pipelined = figures.PipelinedOperations,
        Pending = figures.PendingOperations,
        Revokes = figures.Revokes,
        SharedReads = figures.SharedCache is { } shared ? shared.Reads.Hits + shared.Reads.Misses : 0,
        SharedBypassed = figures.SharedCache?.Bypassed ?? 0,
        Evictions = figures.Evictions,
    };

    public long Evicted(EvictionCause cause) => Evictions.GetValueOrDefault(cause);

    public static HitRatio Between(HitRatio before, HitRatio now) => new(now.Hits - before.Hits, now.Misses - before.Misses);
}
