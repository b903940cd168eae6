using Capstan.Shared;

namespace Capstan.WebUi.Hosting;

/// <summary>On whose behalf a request to the gateway is made.</summary>
public interface ICallerProvider
{
    Caller Caller { get; }
}

/// <summary>One identity for everybody: the configured one, or that of the process. Right for one user on loopback.</summary>
internal sealed class ConfiguredCaller(IdentityOptions options) : ICallerProvider
{
    public Caller Caller { get; } = Resolve(options);

    private static Caller Resolve(IdentityOptions options)
    {
        Caller process = ProcessIdentity.Current();
        bool other = options.Uid is uint uid && uid != process.Uid;
        // Another user does not inherit the groups of this process.
        return new Caller(
            options.Uid ?? process.Uid,
            options.Gid ?? (other ? options.Uid!.Value : process.Gid),
            options.Groups ?? (other ? [] : process.Groups));
    }
}
