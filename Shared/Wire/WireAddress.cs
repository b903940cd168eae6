namespace Capstan.Shared.Wire;

/// <summary>Where an MDS listens: <c>unix:/path/to.sock</c> or <c>http://host:port</c>.</summary>
public sealed record WireAddress
{
    private const string UnixScheme = "unix:";

    private WireAddress(string? socketPath, Uri? uri)
    {
        SocketPath = socketPath;
        Uri = uri;
    }

    /// <summary>Path of a Unix domain socket; null for TCP.</summary>
    public string? SocketPath { get; }

    /// <summary>Host and port; null for a Unix domain socket.</summary>
    public Uri? Uri { get; }

    public static WireAddress Parse(string text)
    {
        if (text.StartsWith(UnixScheme, StringComparison.OrdinalIgnoreCase) && text.Length > UnixScheme.Length)
            return new WireAddress(text[UnixScheme.Length..], null);
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http")
            return new WireAddress(null, uri);
        throw new FormatException($"'{text}' is no address: give unix:/path/to.sock or http://host:port.");
    }

    public override string ToString() => SocketPath is null ? Uri!.GetLeftPart(UriPartial.Authority) : UnixScheme + SocketPath;
}
