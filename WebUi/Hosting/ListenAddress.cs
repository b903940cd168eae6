using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Capstan.WebUi.Hosting;

/// <summary>An address that browsers on this machine, and no others, can reach.</summary>
internal sealed record ListenAddress(IPAddress Address, int Port)
{
    public string Url => $"http://{new IPEndPoint(Address, Port)}";

    public static bool TryParse(string text, [NotNullWhen(true)] out ListenAddress? address, [NotNullWhen(false)] out string? problem)
    {
        address = null;
        problem = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0 || uri.PathAndQuery is not "/")
            problem = $"'{text}' is not an address to listen on. Write it like {CapstanOptions.DefaultListen}.";
        else if (uri.Scheme != Uri.UriSchemeHttp)
            problem = $"'{text}': only http:// is served. Put a proxy with TLS before it.";
        else if (!TryLoopback(uri, out IPAddress? ip))
            problem = $"'{text}' can be reached from other machines. Capstan has no log-in yet, so it listens on loopback only: use {CapstanOptions.DefaultListen}.";
        else
            address = new ListenAddress(ip, uri.Port);
        return problem is null && address is not null;
    }

    private static bool TryLoopback(Uri uri, [NotNullWhen(true)] out IPAddress? ip)
    {
        // Only the name itself: what another name resolves to can change after the check.
        if (uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            ip = IPAddress.Loopback;
            return true;
        }
        return IPAddress.TryParse(uri.Host.Trim('[', ']'), out ip) && IPAddress.IsLoopback(ip);
    }
}
