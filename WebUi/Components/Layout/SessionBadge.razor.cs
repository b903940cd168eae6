using Capstan.ClientGateway;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.ViewModels;
using Microsoft.AspNetCore.Components;

namespace Capstan.WebUi.Components.Layout;

/// <summary>Whether the metadata server can be reached.</summary>
public sealed partial class SessionBadge : PolledComponent
{
    private string _text = "";
    private string _title = "";
    private string _tone = "";

    [Inject]
    private IFileSystemClient Client { get; set; } = null!;

    protected override TimeSpan Period => TimeSpan.FromSeconds(1);

    protected override bool Poll()
    {
        SessionSnapshot session = Client.Session;
        (string text, string tone) = session.State switch
        {
            SessionState.Open => ("Connected", "good"),
            SessionState.Reclaiming => ("Reconnecting…", "busy"),
            SessionState.Connecting => ("Connecting…", "busy"),
            _ => ("Offline", "bad"),
        };
        string title = $"{session.Endpoint}, round trip {TimeText.Milliseconds(session.RoundTrip)}";
        bool changed = (text, title) != (_text, _title);
        (_text, _title, _tone) = (text, title, tone);
        return changed;
    }
}
