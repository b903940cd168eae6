using System.IO.Compression;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Capstan.ClientGateway;
using Capstan.WebUi.Hosting;

namespace Capstan.WebUi.Administration;

/// <summary>What somebody needs who is asked for help, as a zip: versions, settings without secrets, figures, history, tables, audit log. No file content, no session id that could be resumed.</summary>
internal sealed class SupportBundle(IGatewayAdministration gateway, CacheHistory history, CacheTables tables, CapstanOptions options, TimeProvider time)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    public async Task WriteAsync(Stream destination, CancellationToken cancellation)
    {
        // A zip of a few hundred kilobytes: it is built here, because the end of one is written without waiting.
        using MemoryStream buffer = new();
        using (ZipArchive zip = new(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            await AddAsync(zip, "about.json", About(), cancellation);
            await AddAsync(zip, "figures.json", gateway.Figures(), cancellation);
            await AddAsync(zip, "limits.json", new { now = gateway.Limits, configured = gateway.ConfiguredLimits }, cancellation);
            foreach (HistoryRange range in Enum.GetValues<HistoryRange>())
                await AddAsync(zip, $"history/{range}.json", history.Read(range).Samples, cancellation);
            foreach ((string id, _) in tables.All)
            {
                IDataTable table = tables.Make(id)!;
                await table.RefreshAsync(cancellation);
                await using Stream entry = zip.CreateEntry($"tables/{id}.json").Open();
                await TableFile.WriteJsonAsync(table, entry, cancellation);
            }
        }
        buffer.Position = 0;
        await buffer.CopyToAsync(destination, cancellation);
    }

    private object About() => new
    {
        at = time.GetUtcNow(),
        version = typeof(SupportBundle).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
        runtime = Environment.Version.ToString(),
        os = Environment.OSVersion.ToString(),
        processors = Environment.ProcessorCount,
        workingSet = Environment.WorkingSet,
        settings = new
        {
            mds = options.Mds is null ? "embedded" : Host(options.Mds),
            // Behind the address may stand a password.
            redis = options.Redis?.Split(',')[0],
            listen = options.Listen,
            data = options.Data,
            identity = options.Identity,
        },
    };

    private static string Host(string address) => Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.UserInfo.Length > 0 ? uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) : address;

    private static async Task AddAsync<T>(ZipArchive zip, string name, T content, CancellationToken cancellation)
    {
        await using Stream entry = zip.CreateEntry(name).Open();
        await JsonSerializer.SerializeAsync(entry, content, Json, cancellation);
    }
}
