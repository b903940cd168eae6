using System.Diagnostics.Metrics;
using Capstan.Mds.Sessions;

namespace Capstan.Mds.Hosting;

/// <summary>The MDS's figures as instruments; docs/metrics.md lists them.</summary>
internal sealed class MdsMetrics
{
    public const string MeterName = "Capstan.Mds";

    public MdsMetrics(IMeterFactory meters, MdsLoop loop)
    {
        Meter meter = meters.Create(MeterName);
        Histogram<double> commit = meter.CreateHistogram<double>("capstan.mds.commit.duration", "s", "Time that the transaction of one group took to become durable.");
        Histogram<int> group = meter.CreateHistogram<int>("capstan.mds.commit.operations", "{operation}", "Operations in the transaction of one group.");
        loop.GroupCommitted = (duration, operations) =>
        {
            commit.Record(duration.TotalSeconds);
            group.Record(operations);
        };
        Observe("capstan.mds.messages", "{message}", "Messages of gateways served.", () => loop.Served.Messages);
        Observe("capstan.mds.caps.grants", "{grant}", "Capability grants sent.", () => loop.Counters.Grants);
        Observe("capstan.mds.caps.revokes", "{revoke}", "Capability revokes sent.", () => loop.Counters.Revokes);
        Observe("capstan.mds.caps.recalls", "{recall}", "Times a session was asked to give capabilities back.", () => loop.Counters.Recalls);
        Observe("capstan.mds.deltas", "{delta}", "Changes of directories pushed to holders.", () => loop.Counters.DeltasSent);
        Observe("capstan.mds.requests.parked", "{request}", "Requests that had to wait for capabilities.", () => loop.Counters.RequestsParked);
        Observe("capstan.mds.leases.expired", "{lease}", "Leases that ran out.", () => loop.Counters.LeasesExpired);
        Observe("capstan.mds.sessions.evicted", "{session}", "Sessions ended because they did not answer, or by hand.", () => loop.Counters.Evictions);
        meter.CreateObservableCounter("capstan.mds.answers.held", Held, "{answer}", "Answers that waited for the acks of holders, by whom they were for.");
        meter.CreateObservableGauge("capstan.mds.sessions", Sessions, "{session}", "Sessions known, by state.");
        meter.CreateObservableGauge("capstan.mds.caps", () => loop.Sessions.Sum(s => (long)s.Caps), "{cap}", "Capability records that sessions hold.");
        meter.CreateObservableGauge("capstan.mds.revokes.waiting", () => loop.Sessions.Sum(s => (long)s.Revokes), "{revoke}", "Records whose revoke is not answered.");
        meter.CreateObservableGauge("capstan.mds.revokes.oldest", () => loop.Sessions.Select(s => s.OldestRevoke.TotalSeconds).DefaultIfEmpty().Max(), "s", "Age of the oldest unanswered revoke.");
        meter.CreateObservableGauge("capstan.mds.epoch", () => loop.Epoch.Value, "{epoch}", "Term of this MDS: one more with each start.");
        meter.CreateObservableGauge("capstan.mds.grace", () => loop.IsInGrace ? 1 : 0, "{state}", "1 while sessions from before a restart are waited for.");

        void Observe(string name, string unit, string description, Func<long> value) => meter.CreateObservableCounter(name, value, unit, description);

        IEnumerable<Measurement<long>> Held() =>
        [
            new(loop.Counters.WritersHeld, new KeyValuePair<string, object?>("kind", "writer")),
            new(loop.Counters.ReadersHeld, new KeyValuePair<string, object?>("kind", "reader")),
        ];

        IEnumerable<Measurement<long>> Sessions()
        {
            IReadOnlyList<SessionFigures> all = loop.Sessions;
            return Enum.GetValues<MdsSessionState>().Where(s => s != MdsSessionState.Ended)
                .Select(state => new Measurement<long>(all.Count(s => s.State == state), new KeyValuePair<string, object?>("state", state.ToString().ToLowerInvariant())));
        }
    }
}
