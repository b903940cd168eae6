using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Capstan.WebUi.Hosting;

internal static class FreePort
{
    public static bool IsTaken(ListenAddress address)
    {
        try
        {
            using TcpListener probe = new(address.Address, address.Port);
            probe.Start();
            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return true;
        }
    }

    /// <summary>The first port after that of <paramref name="url"/> on which nobody listens.</summary>
    public static int After(string url)
    {
        int port = Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) ? uri.Port : 5080;
        HashSet<int> taken = [.. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(e => e.Port)];
        do
            port = port >= IPEndPoint.MaxPort ? 5080 : port + 1;
        while (taken.Contains(port));
        return port;
    }
}
