using System.Net;
using System.Net.Sockets;

namespace Capstan.TestKit;

/// <summary>A TCP port of the loopback address on which nobody listened a moment ago. Where a server can take port 0 itself, let it.</summary>
public static class FreePort
{
    public static int Next()
    {
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
