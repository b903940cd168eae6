using System.Globalization;
using System.Text.Json;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Transfers.Uploads.Sets;

/// <summary>
/// What a browser tells of its upload sets, so that they are shown on the operations page, on every device of their owner, and can be gone on with on another one.
/// <code>
/// PUT    /uploads/sets/ID/FOLDER?from=N&amp;of=M   a part of the list of its M files: [{ path, size, mtime, type, conflict }], as the keys of Upload-Metadata
/// POST   /uploads/sets/ID                 how it stands (UploadReport); the answer says whether it is to pause: { pause: true, false or null }
/// POST   /uploads/sets/ID/match           which of its files these are: a list as above; the answer is { folder, left, listed, announced, files: [{ index, at, ended, url, conflict }] }
/// GET    /uploads/sets/ID                 204 as long as something of it is left
/// DELETE /uploads/sets/ID                 gives it up, with what has arrived of files that are not whole
/// </code>
/// One that was given up, here or on the operations page, is 410 from then on, for its uploads too.
/// </summary>
internal static class UploadSetEndpoint
{
    public const string GivenUp = "This upload was cancelled, or nobody continued it for a week.";

    private const int MostAtOnce = 50_000;
    private const long MaxLength = 32 * 1024 * 1024;

    private sealed record Matched(int Index, int At, string? Ended, string? Url, string Conflict);

    public static void MapUploadSets(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPut("/uploads/sets/{id}/{**folder}", (Delegate)ListAsync);
        endpoints.MapPost("/uploads/sets/{id}", (Delegate)ReportAsync);
        endpoints.MapPost("/uploads/sets/{id}/match", (Delegate)MatchAsync);
        endpoints.MapGet("/uploads/sets/{id}", (Delegate)TellAsync);
        endpoints.MapDelete("/uploads/sets/{id}", (Delegate)DeleteAsync);
    }

    private static async Task ListAsync(HttpContext context, string id, UploadSets sets, UploadFolders folders, ICallerProvider identity)
    {
        uint uid = identity.Caller.Uid;
        if (!TargetPath.TryRead(context, $"/uploads/sets/{id}/", out FilePath folder)
            || !int.TryParse(context.Request.Query["from"], NumberStyles.None, CultureInfo.InvariantCulture, out int from)
            || await ReadAsync(context, folder, uid) is not { Count: > 0 } plans)
        {
            await Refusal.SendAsync(context, StatusCodes.Status400BadRequest, "The list of the upload's files is not valid.");
            return;
        }
        try
        {
            UploadSet? set = sets.Find(id, uid);
            if (set is null && from == 0)
                set = sets.TryBegin(id, identity.Caller, folder);
            _ = int.TryParse(context.Request.Query["of"], NumberStyles.None, CultureInfo.InvariantCulture, out int announced);
            bool isTaken = set is { HasEnded: false } && set.TryAppend(from, plans, announced);
            if (isTaken && plans.Exists(p => p.IsFolder))
                folders.Ask(set!);
            if (isTaken)
                context.Response.StatusCode = StatusCodes.Status204NoContent;
            else
                await Refusal.SendAsync(context, StatusCodes.Status409Conflict, "The list of the upload's files does not go on there.");
        }
        catch (IOException)
        {
            await Refusal.SendAsync(context, StatusCodes.Status507InsufficientStorage, "The list of the upload's files cannot be kept.");
        }
    }

    private static async Task ReportAsync(HttpContext context, string id, UploadSets sets, ICallerProvider identity)
    {
        UploadReport? report = await ReadJsonAsync<UploadReport>(context);
        if (report is null)
            await Refusal.SendAsync(context, StatusCodes.Status400BadRequest, "The report is not valid.");
        else if (sets.Find(id, identity.Caller.Uid) is not { } set)
            await Refusal.SendAsync(context, StatusCodes.Status410Gone, GivenUp);
        else
            await AnswerAsync(context, sets, set, report);
    }

    private static async Task AnswerAsync(HttpContext context, UploadSets sets, UploadSet set, UploadReport report)
    {
        if (set is { HasEnded: true, EndedWhole: false })
        {
            await Refusal.SendAsync(context, StatusCodes.Status410Gone, GivenUp);
            return;
        }
        bool? pause = set.HasEnded ? null : set.Take(report);
        sets.EndIfWhole(set);
        await context.Response.WriteAsJsonAsync(new { pause }, context.RequestAborted);
    }

    private static async Task MatchAsync(HttpContext context, string id, UploadSets sets, UploadFolders folders, ICallerProvider identity)
    {
        if (sets.Find(id, identity.Caller.Uid) is not { HasEnded: false } set)
        {
            await Refusal.SendAsync(context, StatusCodes.Status410Gone, GivenUp);
            return;
        }
        if (await ReadAsync(context, set.Folder, set.Uid) is not { } plans)
        {
            await Refusal.SendAsync(context, StatusCodes.Status400BadRequest, "The list of files is not valid.");
            return;
        }
        await folders.TryMakeAsync(set); // Nobody can choose an empty one again.
        Matched[] matched = [.. set.Match(plans)
            .Select((found, index) => found is var (at, rule) ? new Matched(index, at, set.ResultOf(at), set.PartialOf(at) is { } upload ? $"/uploads/{upload}" : null, UploadPlan.WordOf(rule)) : null)
            .OfType<Matched>()];
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsJsonAsync(new { folder = set.Folder.ToUrlPath(), left = set.Left, listed = set.Count, announced = set.Announced, files = matched }, context.RequestAborted);
    }

    private static async Task TellAsync(HttpContext context, string id, UploadSets sets, ICallerProvider identity)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (sets.Find(id, identity.Caller.Uid) is { HasEnded: false })
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        else
            await Refusal.SendAsync(context, StatusCodes.Status410Gone, GivenUp);
    }

    private static Task DeleteAsync(HttpContext context, string id, UploadSets sets, ICallerProvider identity)
    {
        if (sets.Find(id, identity.Caller.Uid) is { } set)
            sets.Cancel(set.Id);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static async Task<List<UploadPlan>?> ReadAsync(HttpContext context, FilePath folder, uint uid)
    {
        if (await ReadJsonAsync<UploadItem[]>(context) is not { Length: <= MostAtOnce } items)
            return null;
        List<UploadPlan> plans = new(items.Length);
        foreach (UploadItem? item in items)
        {
            if (item is null || !item.TryPlan(folder, uid, out UploadPlan plan))
                return null;
            plans.Add(plan);
        }
        return plans;
    }

    private static async Task<T?> ReadJsonAsync<T>(HttpContext context)
        where T : class
    {
        if (context.Request.ContentLength is > MaxLength)
            return null;
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(context.Request.Body, JsonSerializerOptions.Web, context.RequestAborted);
        }
        catch (Exception e) when (e is JsonException or BadHttpRequestException)
        {
            return null;
        }
    }
}
