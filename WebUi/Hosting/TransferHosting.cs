using Capstan.WebUi.Components.Files;
using Capstan.WebUi.Components.Files.Commands;
using Capstan.WebUi.Transfers;
using Capstan.WebUi.Transfers.Archives;
using Capstan.WebUi.Transfers.Uploads;
using Capstan.WebUi.Transfers.Uploads.Sets;
using Capstan.WebUi.ViewModels.Archives;
using Capstan.WebUi.ViewModels.Commands;
using Capstan.WebUi.ViewModels.Uploads;

namespace Capstan.WebUi.Hosting;

/// <summary>Contents on their way in and out: over HTTP, never over a circuit.</summary>
internal static class TransferHosting
{
    public static IServiceCollection AddTransfers(this IServiceCollection services)
    {
        services.AddSingleton<ArchiveTickets>();
        services.AddSingleton<UploadStore>();
        services.AddSingleton<UploadSets>();
        services.AddSingleton<IUploadLog>(provider => provider.GetRequiredService<UploadSets>());
        services.AddHostedService<UploadExpiry>();
        services.AddSingleton<UploadFolders>();
        services.AddHostedService(provider => provider.GetRequiredService<UploadFolders>());
        services.AddScoped<PreviewOverlay>();
        services.AddFileCommand<PreviewCommand>();
        services.AddFileCommand<EditCommand>();
        services.AddFileCommand<DownloadCommand>();
        services.AddFileCommand<UploadFilesCommand>();
        services.AddFileCommand<UploadFolderCommand>();
        return services;
    }

    public static void MapTransfers(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapDownloads();
        endpoints.MapTexts();
        endpoints.MapArchives();
        endpoints.MapUploads();
    }
}
