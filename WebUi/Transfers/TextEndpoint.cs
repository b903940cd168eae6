using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Preview;
using Microsoft.Net.Http.Headers;

namespace Capstan.WebUi.Transfers;

/// <summary>
/// PUT /content/path: the editor's save. It says with If-Match which version it replaces (428 without); another version there is 412 with what is
/// there now, and nothing is changed. Who overwrites it knowingly names that version.
/// </summary>
internal static class TextEndpoint
{
    private const string Prefix = "/content/";

    public static void MapTexts(this IEndpointRouteBuilder endpoints) => endpoints.MapPut(Prefix + "{**path}", SaveAsync);

    private static async Task SaveAsync(HttpContext context, IFileSystemClient client, ICallerProvider identity)
    {
        CancellationToken aborted = context.RequestAborted;
        HttpRequest request = context.Request;
        if (!TargetPath.TryRead(context, Prefix, out FilePath path) || path.IsRoot)
        {
            await Refusal.SendAsync(context, FsErrno.NoEntry);
            return;
        }
        if (request.ContentLength is not { } length)
        {
            await Refusal.SendAsync(context, StatusCodes.Status411LengthRequired, "The length of the text is missing.");
            return;
        }
        if (length > PreviewItem.MaxEditable)
        {
            await Refusal.SendAsync(context, StatusCodes.Status413PayloadTooLarge, $"The editor saves up to {SizeText.Bytes(PreviewItem.MaxEditable)}. Upload the file instead.");
            return;
        }
        if (!EntityTagHeaderValue.TryParse(request.Headers.IfMatch.ToString(), out EntityTagHeaderValue? expected))
        {
            await Refusal.SendAsync(context, StatusCodes.Status428PreconditionRequired, "It was not said which version is to be replaced.");
            return;
        }
        FsResult<ResolvedPath> found = await client.ResolveAsync(identity.Caller, path.Names, aborted);
        if (!found.IsOk || found.Value.Attributes.Kind != FileKind.File)
        {
            await Refusal.SendAsync(context, found.IsOk ? FsErrno.IsDirectory : found.Errno);
            return;
        }
        if (!FileAnswer.TagOf(found.Value.Attributes).Compare(expected, useStrongComparison: true))
        {
            await TellNewerAsync(context, found.Value.Attributes);
            return;
        }
        FsResult<InodeAttributes> written = await client.WriteContentAsync(identity.Caller, found.Value.Address, request.Body, length, found.Value.Attributes.Content, aborted);
        if (written.IsOk)
        {
            context.Response.Headers.ETag = FileAnswer.TagOf(written.Value).ToString();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else if (written.Errno == FsErrno.Stale && await client.ResolveAsync(identity.Caller, path.Names, aborted) is { IsOk: true } now)
        {
            await TellNewerAsync(context, now.Value.Attributes); // between our look and the write
        }
        else
        {
            await Refusal.SendAsync(context, written.Errno);
        }
    }

    private static Task TellNewerAsync(HttpContext context, InodeAttributes there)
    {
        context.Response.StatusCode = StatusCodes.Status412PreconditionFailed;
        context.Response.Headers.ETag = FileAnswer.TagOf(there).ToString();
        return context.Response.WriteAsJsonAsync(new { tag = FileAnswer.TagOf(there).ToString(), size = there.Size, mtimeMs = there.MtimeNs / 1_000_000 });
    }
}
