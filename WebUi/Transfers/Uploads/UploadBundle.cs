using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.Transfers.Uploads.Sets;
using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Transfers.Uploads;

/// <summary>
/// POST /uploads/bundle/FOLDER: many small files in one request, because ten thousand requests are slower than the ten thousand files in them.
/// The answer tells of each how it ended; one that is refused keeps no other from being stored.
/// <code>
/// u32 little-endian   length of the list
/// JSON list           [{ path, size, mtime, type, conflict, set, at }], as the keys of Upload-Metadata
/// bytes               the contents, one after the other, in the order of the list
/// </code>
/// The header Upload-Checksum is of all of it.
/// </summary>
internal static class UploadBundle
{
    private const string Prefix = "/uploads/bundle/";
    private const int MaxLength = 4 * 1024 * 1024;
    private const int MaxFiles = 1000;

    /// <param name="Status">As the answer to a request of its own.</param>
    private sealed record Outcome(int Status, string Result, string? Error, object? There);

    public static async Task ReceiveAsync(HttpContext context, UploadSets sets, IFileSystemClient client, ICallerProvider identity)
    {
        CancellationToken aborted = context.RequestAborted;
        if (!TargetPath.TryRead(context, Prefix, out FilePath folder) || context.Request.ContentLength is not (> 4 and <= MaxLength) || !TusEndpoint.TryReadChecksum(context.Request, out byte[]? sha256))
        {
            await Refusal.SendAsync(context, StatusCodes.Status400BadRequest, "The bundle's folder, length or checksum is not valid.");
            return;
        }
        byte[] body = new byte[context.Request.ContentLength.Value];
        await context.Request.Body.ReadExactlyAsync(body, aborted);
        if (sha256 is not null && !CryptographicOperations.FixedTimeEquals(SHA256.HashData(body), sha256))
        {
            await Refusal.SendAsync(context, TusEndpoint.ChecksumMismatch, "The bytes were damaged on their way; they are to be sent again.");
            return;
        }
        if (!TryRead(folder, body, identity.Caller.Uid, out List<(UploadPlan Plan, ReadOnlyMemory<byte> Content)> files))
        {
            await Refusal.SendAsync(context, StatusCodes.Status400BadRequest, "The bundle's list of files is not valid.");
            return;
        }
        if (files.Any(file => file.Plan.Set is { } set && sets.Find(set, identity.Caller.Uid) is not { HasEnded: false }))
        {
            await Refusal.SendAsync(context, StatusCodes.Status410Gone, UploadSetEndpoint.GivenUp);
            return;
        }
        UploadPlacement placement = new(client);
        // What has begun is brought to its end, also when the sender goes: it may ask again what became of it.
        Outcome[] outcomes = await Task.WhenAll(files.Select(file => PlaceAsync(placement, sets, identity.Caller, file.Plan, file.Content)));
        await context.Response.WriteAsJsonAsync(outcomes, aborted);
    }

    private static async Task<Outcome> PlaceAsync(UploadPlacement placement, UploadSets sets, Caller caller, UploadPlan plan, ReadOnlyMemory<byte> content)
    {
        Placed placed = await sets.PlaceAsync(
            plan, mayBeThere => placement.PlaceAsync(caller, plan, plan.OnConflict, () => new MemoryStream(content.ToArray(), writable: false), mayBeThere, CancellationToken.None));
        return placed switch
        {
            { Errno: FsErrno.Ok } => new Outcome(StatusCodes.Status201Created, placed.Result, null, null),
            { Errno: FsErrno.Exists or FsErrno.Stale, InTheWay: { } there } => new Outcome(StatusCodes.Status422UnprocessableEntity, "", null, UploadCheck.Describe(there)),
            _ => new Outcome(Refusal.StatusOf(placed.Errno), "", ErrorText.Of(placed.Errno).Sentence, null),
        };
    }

    private static bool TryRead(FilePath folder, byte[] body, uint uid, out List<(UploadPlan Plan, ReadOnlyMemory<byte> Content)> files)
    {
        files = [];
        uint listed = BinaryPrimitives.ReadUInt32LittleEndian(body);
        if (listed > body.Length - 4)
            return false;
        UploadItem[]? items;
        try
        {
            items = JsonSerializer.Deserialize<UploadItem[]>(body.AsSpan(4, (int)listed), JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return false;
        }
        if (items is not { Length: > 0 and <= MaxFiles })
            return false;
        int at = 4 + (int)listed;
        foreach (UploadItem item in items)
        {
            if (item is null || item.Size < 0 || item.Size > body.Length - at || !item.TryPlan(folder, uid, out UploadPlan plan))
                return false;
            files.Add((plan, body.AsMemory(at, (int)item.Size)));
            at += (int)item.Size;
        }
        return at == body.Length;
    }
}
