using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Capstan.Shared.Wire;

/// <summary>Makes Kestrel fit for sessions: long-lived, often silent streams with wide windows.</summary>
public static class KestrelWire
{
    private const int StreamWindowSize = 4 * 1024 * 1024;
    private const int ConnectionWindowSize = 8 * 1024 * 1024;
    private const int MaxStreamsPerConnection = 1024;

    /// <summary>Without these an idle session is taken for a slow attacker and cut.</summary>
    public static void UseWireLimits(this KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.MaxRequestBodySize = null;
        options.Limits.Http2.InitialStreamWindowSize = StreamWindowSize;
        options.Limits.Http2.InitialConnectionWindowSize = ConnectionWindowSize;
        options.Limits.Http2.MaxStreamsPerConnection = MaxStreamsPerConnection;
    }

    /// <summary>Listens for HTTP/2 without TLS at <c>unix:/path</c> or <c>http://ip:port</c> (port 0: any free one; localhost: both loopbacks).</summary>
    public static void ListenWire(this KestrelServerOptions options, string address)
    {
        WireAddress wire = WireAddress.Parse(address);
        if (wire.SocketPath is string path)
        {
            RemoveAbandonedSocket(path);
            options.ListenUnixSocket(path, UseHttp2);
        }
        else if (IPAddress.TryParse(wire.Uri!.Host.Trim('[', ']'), out IPAddress? ip))
        {
            options.Listen(ip, wire.Uri.Port, UseHttp2);
        }
        else if (wire.Uri.IsLoopback && wire.Uri.Port != 0)
        {
            options.ListenLocalhost(wire.Uri.Port, UseHttp2);
        }
        else
        {
            throw new FormatException($"Cannot listen at '{address}': name the host by its IP address.");
        }
    }

    /// <summary>Listens for HTTP/1 at <c>http://ip:port</c>, for scrapers and probes, which speak no HTTP/2 without TLS.</summary>
    public static void ListenStatus(this KestrelServerOptions options, string address)
    {
        WireAddress wire = WireAddress.Parse(address);
        if (wire.Uri is null || !IPAddress.TryParse(wire.Uri.Host.Trim('[', ']'), out IPAddress? ip))
            throw new FormatException($"Cannot answer scrapers at '{address}': give http://ip:port.");
        options.Listen(ip, wire.Uri.Port, listen => listen.Protocols = HttpProtocols.Http1);
    }

    private static void UseHttp2(ListenOptions listen) => listen.Protocols = HttpProtocols.Http2;

    /// <summary>A killed server leaves its socket file behind; a living one still answers there and keeps it.</summary>
    private static void RemoveAbandonedSocket(string path)
    {
        if (!File.Exists(path))
            return;
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException)
        {
            File.Delete(path);
            return;
        }
        throw new InvalidOperationException($"Another server listens at '{path}'.");
    }
}
