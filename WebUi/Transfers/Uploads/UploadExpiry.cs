using Capstan.WebUi.Transfers.Uploads.Sets;

namespace Capstan.WebUi.Transfers.Uploads;

/// <summary>Once an hour, uploads that nobody continues are dropped.</summary>
internal sealed partial class UploadExpiry(UploadStore store, UploadSets sets, TimeProvider time, ILogger<UploadExpiry> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(TimeSpan.FromHours(1), time);
        try
        {
            do
                DeleteExpired();
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends.
        }
    }

    private void DeleteExpired()
    {
        try
        {
            if (sets.DeleteExpired() + store.DeleteExpired() is var count and > 0)
                LogExpired(count);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogFailed(e);
        }
    }

    [LoggerMessage(5201, LogLevel.Information, "Dropped {Count} uploads that nobody continued.")]
    private partial void LogExpired(int count);

    [LoggerMessage(5202, LogLevel.Warning, "Uploads that nobody continues could not be dropped.")]
    private partial void LogFailed(Exception e);
}
