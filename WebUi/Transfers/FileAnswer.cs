using System.Globalization;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.ViewModels;
using Microsoft.Net.Http.Headers;

namespace Capstan.WebUi.Transfers;

/// <summary>
/// A file's content as an HTTP answer, streamed from the gateway, whole or a range of it. An error before the first
/// byte is a status in words; after it the connection is aborted, so that no browser takes a part for the whole.
/// </summary>
internal static class FileAnswer
{
    /// <summary>Changes with the content, with its length, and when another inode takes the name.</summary>
    public static EntityTagHeaderValue TagOf(InodeAttributes inode) => new(string.Create(CultureInfo.InvariantCulture, $"\"{inode.Ino.Value:x}-{inode.Content:x}-{inode.Size:x}\""));

    public static async Task SendAsync(HttpContext context, IFileSystemClient client, Caller caller, ResolvedPath file, ContentForm form, CancellationToken aborted)
    {
        InodeAttributes inode = file.Attributes;
        EntityTagHeaderValue tag = TagOf(inode);
        DateTimeOffset modified = DateTimeOffset.FromUnixTimeSeconds(TimeText.FromNs(inode.MtimeNs).ToUnixTimeSeconds());
        HttpResponse response = context.Response;
        response.Headers.ETag = tag.ToString();
        response.Headers.LastModified = HeaderUtilities.FormatDate(modified);
        response.Headers.AcceptRanges = "bytes";
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.ContentSecurityPolicy = form.Policy;

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
        response.ContentType = form.Type;
        response.ContentLength = range.Length;
        response.Headers.ContentDisposition = form.Disposition;
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
