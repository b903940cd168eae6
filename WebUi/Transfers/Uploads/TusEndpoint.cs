using System.Globalization;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.Transfers.Uploads.Sets;
using Capstan.WebUi.ViewModels;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Capstan.WebUi.Transfers.Uploads;

/// <summary>
/// Uploads by tus 1.0 (https://tus.io/protocols/resumable-upload): creation, creation-with-upload, termination, checksum, expiration.
/// POST /uploads/to/FOLDER begins one, HEAD, PATCH and DELETE /uploads/ID go on with it. A file appears when its last byte has come,
/// never before. A name that is taken is 422 (409 means a wrong offset in tus): the bytes stay, and an empty PATCH with the header
/// Capstan-Conflict (replace, keep-both, skip) ends it.
/// </summary>
internal static class TusEndpoint
{
    private const string Version = "1.0.0";
    private const string Begin = "/uploads/to/";

    private const string NoSuchUpload = "There is no such upload: it has ended, or nobody continued it for a week.";

    /// <summary>A file that comes whole in its first request goes straight on, without a file of ours between.</summary>
    private const long DirectLength = 8 * 1024 * 1024;

    public const int ChecksumMismatch = 460; // of the protocol's own

    public static void MapUploads(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods("/uploads/to/{**folder}", [HttpMethods.Options], Describe);
        endpoints.MapPost("/uploads/to/{**folder}", (Delegate)CreateAsync);
        endpoints.MapPost("/uploads/check/{**folder}", (Delegate)UploadCheck.AnswerAsync);
        endpoints.MapPost("/uploads/bundle/{**folder}", (Delegate)UploadBundle.ReceiveAsync);
        endpoints.MapMethods("/uploads/{id}", [HttpMethods.Head], Tell);
        endpoints.MapPatch("/uploads/{id}", (Delegate)AppendAsync);
        endpoints.MapDelete("/uploads/{id}", (Delegate)DeleteAsync);
        endpoints.MapUploadSets();
    }

