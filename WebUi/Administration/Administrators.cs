using Capstan.Shared;
using Capstan.WebUi.Hosting;

namespace Capstan.WebUi.Administration;

/// <summary>Who may see and steer the client: uid 0, as long as everybody is the one configured identity.</summary>
public sealed class Administrators(ICallerProvider identity)
{
    public const string Refusal = "Only an administrator may see and steer the cache. Requests are made here as uid {0}; start Capstan with Capstan:Identity:Uid=0 to administer it.";

    public Caller Caller => identity.Caller;

    public bool IsAdministrator => identity.Caller.Uid == 0;

    public string RefusalText => string.Format(System.Globalization.CultureInfo.InvariantCulture, Refusal, identity.Caller.Uid);
}
