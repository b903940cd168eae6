using System.Globalization;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Capstan.WebUi.Transfers;

/// <summary>
/// GET and HEAD /download/path: a file's content, streamed from the gateway, whole or a range of it. An error before the first
/// byte is a status in words; after it the connection is aborted, so that no browser takes a part for the whole.
/// </summary>
internal static class DownloadEndpoint
{
    private const string Prefix = "/download/";

    public static void MapDownloads(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods(Prefix + "{**path}", [HttpMethods.Get, HttpMethods.Head], DownloadAsync);

    private static async Task DownloadAsync(HttpContext context, IFileSystemClient client, ICallerProvider identity)
    {
        CancellationToken aborted = context.RequestAborted;
        // The raw target: the path has been decoded in a way that some names do not survive.
        string target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        if (!FilePath.TryParseUrl(target, Prefix, out FilePath path))
        {
            await Refusal.SendAsync(context, FsErrno.NoEntry);
            return;
        }
        FsResult<ResolvedPath> resolved = await client.ResolveAsync(identity.Caller, path.Names, aborted);
        if (!resolved.IsOk || resolved.Value.Attributes.Kind != FileKind.File)
        {
            await Refusal.SendAsync(context, resolved.IsOk ? FsErrno.IsDirectory : resolved.Errno);
            return;
        }
        await SendAsync(context, client, identity.Caller, path.Name, resolved.Value, aborted);
    }

    private static async Task SendAsync(HttpContext context, IFileSystemClient client, Caller caller, FileName name, ResolvedPath file, CancellationToken aborted)
    {
        InodeAttributes inode = file.Attributes;
        EntityTagHeaderValue tag = new(string.Create(CultureInfo.InvariantCulture, $"\"{inode.Ino.Value:x}-{inode.Content:x}-{inode.Size:x}\""));
        DateTimeOffset modified = DateTimeOffset.FromUnixTimeSeconds(TimeText.FromNs(inode.MtimeNs).ToUnixTimeSeconds());
        HttpResponse response = context.Response;
        response.Headers.ETag = tag.ToString();
        response.Headers.LastModified = HeaderUtilities.FormatDate(modified);
        response.Headers.AcceptRanges = "bytes";
        response.Headers.CacheControl = "private, no-cache";

        if (IsNotModified(context.Request.Headers, tag, modified))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        ByteRange range = ByteRange.Parse(context.Request.Headers.Range, context.Request.Headers.IfRange, inode.Size, tag, modified);
        if (range.Outcome != RangeOutcome.Whole)
            response.Headers.ContentRange = range.ContentRange(inode.Size);
        if (range.Outcome == RangeOutcome.Unsatisfiable)
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            response.ContentType = "text/plain; charset=utf-8";
            await response.WriteAsync("The file does not reach so far.\n", aborted);
            return;
        }

        response.StatusCode = range.Outcome == RangeOutcome.Partial ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK;
        response.ContentType = "application/octet-stream";
        response.ContentLength = range.Length;
        response.Headers.ContentDisposition = ContentDisposition.Attachment(name);
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        if (HttpMethods.IsHead(context.Request.Method) || range.Length == 0)
            return;

        FsErrno errno = await client.ReadContentAsync(caller, file.Address, range.First, range.Length, response.Body, aborted);
        if (errno == FsErrno.Ok)
            return;
        if (response.HasStarted)
            context.Abort();
        else
            await Refusal.SendAsync(context, errno);
    }

    private static bool IsNotModified(IHeaderDictionary request, EntityTagHeaderValue tag, DateTimeOffset modified)
    {
        if (request.IfNoneMatch.Count > 0)
            return EntityTagHeaderValue.TryParseList(request.IfNoneMatch!, out IList<EntityTagHeaderValue>? tags)
                && tags.Any(t => t.Tag == "*" || t.Compare(tag, useStrongComparison: false));
        return HeaderUtilities.TryParseDate(request.IfModifiedSince.ToString(), out DateTimeOffset since) && modified <= since;
    }
}
