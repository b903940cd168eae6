using System.Text;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels;
using Microsoft.Net.Http.Headers;

namespace Capstan.WebUi.Transfers;

/// <summary>
/// GET /jobs/ID/failures.csv and .txt: everything that a job could not do; GET /folders/INODE/failures.csv and .txt: every failure of a folder that nobody has dismissed.
/// Only of the caller's own jobs, but to root.
/// </summary>
internal static class FailureListEndpoint
{
    public static void MapFailureLists(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/jobs/{id:long}/failures.{form:regex(^(csv|txt)$)}", JobAsync);
        endpoints.MapGet("/folders/{ino}/failures.{form:regex(^(csv|txt)$)}", FolderAsync);
    }

    private static Task JobAsync(HttpContext context, IFileSystemClient client, ICallerProvider identity, long id, string form) =>
        client.Operations.Jobs().FirstOrDefault(j => j.Id == id && IsFor(j.Caller, identity.Caller)) is { } job
            ? SendAsync(context, job.Failures, $"job-{id}-failures", form)
            : Refusal.SendAsync(context, StatusCodes.Status404NotFound, "There is no such job any more.");

    private static Task FolderAsync(HttpContext context, IFileSystemClient client, ICallerProvider identity, string ino, string form) =>
        ulong.TryParse(ino, out ulong number)
            ? SendAsync(
                context,
                [.. client.Operations.FailedIn(new InodeId(number)).Where(o => IsFor(o.Caller, identity.Caller)).Select(o => new JobFailure([o.Name], o.Errno, o))],
                $"folder-{number}-failures", form)
            : Refusal.SendAsync(context, FsErrno.NoEntry);

    private static bool IsFor(Caller owner, Caller asking) => owner.Uid == asking.Uid || asking.Uid == 0;

    private static async Task SendAsync(HttpContext context, IReadOnlyList<JobFailure> failures, string name, string form)
    {
        bool csv = form == "csv";
        HttpResponse response = context.Response;
        response.ContentType = csv ? "text/csv; charset=utf-8" : "text/plain; charset=utf-8";
        response.Headers[HeaderNames.ContentDisposition] = $"attachment; filename=\"{name}.{form}\"";
        response.Headers.CacheControl = "no-store";
        await using StreamWriter writer = new(response.Body, new UTF8Encoding(false), leaveOpen: true);
        if (csv)
            await writer.WriteAsync(FailureText.CsvHead);
        foreach (JobFailure failure in failures)
            await writer.WriteAsync((csv ? FailureText.CsvLine(failure) : FailureText.Line(failure)).AsMemory(), context.RequestAborted);
    }
}
