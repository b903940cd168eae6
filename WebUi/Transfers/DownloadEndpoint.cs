using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Transfers;

/// <summary>
/// GET and HEAD of a file's content: /download/path as an attachment, /preview/path in place when its type can do no harm.
/// </summary>
internal static class DownloadEndpoint
{
    private const string Downloads = "/download/";
    private const string Previews = "/preview/";

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void MapDownloads(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods(Downloads + "{**path}", Reading, (HttpContext context, IFileSystemClient client, ICallerProvider identity) =>
            SendAsync(context, client, identity.Caller, Downloads, ContentForm.Attachment));
        endpoints.MapMethods(Previews + "{**path}", Reading, (HttpContext context, IFileSystemClient client, ICallerProvider identity) =>
            SendAsync(context, client, identity.Caller, Previews, ContentForm.Preview));
    }

    private static async Task SendAsync(HttpContext context, IFileSystemClient client, Caller caller, string prefix, Func<FileName, ContentForm> formOf)
    {
        CancellationToken aborted = context.RequestAborted;
        if (!TargetPath.TryRead(context, prefix, out FilePath path))
        {
            await Refusal.SendAsync(context, FsErrno.NoEntry);
            return;
        }
        FsResult<ResolvedPath> resolved = await client.ResolveAsync(caller, path.Names, aborted);
        if (!resolved.IsOk || resolved.Value.Attributes.Kind != FileKind.File)
        {
            await Refusal.SendAsync(context, resolved.IsOk ? FsErrno.IsDirectory : resolved.Errno);
            return;
        }
        await FileAnswer.SendAsync(context, client, caller, resolved.Value, formOf(path.Name), aborted);
    }
}
