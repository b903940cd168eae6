using System.Diagnostics.Metrics;
using Capstan.Shared;

namespace Capstan.ClientGateway;

/// <summary>A gateway's figures as instruments; docs/metrics.md lists them. They are read when somebody asks: the durations alone are recorded as they happen.</summary>
public sealed class GatewayMetrics
{
    public const string MeterName = "Capstan.Gateway";

    /// <summary>Instruments that are read together show one moment.</summary>
    private static readonly TimeSpan OneMoment = TimeSpan.FromMilliseconds(50);

    private readonly IGatewayAdministration _gateway;
    private readonly TimeProvider _time;
    private readonly Meter _meter;
    private GatewaySnapshot? _figures;
    private long _takenAt;

    public GatewayMetrics(IGatewayAdministration gateway, IMeterFactory meters, TimeProvider time)
    {
        _gateway = gateway;
        _time = time;
        _meter = meters.Create(MeterName);
        Histogram<double> requests = _meter.CreateHistogram<double>("capstan.gateway.request.duration", "s", "From a request's leaving to its answer, by operation; of a run of answers once.");
        gateway.RequestAnswered = (operation, time, isOk) =>
        {
            if (requests.Enabled)
                requests.Record(time.TotalSeconds, new KeyValuePair<string, object?>("operation", operation));
        };
        Histogram<double> revokes = _meter.CreateHistogram<double>("capstan.gateway.revoke.duration", "s", "From a revoke's arrival to its ack.");
        gateway.RevokeAnswered = time => revokes.Record(time.TotalSeconds);
        AddSession();
        AddCache();
        AddOperations();
    }

    private void AddSession()
    {
        Count("capstan.gateway.requests", "{request}", "Requests sent to the MDS.", f => f.Requests);
        Count("capstan.gateway.round_trips.sequential", "{request}", "Requests sent after something had arrived since the one before: those that may have been waited for one after another.", f => f.SequentialRoundTrips);
        Count("capstan.gateway.round_trips.saved", "{request}", "Requests that caches made needless.", f => f.RoundTripsSaved);
        Count("capstan.gateway.session.reconnects", "{connection}", "Times the session was resumed or begun anew on another connection.", f => f.Session.Reconnects);
        Count("capstan.gateway.reads.settled", "{request}", "Times a read asked whether every other holder had what it saw.", f => f.ReadsSettled);
        Gauge("capstan.gateway.session.epoch", "{epoch}", "Term of the MDS that the session is with.", f => f.Session.Epoch.Value);
        Gauge("capstan.gateway.session.lease", "s", "Time left of the session's lease.", f => f.Session.LeaseRemaining.TotalSeconds);
        Gauge("capstan.gateway.session.round_trip", "s", "As the last renewal measured it.", f => f.Session.RoundTrip.TotalSeconds);
        Gauge("capstan.gateway.requests.in_flight", "{request}", "Requests sent and not answered.", f => f.RequestsInFlight);
        _meter.CreateObservableGauge("capstan.gateway.session.state", () => By("state", Enum.GetValues<SessionState>(), (f, s) => f.Session.State == s ? 1 : 0), "{state}", "1 for the state that the session is in.");
    }

    private void AddCache()
    {
        _meter.CreateObservableCounter("capstan.gateway.cache.lookups", Lookups, "{lookup}", "What was asked of each cache, by whether it had the answer.");
        _meter.CreateObservableCounter("capstan.gateway.cache.evictions", () => By("cause", Enum.GetValues<EvictionCause>(), (f, c) => f.Evictions.GetValueOrDefault(c)), "{page}", "Pages given up, by cause.");
        Gauge("capstan.gateway.cache.size", "By", "Memory of cached pages.", f => f.CachedBytes);
        Gauge("capstan.gateway.cache.arranged", "By", "Memory of sorted and filtered views.", f => f.ArrangedBytes);
        Gauge("capstan.gateway.cache.budget", "By", "What cached pages and views may take.", f => f.BudgetBytes);
        Gauge("capstan.gateway.cache.pages", "{page}", "Pages cached.", f => f.CachedPages);
        Gauge("capstan.gateway.cache.entries", "{entry}", "Entries on cached pages.", f => f.CachedEntries);
        Gauge("capstan.gateway.cache.directories", "{directory}", "Directories known.", f => f.DirectoriesKnown);
        Count("capstan.gateway.cache.directories.dropped", "{directory}", "Directories forgotten because they are gone, or were not used for longest when there were too many.", f => f.DirectoriesDropped);
        _meter.CreateObservableCounter("capstan.gateway.readahead.pages", Readahead, "{page}", "Pages read ahead, those of them that were used, and those given up unread.");
        Count("capstan.gateway.deltas", "{delta}", "Changes of others applied to cached pages.", f => f.DeltasApplied);
        Count("capstan.gateway.deltas.gaps", "{gap}", "Times that changes did not follow each other, and what was cached had to go.", f => f.DeltaGaps);
        _meter.CreateObservableGauge("capstan.gateway.caps", () => By("bit", Figures().CapsByClass.Keys, (f, b) => f.CapsByClass[b]), "{cap}", "Capability records held, by bit.");
        Count("capstan.gateway.caps.recalls", "{recall}", "Times the MDS asked for capabilities back because there were too many.", f => f.Recalls);
        Count("capstan.gateway.revokes", "{revoke}", "Revokes received.", f => f.Revokes);
        Gauge("capstan.gateway.revokes.waiting", "{revoke}", "Revokes that wait for operations that use the capability.", f => f.RevokesWaiting);
        Gauge("capstan.gateway.revokes.oldest", "s", "Age of the oldest revoke that waits.", f => f.OldestRevoke.TotalSeconds);
        _meter.CreateObservableCounter("capstan.gateway.shared_cache.reads", SharedReads, "{read}", "Reads of the shared second level, by outcome.");
        Count("capstan.gateway.shared_cache.outages", "{outage}", "Times that the shared second level was left alone because it was slow or gone.", f => f.SharedCache?.Outages ?? 0);
        Gauge("capstan.gateway.shared_cache.on", "{state}", "1 while the shared second level is asked.", f => f.SharedCache?.IsOn == true ? 1 : 0);
    }

