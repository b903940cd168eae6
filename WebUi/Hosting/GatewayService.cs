using Capstan.ClientGateway;

namespace Capstan.WebUi.Hosting;

/// <summary>Connects the gateway when the program starts, after an embedded MDS has come up.</summary>
internal sealed partial class GatewayService(Gateway gateway, TimeProvider time, ILogger<GatewayService> logger) : IHostedService
{
    /// <summary>An MDS elsewhere may be down: the web starts all the same and says so on its pages.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        gateway.Start();
        try
        {
            await gateway.Opened.WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            LogNotConnected();
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await gateway.DisposeAsync();

    [LoggerMessage(5101, LogLevel.Warning, "The metadata server has not answered yet; the gateway keeps trying.")]
    private partial void LogNotConnected();
}
