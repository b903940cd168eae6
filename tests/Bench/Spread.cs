namespace Capstan.Bench;

/// <summary>What many measurements of one thing say.</summary>
internal sealed record Spread(int Count, double Median, double P99, double Worst)
{
    public static Spread Of(IEnumerable<double> measured)
    {
        double[] sorted = [.. measured.Order()];
        return sorted.Length == 0 ? new(0, double.NaN, double.NaN, double.NaN) : new(sorted.Length, At(0.5), At(0.99), sorted[^1]);

        double At(double share) => sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }
}
