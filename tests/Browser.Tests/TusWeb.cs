using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Capstan.TestKit;

namespace Capstan.Browser.Tests;

/// <summary>The program with everything in it, and a client that speaks tus to it.</summary>
internal sealed class TusWeb(ChildProcess process, HttpClient client, TempDirectory? owned) : IAsyncDisposable
{
    public HttpClient Client => client;

    public static async Task<TusWeb> StartAsync(TempDirectory? temp = null, params string[] more)
    {
        TempDirectory? owned = temp is null ? new TempDirectory() : null;
        (ChildProcess process, string url) = await WebProcess.StartAsync(["--data", (temp ?? owned!).File("data"), .. more]);
        return new TusWeb(process, new HttpClient { BaseAddress = new Uri(url) }, owned);
    }

    public static string Metadata(string path, params (string Key, string Value)[] more) =>
        string.Join(',', more.Prepend(("path", path)).Select(pair => $"{pair.Item1} {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair.Item2))}"));

    public Task<HttpResponseMessage> CreateAsync(string path, byte[] bytes, params (string Key, string Value)[] more) => CreateAsync(path, bytes, null, false, "", more);

    public async Task<HttpResponseMessage> CreateAsync(
        string path, byte[] bytes, string? checksum = null, bool encoded = false, string to = "", (string Key, string Value)[]? more = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"/uploads/to/{to}") { Content = Bytes(bytes) };
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Length", $"{bytes.Length}");
        request.Headers.Add("Upload-Metadata", Metadata(encoded ? path : string.Join('/', path.Split('/').Select(Uri.EscapeDataString)), more ?? []));
        if (checksum is not null)
            request.Headers.Add("Upload-Checksum", checksum);
        return await client.SendAsync(request);
    }

    public async Task<Uri> BeginAsync(string path, long length)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/uploads/to/");
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Length", $"{length}");
        request.Headers.Add("Upload-Metadata", Metadata(path));
        using HttpResponseMessage response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return response.Headers.Location!;
    }

    public Task<HttpResponseMessage> AppendAsync(Uri upload, long offset, byte[] bytes, string? checksum = null, string? conflict = null) =>
        AppendAsync(upload, offset, Bytes(bytes), checksum, conflict);

    public async Task<HttpResponseMessage> AppendAsync(Uri upload, long offset, HttpContent content, string? checksum = null, string? conflict = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Patch, upload) { Content = content };
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Offset", $"{offset}");
        if (checksum is not null)
            request.Headers.Add("Upload-Checksum", checksum);
        if (conflict is not null)
            request.Headers.Add("Capstan-Conflict", conflict);
        return await client.SendAsync(request);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri upload)
    {
        using HttpRequestMessage request = new(method, upload);
        request.Headers.Add("Tus-Resumable", "1.0.0");
        return await client.SendAsync(request);
    }

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await process.DisposeAsync();
        owned?.Dispose();
    }

    private static ByteArrayContent Bytes(byte[] bytes) => new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/offset+octet-stream") } };
}
