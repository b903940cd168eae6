namespace Capstan.Shared;

/// <summary>A <see cref="LatencyDistribution"/> at one moment. The difference of two tells of the time between.</summary>
public sealed class LatencyCounts
{
    private readonly long[] _counts;

    internal LatencyCounts(long[] counts)
    {
        _counts = counts;
        Count = counts.Sum();
    }

    public static LatencyCounts None { get; } = new LatencyDistribution().Counts();

    public long Count { get; }

    public LatencyCounts Since(LatencyCounts before)
    {
        long[] difference = new long[_counts.Length];
        for (int i = 0; i < difference.Length; i++)
            difference[i] = _counts[i] - before._counts[i];
        return new LatencyCounts(difference);
    }

    /// <summary>The upper end of the bucket in which the share lies; zero when nothing was added.</summary>
    /// <param name="share">0.5 for the median.</param>
    public TimeSpan Percentile(double share) => LatencyDistribution.Percentile(_counts, Count, share);
}
