namespace Capstan.WebUi.Hosting;

/// <summary>
/// A server that stops takes no new requests. Circuits are closed when it begins to, and browsers reconnect at once: one that got
/// in again would keep the server until the end of its shutdown timeout.
/// </summary>
internal static class StopGate
{
    public static IApplicationBuilder UseStopGate(this WebApplication app)
    {
        CancellationToken stopping = app.Lifetime.ApplicationStopping;
        return app.Use((context, next) =>
        {
            if (!stopping.IsCancellationRequested)
                return next(context);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        });
    }
}
