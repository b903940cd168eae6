using System.Diagnostics.Metrics;

namespace Capstan.Shared.Metrics;

/// <summary>The name under which an instrument is scraped: dots become underscores, the unit and a counter's "total" are said at the end.</summary>
internal static class PrometheusName
{
    public static string Of(string name, string? unit, bool isCounter)
    {
        string scraped = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        string suffix = unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            "1" => "_ratio",
            _ => "", // {request}: what is counted is in the name.
        };
        if (!scraped.EndsWith(suffix, StringComparison.Ordinal))
            scraped += suffix;
        return isCounter && !scraped.EndsWith("_total", StringComparison.Ordinal) ? scraped + "_total" : scraped;
    }

    /// <summary>counter, gauge or histogram.</summary>
    public static string TypeOf(Instrument instrument)
    {
        string type = instrument.GetType().Name;
        return type.StartsWith("Histogram", StringComparison.Ordinal) ? "histogram"
            : type.StartsWith("Counter", StringComparison.Ordinal) || type.StartsWith("ObservableCounter", StringComparison.Ordinal) ? "counter"
            : "gauge";
    }
}
