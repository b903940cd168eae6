namespace Capstan.ClientGateway;

public enum MdsSessionState
{
    /// <summary>From before a restart; its gateway has not come back yet.</summary>
    Awaited = 0,
    Open = 1,

    /// <summary>Its lease has run out.</summary>
    Stale = 2,
}
