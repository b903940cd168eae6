using Capstan.ClientGateway.Session;
using Capstan.Shared.Wire;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;

namespace Capstan.ClientGateway;

/// <summary>A running gateway: the rules, their connection and their face.</summary>
public sealed class Gateway : IAsyncDisposable
{
    private readonly GrpcChannel _channel;
    private readonly SessionLoop _loop;

    /// <summary>Makes the gateway; <see cref="Start"/> connects it.</summary>
    public Gateway(GatewayOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        _channel = WireChannel.Create(options.Endpoint);
        Core = new GatewayCore(options, time);
        _loop = new SessionLoop(Core, _channel, loggers.CreateLogger<SessionLoop>());
        Client = new FileSystemClient(Core, _loop, new ContentClient(_channel));
    }

    public IFileSystemClient Client { get; }

    internal GatewayCore Core { get; }

    /// <summary>Completes when the session has been open once.</summary>
    public Task Opened => _loop.FirstOpened;

    /// <summary>Starts to connect and returns at once; an MDS that is not there yet is waited for.</summary>
    public void Start() => _loop.Start();

    /// <summary>Cuts the connection, for tests and for administrators; the session resumes by itself.</summary>
    public void Reconnect() => _loop.Reconnect();

    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync().ConfigureAwait(false);
        _channel.Dispose();
    }
}
