using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Capstan.Shared.Metrics;

/// <summary>What a program answers to the machines that watch it: figures, life, readiness.</summary>
public static class MetricsEndpoint
{
    public const string MetricsPath = "/metrics";
    public const string HealthPath = "/healthz";
    public const string ReadinessPath = "/readyz";

    public static IServiceCollection AddPrometheus(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<PrometheusExporter>();
        return services;
    }

    /// <param name="health">What is wrong so that only a new start mends it; null: nothing.</param>
    /// <param name="readiness">Why requests should go elsewhere for now; null: they are welcome.</param>
    public static void MapMachines(this IEndpointRouteBuilder endpoints, Func<string?> health, Func<string?> readiness)
    {
        endpoints.MapGet(MetricsPath, (PrometheusExporter exporter) => Results.Text(exporter.Scrape(), PrometheusExporter.ContentType));
        endpoints.MapGet(HealthPath, () => Answer(health()));
        endpoints.MapGet(ReadinessPath, () => Answer(health() ?? readiness()));
    }

    private static IResult Answer(string? problem) =>
        Results.Text((problem ?? "ok") + "\n", "text/plain", statusCode: problem is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
}
