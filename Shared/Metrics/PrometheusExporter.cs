using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Capstan.Shared.Metrics;

/// <summary>
/// Listens to the instruments of the meters named <c>Capstan.*</c> that one <see cref="IMeterFactory"/> made, and writes them as
/// Prometheus text. Observable ones are asked when somebody scrapes, and cost nothing before. Thread-safe.
/// </summary>
public sealed class PrometheusExporter : IDisposable
{
    /// <summary>Of the text format.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private const string Ours = "Capstan.";

    /// <summary>Upper ends of a duration's buckets: from a request in the same machine to one that nobody waits for any more.</summary>
    private static readonly double[] Seconds = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60];

    /// <summary>Of what is counted.</summary>
    private static readonly double[] Counts = [1, 4, 16, 64, 256, 1024, 4096, 16384];

    private readonly Lock _gate = new();
    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, Family> _families = new(StringComparer.Ordinal);

    public PrometheusExporter(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith(Ours, StringComparison.Ordinal) && instrument.Meter.Scope == meters)
                listener.EnableMeasurementEvents(instrument, Add(instrument));
        };
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => Take((Family)family!, value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => Take((Family)family!, value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, family) => Take((Family)family!, value, tags));
        _listener.Start();
    }

    private sealed record Family(string Name, string Type, string Help, bool IsObservable, double[]? Bounds)
    {
        public Dictionary<string, PrometheusSeries> Series { get; } = new(StringComparer.Ordinal);
    }

    public string Scrape()
    {
        lock (_gate)
        {
            // What is not told again is no more: a session that has ended, say.
            foreach (Family family in _families.Values)
            {
                if (family.IsObservable)
                    family.Series.Clear();
            }
            _listener.RecordObservableInstruments();
            StringBuilder text = new();
            foreach (Family family in _families.Values)
            {
                if (family.Series.Count == 0)
                    continue;
                text.Append("# HELP ").Append(family.Name).Append(' ').Append(Escaped(family.Help)).Append('\n');
                text.Append("# TYPE ").Append(family.Name).Append(' ').Append(family.Type).Append('\n');
                foreach ((_, PrometheusSeries series) in family.Series.OrderBy(s => s.Key, StringComparer.Ordinal))
                    series.Write(text, family.Name);
            }
            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    private Family Add(Instrument instrument)
    {
        string type = PrometheusName.TypeOf(instrument);
        string name = PrometheusName.Of(instrument.Name, instrument.Unit, type == "counter");
        lock (_gate)
        {
            if (!_families.TryGetValue(name, out Family? family))
            {
                double[]? bounds = type != "histogram" ? null : instrument.Unit == "s" ? Seconds : Counts;
                _families.Add(name, family = new Family(name, type, instrument.Description ?? "", instrument.IsObservable, bounds));
            }
            return family;
        }
    }

    private void Take(Family family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        // The instruments of one family always carry the same tags in the same order: their values name the series.
        string key = tags.Length switch
        {
            0 => "",
            1 => Text(tags[0].Value),
            _ => Joined(tags),
        };
        lock (_gate)
        {
            if (!family.Series.TryGetValue(key, out PrometheusSeries? series))
                family.Series.Add(key, series = new PrometheusSeries(Labels(tags), family.Bounds));
            if (family.Bounds is not null)
                series.Observe(value);
            else if (family.IsObservable || family.Type == "gauge")
                series.Value = value;
            else
                series.Value += value;
        }
    }

    private static string Joined(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        StringBuilder key = new();
        foreach ((_, object? value) in tags)
            key.Append(Text(value)).Append('\0');
        return key.ToString();
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        StringBuilder labels = new();
        foreach ((string name, object? value) in tags)
        {
            labels.Append(labels.Length > 0 ? "," : "").Append(PrometheusName.Of(name, null, isCounter: false))
                .Append("=\"").Append(Escaped(Text(value)).Replace("\"", "\\\"")).Append('"');
        }
        return labels.ToString();
    }

    private static string Text(object? value) => value as string ?? Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static string Escaped(string text) => text.Replace("\\", "\\\\").Replace("\n", "\\n");
}
