using Capstan.ClientGateway;

namespace Capstan.WebUi.Administration;

/// <summary>The gateway's figures as tiles: as they are now, over the last minute and over the last hour; and what follows from them.</summary>
public sealed class CacheViewModel(IGatewayAdministration gateway, CacheHistory history)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan AdviceWindow = TimeSpan.FromMinutes(5);

    private HistorySample _minuteAgo = HistorySample.Start;
    private HistorySample _hourAgo = HistorySample.Start;

    public GatewaySnapshot Now { get; private set; } = gateway.Figures();

    public IReadOnlyList<Advice> Advice { get; private set; } = [];

    public void Refresh()
    {
        Now = gateway.Figures();
        _minuteAgo = history.Before(Minute);
        _hourAgo = history.Before(Hour);
        Advice = AdviceRules.Of(new AdviceFacts(Now, history.Before(AdviceWindow), AdviceWindow, gateway.Revokes(), gateway.RevokedLately(Minute)));
    }

    /// <summary>Hits and misses in the last minute and in the last hour.</summary>
    public (HitRatio Now, HitRatio Hour) Pages => Of(Now.Pages, s => s.Pages);

    public (HitRatio Now, HitRatio Hour) Attributes => Of(Now.Attributes, s => s.Attributes);

    public (HitRatio Now, HitRatio Hour) NegativeNames => Of(Now.NegativeNames, s => s.NegativeNames);

    public (HitRatio Now, HitRatio Hour) Xattrs => Of(Now.NegativeXattrs, s => s.Xattrs);

    public double? SavedRatio => new HitRatio(Now.RoundTripsSaved, Now.Requests).Value;

    public double? AsynchronousRatio => new HitRatio(Now.AsynchronousOperations, Now.PipelinedOperations).Value;

    public double? ReadaheadUseful => new HitRatio(Now.ReadaheadUseful, Now.ReadaheadWasted).Value;

    public double MemoryFraction => Now.BudgetBytes <= 0 ? 0 : Math.Clamp((double)(Now.CachedBytes + Now.ArrangedBytes) / Now.BudgetBytes, 0, 1);

    private (HitRatio Now, HitRatio Hour) Of(HitRatio now, Func<HistorySample, HitRatio> read) =>
        (HistorySample.Between(read(_minuteAgo), now), HistorySample.Between(read(_hourAgo), now));
}
