using System.Net;

namespace Capstan.WebUi.Hosting;

/// <summary>
/// There is no log-in yet: whoever reaches the server acts as its user. So it listens on loopback only, answers to loopback
/// names only (a page elsewhere could have its name resolve to us), and refuses what pages of other origins send.
/// </summary>
internal static class LoopbackOnly
{
    /// <summary>What is wrong with the configured addresses, in words; null when nothing is.</summary>
    public static string? Problem(IConfiguration configuration, CapstanOptions options)
    {
        if (!ListenAddress.TryParse(options.Listen, out _, out string? problem))
            return problem;
        // Kestrel opens these beside ours.
        foreach (IConfigurationSection endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
            if (endpoint["Url"] is string url && !ListenAddress.TryParse(url, out _, out problem))
                return $"Kestrel:Endpoints:{endpoint.Key}: {problem}";
        return null;
    }

    public static IApplicationBuilder UseLoopbackOnly(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (!IsLoopbackName(context.Request.Host.Host) || !IsSameOrigin(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync("Capstan answers only to pages of its own, on this machine.");
            return;
        }
        await next(context);
    });

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip));

    // Browsers send Origin with every WebSocket and every cross-origin request that changes something.
    private static bool IsSameOrigin(HttpRequest request) =>
        !request.Headers.TryGetValue("Origin", out Microsoft.Extensions.Primitives.StringValues origin)
        || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
}
