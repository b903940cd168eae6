using System.Text.Json;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.Hosting;
using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Transfers.Uploads;

/// <summary>
/// POST /uploads/check/FOLDER with a list of paths (names percent-encoded, '/' between them; one that ends in '/' is a folder): which of
/// them are taken, by what. So a person is asked once, before the first byte leaves.
/// </summary>
internal static class UploadCheck
{
    private const string Prefix = "/uploads/check/";

    /// <summary>Of names that are not cached: each is a round trip.</summary>
    private const int Parallel = 64;

    /// <summary>From so many in one folder on its listing is fetched: then it answers for itself.</summary>
    private const int WorthAListing = 16;

    private const long MaxListing = 200_000;

    /// <param name="At">Place in the list that was asked about.</param>
    internal sealed record Taken(int At, long Size, long MtimeMs, bool IsFolder);

    /// <summary>What has the name, for people to compare.</summary>
    public static object Describe(InodeAttributes there) => new { size = there.Size, mtimeMs = there.MtimeNs / 1_000_000, isFolder = there.IsDirectory };

    public static async Task AnswerAsync(HttpContext context, IFileSystemClient client, ICallerProvider identity)
    {
        CancellationToken aborted = context.RequestAborted;
        if (!TargetPath.TryRead(context, Prefix, out FilePath folder) || await ReadAsync(context, aborted) is not { } paths)
        {
            await Refusal.SendAsync(context, StatusCodes.Status400BadRequest, "The list of names is not valid.");
            return;
        }
        FsResult<ResolvedPath> there = await client.ResolveAsync(identity.Caller, folder.Names, aborted);
        if (!there.IsOk || !there.Value.Attributes.IsDirectory)
        {
            await Refusal.SendAsync(context, there.IsOk ? FsErrno.NotDirectory : there.Errno);
            return;
        }
        List<Taken> taken = [];
        foreach (IGrouping<FilePath, (int At, FilePath Path, bool IsFolder)> inOne in paths.GroupBy(p => p.Path.Parent))
            taken.AddRange(await OfFolderAsync(client, identity.Caller, new FilePath([.. folder.Names, .. inOne.Key.Names]), [.. inOne], aborted));
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsJsonAsync(taken, aborted);
    }

    private static async Task<List<Taken>> OfFolderAsync(IFileSystemClient client, Caller caller, FilePath folder, List<(int At, FilePath Path, bool IsFolder)> asked, CancellationToken cancellation)
    {
        FsResult<ResolvedPath> found = await client.ResolveAsync(caller, folder.Names, cancellation);
        if (!found.IsOk || !found.Value.Attributes.IsDirectory)
            return []; // It is made, or it is said when it cannot be.
        using IDirectoryView? view = asked.Count >= WorthAListing && found.Value.Attributes.Size <= MaxListing
            ? (await client.OpenDirectoryAsync(caller, found.Value.Attributes.Ino, whole: true, cancellation)).Value : null;
        if (view is not null)
            await view.LoadAsync(0, view.Count, cancellation);
        List<Taken> taken = [];
        foreach ((int At, FilePath Path, bool IsFolder)[] some in asked.Chunk(Parallel))
        {
            FsResult<ResolvedPath>[] answers = await Task.WhenAll(some.Select(one => client.ResolveAsync(caller, folder.Append(one.Path.Name).Names, cancellation)));
            foreach ((FsResult<ResolvedPath> answer, (int at, FilePath _, bool isFolder)) in answers.Zip(some))
                if (answer is { IsOk: true, Value.Attributes: { } there } && !(isFolder && there.IsDirectory))
                    taken.Add(new Taken(at, there.Size, there.MtimeNs / 1_000_000, there.IsDirectory));
        }
        return taken;
    }

    private static async Task<List<(int At, FilePath Path, bool IsFolder)>?> ReadAsync(HttpContext context, CancellationToken cancellation)
    {
        string[]? encoded;
        try
        {
            encoded = await context.Request.ReadFromJsonAsync<string[]>(cancellation);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or BadHttpRequestException)
        {
            return null;
        }
        if (encoded is null)
            return null;
        List<(int, FilePath, bool)> paths = [];
        for (int at = 0; at < encoded.Length; at++)
        {
            if (encoded[at] is not { } text || !FilePath.TryParse(text, out FilePath path) || path.IsRoot)
                return null;
            paths.Add((at, path, text.EndsWith('/')));
        }
        return paths;
    }
}
