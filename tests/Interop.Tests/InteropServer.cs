using Capstan.Shared.Wire;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Capstan.Interop.Tests;

/// <summary>Our server with <see cref="InteropService"/>.</summary>
public sealed class InteropServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private InteropServer(WebApplication app, string address)
    {
        _app = app;
        Address = address;
    }

    /// <summary>As <see cref="WireChannel.Create(string)"/> takes it.</summary>
    public string Address { get; }

    public int Port => new Uri(Address).Port;

    public static async Task<InteropServer> StartAsync(string address = "http://127.0.0.1:0")
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.UseWireLimits();
            kestrel.ListenWire(address);
        });
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<InteropProbe>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(200));
        WebApplication app = builder.Build();
        app.MapGrpcService<InteropService>();
        await app.StartAsync();
        string bound = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        return new InteropServer(app, address.StartsWith("unix:", StringComparison.Ordinal) ? address : bound);
    }

    public InteropProbe Probe => _app.Services.GetRequiredService<InteropProbe>();

    public GrpcChannel CreateChannel() => WireChannel.Create(Address);

    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
