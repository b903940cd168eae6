using Capstan.ClientGateway;
using Capstan.Shared.Metrics;

namespace Capstan.WebUi.Hosting;

/// <summary>What the web answers to machines that watch it: /metrics, /healthz, /readyz.</summary>
internal static class MachineHosting
{
    public static WebApplicationBuilder AddCapstanMachines(this WebApplicationBuilder builder)
    {
        builder.Services.AddPrometheus();
        builder.Services.AddSingleton<GatewayMetrics>();
        return builder;
    }

    /// <summary>Alive: no loop has died. Ready: the session with the MDS is open, so that requests are answered and not only kept waiting.</summary>
    public static void MapCapstanMachines(this WebApplication app)
    {
        IServiceProvider services = app.Services;
        if (services.GetService<IGatewayAdministration>() is not null)
            services.GetRequiredService<GatewayMetrics>();
        services.GetRequiredService<PrometheusExporter>();
        app.MapMachines(() => services.GetService<EmbeddedMds>()?.Health, () => Waiting(services.GetRequiredService<IFileSystemClient>()));
    }

    private static string? Waiting(IFileSystemClient client) => client.Session.State switch
    {
        SessionState.Open => null,
        SessionState.Reclaiming => "the session with the metadata server is being resumed",
        SessionState.Connecting => "the metadata server cannot be reached",
        _ => "there is no session with the metadata server",
    };
}
