using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels.Archives;

namespace Capstan.WebUi.Transfers.Archives;

/// <summary>
/// GET /archive/TICKET/name.zip: a selection as a zip, packed while it is sent. Its length is not known beforehand; when it breaks, the
/// connection is aborted, and the browser shows a failed download instead of a part.
/// </summary>
internal static partial class ArchiveEndpoint
{
    private const int BufferSize = 64 * 1024;

    public static void MapArchives(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/archive/{ticket}/{name}", SendAsync);

    private static async Task SendAsync(HttpContext context, string ticket, ArchiveTickets tickets, IFileSystemClient client, ICallerProvider identity, TimeProvider time, ILogger<ArchiveTickets> logger)
    {
        if (tickets.Find(ticket, identity.Caller) is not { } found)
        {
            await Refusal.SendAsync(context, StatusCodes.Status404NotFound, "This download is no longer prepared: it is for some minutes. Select the files and download them again.");
            return;
        }
        HttpResponse response = context.Response;
        response.ContentType = "application/zip";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentDisposition = ContentDisposition.Attachment(NameOf(found.Name));
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'; frame-ancestors 'none'";
        try
        {
            // Not disposed: that would flush what is left of a broken archive.
            BufferedStream buffered = new(response.Body, BufferSize);
            await new ArchiveStream(client, found, time).WriteAsync(buffered, context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The browser has cancelled it, or has gone.
        }
        catch (IOException e)
        {
            LogBroken(logger, e);
            context.Abort();
        }
    }

    private static FileName NameOf(FileName name) => FileName.TryCreate([.. name.Span, .. ".zip"u8], out FileName zip) == FsErrno.Ok ? zip : FileName.Create("archive.zip");

    [LoggerMessage(5211, LogLevel.Warning, "An archive could not be sent to its end; the download was broken off.")]
    private static partial void LogBroken(ILogger logger, Exception e);
}
