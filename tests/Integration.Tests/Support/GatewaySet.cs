using Capstan.ClientGateway;
using Capstan.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Capstan.Integration.Tests;

/// <summary>The gateways of a test, closed with it.</summary>
internal sealed class GatewaySet : IAsyncDisposable
{
    private readonly List<Gateway> _gateways = [];

    public async Task<Gateway> StartAsync(string address, Func<GatewayOptions, GatewayOptions>? configure = null, TimeProvider? time = null)
    {
        GatewayOptions options = new() { Endpoint = address };
        Gateway gateway = new(configure?.Invoke(options) ?? options, time ?? TimeProvider.System, NullLoggerFactory.Instance);
        gateway.Start();
        lock (_gateways)
            _gateways.Add(gateway);
        await Eventually.OfAsync(gateway.Opened, $"a session at {address}");
        return gateway;
    }

    public async ValueTask DisposeAsync()
    {
        Gateway[] gateways;
        lock (_gateways)
        {
            gateways = [.. _gateways];
            _gateways.Clear();
        }
        await Task.WhenAll(gateways.Select(g => g.DisposeAsync().AsTask()));
    }
}
