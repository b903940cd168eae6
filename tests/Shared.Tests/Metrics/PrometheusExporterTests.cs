using System.Diagnostics.Metrics;
using Capstan.Shared.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Capstan.Shared.Tests.Metrics;

public sealed class PrometheusExporterTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddPrometheus().BuildServiceProvider();

    private Meter Meter => _services.GetRequiredService<IMeterFactory>().Create("Capstan.Test");

    [Fact]
    public void Scrape_EachKindOfInstrument_HasItsTypeUnitAndHelp()
    {
        PrometheusExporter exporter = _services.GetRequiredService<PrometheusExporter>();
        Counter<long> counter = Meter.CreateCounter<long>("capstan.test.things", "{thing}", "Things \\ counted\nhere.");
        Histogram<double> histogram = Meter.CreateHistogram<double>("capstan.test.duration", "s", "Time.");
        Meter.CreateObservableGauge("capstan.test.size", () => 5L, "By", "Size.");
        counter.Add(2, new KeyValuePair<string, object?>("kind", "a \"b\""));
        counter.Add(3, new KeyValuePair<string, object?>("kind", "a \"b\""));
        histogram.Record(0.002);
        histogram.Record(100);

        string text = exporter.Scrape();

        Assert.Contains("# HELP capstan_test_things_total Things \\\\ counted\\nhere.\n# TYPE capstan_test_things_total counter\ncapstan_test_things_total{kind=\"a \\\"b\\\"\"} 5\n", text);
        Assert.Contains("# TYPE capstan_test_size_bytes gauge\ncapstan_test_size_bytes 5\n", text);
        Assert.Contains("capstan_test_duration_seconds_bucket{le=\"0.001\"} 0\n", text);
        Assert.Contains("capstan_test_duration_seconds_bucket{le=\"0.005\"} 1\n", text);
        Assert.Contains("capstan_test_duration_seconds_bucket{le=\"60\"} 1\n", text);
        Assert.Contains("capstan_test_duration_seconds_bucket{le=\"+Inf\"} 2\ncapstan_test_duration_seconds_sum 100.002\ncapstan_test_duration_seconds_count 2\n", text);
    }

    [Fact]
    public void Scrape_WhatIsNotObservedAnyMore_IsNotTold()
    {
        PrometheusExporter exporter = _services.GetRequiredService<PrometheusExporter>();
        string state = "open";
        Meter.CreateObservableGauge("capstan.test.state", () => new Measurement<int>(1, new KeyValuePair<string, object?>("state", state)), "{state}", "State.");
        Assert.Contains("state=\"open\"", exporter.Scrape());

        state = "closed";

        string text = exporter.Scrape();
        Assert.Contains("state=\"closed\"", text);
        Assert.DoesNotContain("state=\"open\"", text);
    }

    [Fact]
    public void Scrape_MetersOfOthers_AreNotTold()
    {
        PrometheusExporter exporter = _services.GetRequiredService<PrometheusExporter>();
        using ServiceProvider others = new ServiceCollection().AddMetrics().BuildServiceProvider();
        others.GetRequiredService<IMeterFactory>().Create("Capstan.Test").CreateCounter<int>("capstan.test.theirs").Add(1);
        _services.GetRequiredService<IMeterFactory>().Create("Other").CreateCounter<int>("other.ours").Add(1);

        Assert.Equal("", exporter.Scrape());
    }

    public void Dispose() => _services.Dispose();
}