    private static void Describe(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers["Tus-Resumable"] = Version;
        headers["Tus-Version"] = Version;
        headers["Tus-Extension"] = "creation,creation-with-upload,termination,checksum,expiration";
        headers["Tus-Checksum-Algorithm"] = "sha256";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task CreateAsync(HttpContext context, UploadStore store, UploadSets sets, IFileSystemClient client, ICallerProvider identity)
    {
        HttpRequest request = context.Request;
        if (!await SpeaksTusAsync(context))
            return;
        if (!TargetPath.TryRead(context, Begin, out FilePath folder)
            || !long.TryParse(request.Headers["Upload-Length"], NumberStyles.None, CultureInfo.InvariantCulture, out long length)
            || !UploadPlan.TryCreate(folder, request.Headers["Upload-Metadata"], length, identity.Caller.Uid, out UploadPlan plan)
            || !TryReadChecksum(request, out byte[]? sha256))
        {
            await Refusal.SendAsync(context, StatusCodes.Status400BadRequest, "The upload's name, length or checksum is not valid.");
            return;
        }
        UploadSet? set = sets.Find(plan.Set, plan.Uid);
        if (plan.Set is not null && set is not { HasEnded: false })
        {
            await Refusal.SendAsync(context, StatusCodes.Status410Gone, UploadSetEndpoint.GivenUp);
            return;
        }
        using IDisposable? sending = set?.Sending();
        if (set?.ResultOf(plan.At) is { } result)
        {
            await EndAsync(context, new Placed(FsErrno.Ok, result, plan.Path.Name), StatusCodes.Status201Created);
            return;
        }
        bool hasBody = request.ContentType == "application/offset+octet-stream";
        UploadPlacement placement = new(client);
        if (length == 0 || (hasBody && length <= DirectLength && request.ContentLength == length))
        {
            using HashedStream body = new(request.Body, length == 0 ? null : sha256);
            await EndAsync(context, await PlaceAsync(placement, sets, identity.Caller, plan, plan.OnConflict, body, context.RequestAborted), StatusCodes.Status201Created);
            return;
        }
        // Of a set: one upload a file, whose first answer may have been lost, or that another device has begun.
        string id = set?.PartialOf(plan.At) is { } begun && store.IsThere(begun) ? begun : store.Create(plan);
        set?.AddPartial(id, plan.At);
        context.Response.Headers.Location = $"/uploads/{id}";
        if (hasBody)
        {
            await ContinueAsync(context, store, sets, placement, identity.Caller, (id, plan), 0, sha256, StatusCodes.Status201Created);
            return;
        }
        TellOffset(context, store, id);
        context.Response.StatusCode = StatusCodes.Status201Created;
    }

    private static async Task Tell(HttpContext context, string id, UploadStore store, ICallerProvider identity)
    {
        if (!await SpeaksTusAsync(context))
            return;
        if (store.Find(id, identity.Caller.Uid) is not { } plan)
        {
            await Refusal.SendAsync(context, StatusCodes.Status404NotFound, NoSuchUpload);
            return;
        }
        TellOffset(context, store, id);
        context.Response.Headers["Upload-Length"] = plan.Length.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers.CacheControl = "no-store";
    }

    private static async Task AppendAsync(HttpContext context, string id, UploadStore store, UploadSets sets, IFileSystemClient client, ICallerProvider identity)
    {
        HttpRequest request = context.Request;
        if (!await SpeaksTusAsync(context))
            return;
        if (store.Find(id, identity.Caller.Uid) is not { } plan)
            await Refusal.SendAsync(context, StatusCodes.Status404NotFound, NoSuchUpload);
        else if (request.ContentType != "application/offset+octet-stream")
            await Refusal.SendAsync(context, StatusCodes.Status415UnsupportedMediaType, "Bytes of an upload are application/offset+octet-stream.");
        else if (!long.TryParse(request.Headers["Upload-Offset"], NumberStyles.None, CultureInfo.InvariantCulture, out long offset) || !TryReadChecksum(request, out byte[]? sha256))
            await Refusal.SendAsync(context, StatusCodes.Status400BadRequest, "The upload's offset or checksum is not valid.");
        else
            await ContinueAsync(context, store, sets, new UploadPlacement(client), identity.Caller, (id, plan), offset, sha256, StatusCodes.Status204NoContent);
    }

    private static async Task DeleteAsync(HttpContext context, string id, UploadStore store, UploadSets sets, ICallerProvider identity)
    {
        if (!await SpeaksTusAsync(context))
            return;
        if (store.Find(id, identity.Caller.Uid) is not { } plan)
        {
            await Refusal.SendAsync(context, StatusCodes.Status404NotFound, NoSuchUpload);
            return;
        }
        Delete(store, sets, (id, plan));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task ContinueAsync(
        HttpContext context, UploadStore store, UploadSets sets, UploadPlacement placement, Caller caller, (string Id, UploadPlan Plan) upload, long offset, byte[]? sha256, int success)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        using IDisposable? sending = sets.Find(upload.Plan.Set, upload.Plan.Uid)?.Sending();
        AppendOutcome outcome = await store.AppendAsync(upload.Id, offset, upload.Plan.Length, context.Request.Body, sha256, context.RequestAborted);
        switch (outcome)
        {
            case AppendOutcome.Busy:
                await Refusal.SendAsync(context, StatusCodes.Status423Locked, "Another request is sending to this upload.");
                return;
            case AppendOutcome.WrongOffset:
                await Refusal.SendAsync(context, StatusCodes.Status409Conflict, "The upload does not end where these bytes begin.");
                return;
            case AppendOutcome.WrongChecksum:
                await Refusal.SendAsync(context, ChecksumMismatch, "The bytes were damaged on their way; they are to be sent again.");
                return;
            case AppendOutcome.TooLong:
                await Refusal.SendAsync(context, StatusCodes.Status413PayloadTooLarge, "These are more bytes than were announced.");
                return;
        }
        if (!store.IsThere(upload.Id))
        {
            // Given up while it was being sent.
            await Refusal.SendAsync(context, StatusCodes.Status410Gone, UploadSetEndpoint.GivenUp);
            return;
        }
        TellOffset(context, store, upload.Id);
        if (store.OffsetOf(upload.Id) < upload.Plan.Length)
        {
            context.Response.StatusCode = success;
            return;
        }
        ConflictRule rule = context.Request.Headers.TryGetValue("Capstan-Conflict", out var said) ? UploadPlan.RuleOf(said) : upload.Plan.OnConflict;
        Placed placed;
        using (FileStream bytes = store.OpenRead(upload.Id))
            placed = await PlaceAsync(placement, sets, caller, upload.Plan, rule, bytes, CancellationToken.None);
        if (placed.Errno == FsErrno.Ok)
            Delete(store, sets, upload);
        await EndAsync(context, placed, success);
    }

    private static void Delete(UploadStore store, UploadSets sets, (string Id, UploadPlan Plan) upload)
    {
        store.Delete(upload.Id);
        sets.Find(upload.Plan.Set, upload.Plan.Uid)?.RemovePartial(upload.Id);
    }

    private static async Task<Placed> PlaceAsync(
        UploadPlacement placement, UploadSets sets, Caller caller, UploadPlan plan, ConflictRule rule, Stream bytes, CancellationToken cancellation)
    {
        try
        {
            return await sets.PlaceAsync(plan, mayBeThere => placement.PlaceAsync(caller, plan, rule, () => bytes, mayBeThere, cancellation));
        }
        catch (InvalidDataException)
        {
            return new Placed(FsErrno.Protocol, "", plan.Path.Name);
        }
    }

    private static async Task EndAsync(HttpContext context, Placed placed, int success)
    {
        HttpResponse response = context.Response;
        response.Headers["Capstan-Name"] = FilePath.EncodeName(placed.Name);
        if (placed.Errno == FsErrno.Ok)
        {
            response.Headers["Capstan-Result"] = placed.Result;
            response.StatusCode = success;
        }
        else if (placed is { Errno: FsErrno.Exists or FsErrno.Stale, InTheWay: { } there })
        {
            response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            await response.WriteAsJsonAsync(UploadCheck.Describe(there));
        }
        else if (placed.Errno == FsErrno.Protocol)
        {
            await Refusal.SendAsync(context, ChecksumMismatch, "The bytes were damaged on their way; they are to be sent again.");
        }
        else
        {
            await Refusal.SendAsync(context, placed.Errno);
        }
    }

    private static async Task<bool> SpeaksTusAsync(HttpContext context)
    {
        context.Response.Headers["Tus-Resumable"] = Version;
        if (context.Request.Headers["Tus-Resumable"] == Version)
            return true;
        context.Response.Headers["Tus-Version"] = Version;
        await Refusal.SendAsync(context, StatusCodes.Status412PreconditionFailed, "Uploads speak tus 1.0.0.");
        return false;
    }

    private static void TellOffset(HttpContext context, UploadStore store, string id)
    {
        context.Response.Headers["Upload-Offset"] = store.OffsetOf(id).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["Upload-Expires"] = HeaderUtilities.FormatDate(store.ExpiryOf(id));
    }

    /// <summary>"sha256 BASE64"; none is none.</summary>
    public static bool TryReadChecksum(HttpRequest request, out byte[]? sha256)
    {
        sha256 = null;
        if (request.Headers["Upload-Checksum"].ToString() is not { Length: > 0 } header)
            return true;
        string[] parts = header.Split(' ', 2);
        byte[] bytes = new byte[32];
        if (parts is not ["sha256", var text] || !Convert.TryFromBase64String(text, bytes, out int written) || written != bytes.Length)
            return false;
        sha256 = bytes;
        return true;
    }
}
