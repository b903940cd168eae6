using System.Numerics;

namespace Capstan.Shared;

/// <summary>
/// How long something took, over and over: counts by size, four to a power of two of a microsecond, so that a percentile is exact
/// to a fifth. Both ends measure the same revokes with it. Adding costs a few nanoseconds; not thread-safe.
/// </summary>
public sealed class LatencyDistribution
{
    private const int Steps = 4;

    private readonly long[] _counts = new long[64 * Steps];

    public long Count { get; private set; }

    public void Add(TimeSpan latency)
    {
        _counts[BucketOf((ulong)Math.Max(0, latency.Ticks / TimeSpan.TicksPerMicrosecond))]++;
        Count++;
    }

    /// <summary>As it is now.</summary>
    public LatencyCounts Counts() => new([.. _counts]);

    /// <summary>The upper end of the bucket in which the share lies; zero when nothing was added.</summary>
    /// <param name="share">0.5 for the median.</param>
    public TimeSpan Percentile(double share) => Percentile(_counts, Count, share);

    internal static TimeSpan Percentile(long[] counts, long count, double share)
    {
        long wanted = Math.Max(1, (long)Math.Ceiling(count * share)), seen = 0;
        for (int bucket = 0; count > 0 && bucket < counts.Length; bucket++)
        {
            seen += counts[bucket];
            if (seen >= wanted)
                return TimeSpan.FromMicroseconds(UpperEnd(bucket));
        }
        return TimeSpan.Zero;
    }

    private static int BucketOf(ulong microseconds)
    {
        if (microseconds < Steps)
            return (int)microseconds;
        int power = BitOperations.Log2(microseconds);
        return ((power - 1) * Steps) + (int)((microseconds >> (power - 2)) & (Steps - 1));
    }

    private static double UpperEnd(int bucket)
    {
        if (bucket < Steps)
            return bucket;
        int power = (bucket / Steps) + 1;
        return Math.ScaleB(Steps + (bucket % Steps) + 1, power - 2) - 1;
    }
}
