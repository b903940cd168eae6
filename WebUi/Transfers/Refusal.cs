using System.Text;
using Capstan.Shared;
using Capstan.WebUi.ViewModels;
using Microsoft.Net.Http.Headers;

namespace Capstan.WebUi.Transfers;

/// <summary>An errno as an HTTP answer: a status, and words a person understands.</summary>
internal static class Refusal
{
    public static int StatusOf(FsErrno errno) => errno switch
    {
        FsErrno.NoEntry or FsErrno.NotDirectory or FsErrno.NameTooLong or FsErrno.Invalid or FsErrno.Stale => StatusCodes.Status404NotFound,
        FsErrno.AccessDenied or FsErrno.NotPermitted or FsErrno.ReadOnly => StatusCodes.Status403Forbidden,
        FsErrno.IsDirectory or FsErrno.Exists => StatusCodes.Status409Conflict,
        FsErrno.FileTooLarge => StatusCodes.Status413PayloadTooLarge,
        FsErrno.NoSpace => StatusCodes.Status507InsufficientStorage,
        FsErrno.NotConnected or FsErrno.KeyExpired or FsErrno.TryAgain => StatusCodes.Status503ServiceUnavailable,
        FsErrno.TimedOut => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status500InternalServerError,
    };

    public static Task SendAsync(HttpContext context, FsErrno errno) => SendAsync(context, StatusOf(errno), ErrorText.Of(errno).Sentence);

    public static async Task SendAsync(HttpContext context, int status, string sentence)
    {
        HttpResponse response = context.Response;
        foreach (string header in new[] { HeaderNames.ETag, HeaderNames.LastModified, HeaderNames.ContentRange, HeaderNames.ContentDisposition, HeaderNames.AcceptRanges })
            response.Headers.Remove(header);
        response.StatusCode = status;
        response.ContentType = "text/plain; charset=utf-8";
        response.ContentLength = Encoding.UTF8.GetByteCount(sentence) + 1;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.WriteAsync(sentence + "\n", context.RequestAborted);
    }
}
