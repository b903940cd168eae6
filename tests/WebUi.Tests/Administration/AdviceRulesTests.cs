using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.Administration;

namespace Capstan.WebUi.Tests.Administration;

public sealed class AdviceRulesTests
{
    private static readonly GatewaySnapshot Quiet = new()
    {
        Session = new SessionSnapshot(SessionState.Open, "5f3a09c1", new Epoch(1), default, default, 0, 0, ""),
        Pages = default,
        Attributes = default,
        NegativeNames = default,
        NegativeXattrs = default,
        Fallbacks = new Dictionary<FallbackReason, long>(),
        CapsByClass = new Dictionary<CapBits, int>(),
        Directories = [],
    };

    [Fact]
    public void Of_AQuietGateway_SaysNothing() => Assert.Empty(Advise(Quiet));

    [Theory]
    [InlineData(20, 0, true)]
    [InlineData(19, 0, false)]
    [InlineData(50, 50, false)]
    [InlineData(51, 50, true)]
    public void Of_EvictionsByPressure_MoreThanOthersAndNotFew_SaysTheBudget(long pressed, long revoked, bool says)
    {
        Dictionary<EvictionCause, long> before = new() { [EvictionCause.Pressure] = 100 };
        Dictionary<EvictionCause, long> now = new() { [EvictionCause.Pressure] = 100 + pressed, [EvictionCause.Revoked] = revoked };

        IReadOnlyList<Advice> advice = Advise(Quiet with { Evictions = now, BudgetBytes = 1 << 20 }, new HistorySample { Evictions = before });

        Assert.Equal(says, advice.Any(a => a.Id == "budget"));
        if (says)
            Assert.Contains($"{pressed} pages were given up in the last 5 minutes because 1 MiB were full, {revoked} because", advice[0].Detail);
    }

    [Fact]
    public void Of_ADirectoryRevokedOften_SaysWhichAndHowOften()
    {
        Advice advice = Assert.Single(Advise(Quiet, revoked: [("/shared & more", 40), ("/b", 12)]));

        Assert.Equal("thrashing", advice.Id);
        Assert.Contains("/shared & more: revoked 40 times in the last minute", advice.Detail);
        Assert.Equal("/admin/cache?table=revoked&path=%2Fshared%20%26%20more", advice.Url);
        Assert.Empty(Advise(Quiet, revoked: [("/a", 9)]));
    }

    [Fact]
    public void Of_ReadaheadGivenUpUnread_SaysBothNumbers()
    {
        Advice advice = Assert.Single(Advise(Quiet with { ReadaheadWasted = 70, ReadaheadUseful = 40 }, new HistorySample { ReadaheadWasted = 10, ReadaheadUseful = 10 }));

        Assert.Equal("readahead", advice.Id);
        Assert.Contains("60 were given up unread and 30 were used", advice.Detail);
        Assert.Empty(Advise(Quiet with { ReadaheadWasted = 30, ReadaheadUseful = 31 }));
    }

    [Theory]
    [InlineData(4.9, false)]
    [InlineData(5, true)]
    public void Of_ARevokeThatWaits_SaysTheJobThatHoldsIt(double seconds, bool says)
    {
        IReadOnlyList<Advice> advice = Advise(Quiet, revokes: [new RevokeSnapshot(new InodeId(7), "/busy", CapBits.Exclusive, TimeSpan.FromSeconds(seconds), 412, ["Delete 5,000 items"])]);

        Assert.Equal(says, advice.Any(a => a.Id == "revoke"));
        if (says)
            Assert.Contains("held by 412 operations of \"Delete 5,000 items\"", advice[0].Detail);
    }

    [Theory]
    [InlineData(false, 0, 100, 1, true)]
    [InlineData(true, 0, 100, 1, false)]
    [InlineData(true, 10, 9, 1, true)]
    [InlineData(true, 3, 0, 1, false)]
    [InlineData(true, 0, 100, 9, true)]
    public void Of_Redis_GoneOrBypassedOrSlower_SaysSo(bool isOn, long bypassed, long answered, double readMs, bool says)
    {
        SharedCacheSnapshot shared = new(isOn, new HitRatio(answered, 0), bypassed, 0, 0, 0, isOn ? 0 : 1) { ReadMedian = TimeSpan.FromMilliseconds(readMs) };

        IReadOnlyList<Advice> advice = Advise(Quiet with { SharedCache = shared, RequestMedian = TimeSpan.FromMilliseconds(5) });

        Assert.Equal(says, advice.Any(a => a.Id == "redis"));
        if (says)
            Assert.Contains($"{bypassed} reads went past it and {answered} were answered", advice[0].Detail);
    }

    private static IReadOnlyList<Advice> Advise(
        GatewaySnapshot now, HistorySample? before = null, IReadOnlyList<RevokeSnapshot>? revokes = null, IReadOnlyList<(string Path, int Revokes)>? revoked = null) =>
        AdviceRules.Of(new AdviceFacts(now, before ?? HistorySample.Start, TimeSpan.FromMinutes(5), revokes ?? [], revoked ?? []));
}
