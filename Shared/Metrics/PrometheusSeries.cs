using System.Globalization;
using System.Text;

namespace Capstan.Shared.Metrics;

/// <summary>One instrument under one set of labels.</summary>
internal sealed class PrometheusSeries(string labels, double[]? bounds)
{
    private readonly long[] _buckets = bounds is null ? [] : new long[bounds.Length + 1];
    private double _sum;
    private long _count;

    public double Value { get; set; }

    public void Observe(double value)
    {
        int bucket = Array.BinarySearch(bounds!, value);
        _buckets[bucket < 0 ? ~bucket : bucket]++;
        _sum += value;
        _count++;
    }

    public void Write(StringBuilder text, string name)
    {
        if (bounds is null)
        {
            Line(text, name, labels, Value);
            return;
        }
        long seen = 0;
        for (int i = 0; i < _buckets.Length; i++)
        {
            seen += _buckets[i];
            string bound = i < bounds.Length ? bounds[i].ToString("R", CultureInfo.InvariantCulture) : "+Inf";
            Line(text, name + "_bucket", labels.Length == 0 ? $"le=\"{bound}\"" : $"{labels},le=\"{bound}\"", seen);
        }
        Line(text, name + "_sum", labels, _sum);
        Line(text, name + "_count", labels, _count);
    }

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }
}
