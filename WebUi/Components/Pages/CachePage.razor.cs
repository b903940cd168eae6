using Capstan.ClientGateway;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.ViewModels;
using Microsoft.AspNetCore.Components;

namespace Capstan.WebUi.Components.Pages;

/// <summary>The gateway's caches, caps and session, twice a second.</summary>
public sealed partial class CachePage : PolledComponent
{
    private CacheViewModel _cache = null!;

    [Inject]
    private IFileSystemClient Client { get; set; } = null!;

    protected override TimeSpan Period => TimeSpan.FromMilliseconds(500);

    private GatewaySnapshot S => _cache.Snapshot;

    private string SessionNote => S.Session.Id.Length == 0
        ? "No session"
        : $"{S.Session.Id} · epoch {S.Session.Epoch.Value} · lease {TimeText.Duration(S.Session.LeaseRemaining)} · round trip {TimeText.Milliseconds(S.Session.RoundTrip)} · {S.Session.InFlight} in flight · {SizeText.Count(S.Session.Reconnects, "reconnect")}";

    protected override void OnInitialized()
    {
        _cache = new CacheViewModel(Client);
        base.OnInitialized();
    }

    protected override bool Poll() => _cache.Tick();

    private static string Hits(HitRatio ratio) => $"{SizeText.Number(ratio.Hits)} hits, {SizeText.Number(ratio.Misses)} misses";
}
