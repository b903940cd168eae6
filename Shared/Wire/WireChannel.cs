using System.Net.Sockets;
using Grpc.Net.Client;

namespace Capstan.Shared.Wire;

/// <summary>Makes channels to an MDS: HTTP/2 without TLS, over TCP or a Unix domain socket.</summary>
public static class WireChannel
{
    /// <summary>Largest frame that either side takes; <see cref="FrameLimits.MaxBytes"/> stays well below.</summary>
    public const int MaxMessageSize = 4 * 1024 * 1024;

    private const int StreamWindowSize = 8 * 1024 * 1024;

    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <param name="address"><c>unix:/path/to.sock</c> or <c>http://host:port</c>.</param>
    public static GrpcChannel Create(string address) => Create(WireAddress.Parse(address));

    public static GrpcChannel Create(WireAddress address) =>
        GrpcChannel.ForAddress(address.Uri ?? new Uri("http://localhost"), new GrpcChannelOptions
        {
            HttpHandler = CreateHandler(address),
            DisposeHttpClient = true,
            MaxReceiveMessageSize = MaxMessageSize,
            MaxSendMessageSize = MaxMessageSize,
        });

    private static SocketsHttpHandler CreateHandler(WireAddress address)
    {
        SocketsHttpHandler handler = new()
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            InitialHttp2StreamWindowSize = StreamWindowSize,
            // A peer that vanished without a word is noticed by the ping, not by the next request.
            KeepAlivePingDelay = PingInterval,
            KeepAlivePingTimeout = PingInterval,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            ConnectTimeout = ConnectTimeout,
            EnableMultipleHttp2Connections = true,
        };
        if (address.SocketPath is string path)
            handler.ConnectCallback = (_, cancellationToken) => ConnectAsync(path, cancellationToken);
        return handler;
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
