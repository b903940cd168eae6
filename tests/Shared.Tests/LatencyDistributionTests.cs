namespace Capstan.Shared.Tests;

public sealed class LatencyDistributionTests
{
    [Fact]
    public void Percentile_OfNothing_IsZero() => Assert.Equal(TimeSpan.Zero, new LatencyDistribution().Percentile(0.99));

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.99)]
    [InlineData(1)]
    public void Percentile_IsNotBelowTheTruthAndAtMostAFourthAbove(double share)
    {
        LatencyDistribution distribution = new();
        Random random = new(5);
        double[] all = [.. Enumerable.Range(0, 10_000).Select(_ => Math.Floor(Math.Exp(random.NextDouble() * 20))).Order()];
        foreach (double microseconds in all)
            distribution.Add(TimeSpan.FromMicroseconds(microseconds));
        double truth = all[(int)Math.Ceiling(all.Length * share) - 1];
        Assert.InRange(distribution.Percentile(share).TotalMicroseconds, truth, truth * 1.25);
    }
}
