namespace Capstan.ClientGateway.Administration;

internal sealed partial class GatewayAdministration(GatewayCore core) : IGatewayAdministration
{
    public Action<string, TimeSpan, bool>? RequestAnswered
    {
        get => core.Session.Timer.Answered;
        set => core.Session.Timer.Answered = value;
    }

    public Action<TimeSpan>? RevokeAnswered
    {
        get => core.Caps.RevokeAnswered;
        set => core.Caps.RevokeAnswered = value;
    }

    public CacheLimits Limits
    {
        get => core.Limits;
        set => core.Limits = value;
    }

    public GatewaySnapshot Figures()
    {
        lock (core.Gate)
            return GatewayReport.Take(core, withDirectories: false);
    }
}