    private void AddOperations()
    {
        Gauge("capstan.gateway.operations.pending", "{operation}", "Changes asked for and not confirmed.", f => f.PendingOperations);
        Gauge("capstan.gateway.operations.oldest", "s", "Age of the oldest change that is not confirmed.", f => f.OldestPending.TotalSeconds);
        Gauge("capstan.gateway.operations.failed", "{operation}", "Failed changes that nobody has dismissed.", f => f.FailedOperations);
        Count("capstan.gateway.operations.failed_after_success", "{operation}", "Changes that failed after their success had been assumed.", f => f.ErrorsAfterLocalSuccess);
        _meter.CreateObservableCounter(
            "capstan.gateway.removals",
            () => By("mode", ["asynchronous", "pipelined"], (f, m) => m == "pipelined" ? f.PipelinedOperations : f.AsynchronousOperations),
            "{operation}", "Removals, by whether they went ahead of their reply.");
        _meter.CreateObservableCounter(
            "capstan.gateway.removals.fallbacks", () => By("reason", Figures().Fallbacks.Keys, (f, r) => f.Fallbacks[r]), "{operation}", "Removals that did not go ahead of their reply, by reason.");
    }

    private IEnumerable<Measurement<long>> Lookups()
    {
        GatewaySnapshot f = Figures();
        foreach ((string cache, HitRatio ratio) in new[] { ("pages", f.Pages), ("attributes", f.Attributes), ("negative_names", f.NegativeNames), ("xattrs", f.NegativeXattrs) })
        {
            yield return new Measurement<long>(ratio.Hits, new KeyValuePair<string, object?>("cache", cache), new("result", "hit"));
            yield return new Measurement<long>(ratio.Misses, new KeyValuePair<string, object?>("cache", cache), new("result", "miss"));
        }
    }

    private IEnumerable<Measurement<long>> Readahead() => By("outcome", ["issued", "used", "wasted"], (f, o) => o switch
    {
        "issued" => f.ReadaheadIssued,
        "used" => f.ReadaheadUseful,
        _ => f.ReadaheadWasted,
    });

    private IEnumerable<Measurement<long>> SharedReads() => Figures().SharedCache is null ? [] : By("outcome", ["hit", "miss", "bypassed", "rejected"], (f, o) => o switch
    {
        "hit" => f.SharedCache!.Reads.Hits,
        "miss" => f.SharedCache!.Reads.Misses,
        "bypassed" => f.SharedCache!.Bypassed,
        _ => f.SharedCache!.Rejected,
    });

    private IEnumerable<Measurement<long>> By<T>(string tag, IEnumerable<T> values, Func<GatewaySnapshot, T, long> read)
    {
        GatewaySnapshot figures = Figures();
        return [.. values.Select(value => new Measurement<long>(read(figures, value), new KeyValuePair<string, object?>(tag, NameOf(value))))];
    }

    /// <summary>Bits keep the names that they have everywhere.</summary>
    private static string NameOf<T>(T value) => value is CapBits or string ? $"{value}" : string.Concat($"{value}".Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));

    private void Count(string name, string unit, string description, Func<GatewaySnapshot, long> read) => _meter.CreateObservableCounter(name, () => read(Figures()), unit, description);

    private void Gauge(string name, string unit, string description, Func<GatewaySnapshot, double> read) => _meter.CreateObservableGauge(name, () => read(Figures()), unit, description);

    private GatewaySnapshot Figures()
    {
        if (_figures is null || _time.GetElapsedTime(_takenAt) > OneMoment)
        {
            _figures = _gateway.Figures();
            _takenAt = _time.GetTimestamp();
        }
        return _figures;
    }
}
