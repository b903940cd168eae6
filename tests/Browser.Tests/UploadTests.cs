using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Capstan.TestKit;

namespace Capstan.Browser.Tests;

/// <summary>Uploads by tus as any client sends them, against the program with everything in it.</summary>
public sealed class UploadTests
{
    [Fact]
    public async Task Upload_WholeInOneRequest_AppearsWithItsFoldersAndTime()
    {
        await using TusWeb web = await TusWeb.StartAsync();
        using HttpResponseMessage made = await web.CreateAsync("a/b c/100%.txt", "hello"u8.ToArray(), ("mtime", "1700000000000"));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal("created", made.Headers.GetValues("Capstan-Result").Single());
        using HttpResponseMessage read = await web.Client.GetAsync("/download/a/b%20c/100%25.txt");
        Assert.Equal("hello", await read.Content.ReadAsStringAsync());
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), read.Content.Headers.LastModified);

        using HttpResponseMessage folder = await web.CreateAsync("a/empty", [], ("type", "folder"));
        Assert.Equal(HttpStatusCode.Created, folder.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await web.Client.GetAsync("/download/a/empty")).StatusCode); // a folder
    }

    [Fact]
    public async Task Upload_InParts_GoesOnAfterABreakAndARestartAndIsNeverHalfVisible()
    {
        byte[] bytes = new byte[3_000_000];
        new Random(1).NextBytes(bytes);
        using TempDirectory temp = new();
        Uri upload;
        await using (TusWeb web = await TusWeb.StartAsync(temp))
        {
            upload = await web.BeginAsync("big.bin", bytes.Length);
            Assert.Equal(HttpStatusCode.NoContent, (await web.AppendAsync(upload, 0, bytes[..1_000_000])).StatusCode);
            // Announces more than it sends.
            await Assert.ThrowsAnyAsync<Exception>(() => web.AppendAsync(upload, 1_000_000, new BreakingContent(bytes[1_000_000..1_500_000], 900_000)));
            Assert.Equal(HttpStatusCode.NotFound, (await web.Client.GetAsync("/download/big.bin")).StatusCode);
        }
        await using (TusWeb web = await TusWeb.StartAsync(temp))
        {
            using HttpResponseMessage head = await web.SendAsync(HttpMethod.Head, upload);
            int offset = int.Parse(head.Headers.GetValues("Upload-Offset").Single(), CultureInfo.InvariantCulture);
            Assert.InRange(offset, 1_000_000, 1_500_000);
            Assert.Equal($"{bytes.Length}", head.Headers.GetValues("Upload-Length").Single());
            Assert.Equal(HttpStatusCode.Conflict, (await web.AppendAsync(upload, 0, bytes[..10])).StatusCode);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await web.AppendAsync(upload, offset, new byte[bytes.Length])).StatusCode);
            head.Dispose();
            using HttpResponseMessage again = await web.SendAsync(HttpMethod.Head, upload);
            Assert.Equal(HttpStatusCode.NotFound, (await web.Client.GetAsync("/download/big.bin")).StatusCode);
            offset = int.Parse(again.Headers.GetValues("Upload-Offset").Single(), CultureInfo.InvariantCulture);
            Assert.Equal(HttpStatusCode.NoContent, (await web.AppendAsync(upload, offset, bytes[offset..])).StatusCode);
            Assert.Equal(bytes, await web.Client.GetByteArrayAsync("/download/big.bin"));
            Assert.Equal(HttpStatusCode.NotFound, (await web.SendAsync(HttpMethod.Head, upload)).StatusCode);
            Assert.Empty(Directory.EnumerateFiles(temp.File("data/uploads")));
        }
    }

    [Fact]
    public async Task Upload_DamagedOnItsWay_IsNotTaken()
    {
        await using TusWeb web = await TusWeb.StartAsync();
        string wrong = "sha256 " + Convert.ToBase64String(SHA256.HashData("other"u8));
        using HttpResponseMessage direct = await web.CreateAsync("x", "hello"u8.ToArray(), checksum: wrong);
        Assert.Equal(460, (int)direct.StatusCode);
        Uri upload = await web.BeginAsync("x", 5);
        Assert.Equal(460, (int)(await web.AppendAsync(upload, 0, "hello"u8.ToArray(), wrong)).StatusCode);
        Assert.Equal("0", (await web.SendAsync(HttpMethod.Head, upload)).Headers.GetValues("Upload-Offset").Single());
        Assert.Equal(HttpStatusCode.NotFound, (await web.Client.GetAsync("/download/x")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await web.AppendAsync(upload, 0, "hello"u8.ToArray(), "sha256 " + Convert.ToBase64String(SHA256.HashData("hello"u8)))).StatusCode);
        Assert.Equal("hello", await web.Client.GetStringAsync("/download/x"));
    }

    [Fact]
    public async Task Upload_NameTaken_AsksAndThenDoesAsToldWithoutSendingAgain()
    {
        await using TusWeb web = await TusWeb.StartAsync();
        (await web.CreateAsync("notes.txt", "old"u8.ToArray())).Dispose();
        using HttpResponseMessage asked = await web.CreateAsync("notes.txt", "other"u8.ToArray());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, asked.StatusCode);
        Assert.Equal(3, JsonDocument.Parse(await asked.Content.ReadAsStringAsync()).RootElement.GetProperty("size").GetInt32());

        Uri upload = await web.BeginAsync("notes.txt", 5);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await web.AppendAsync(upload, 0, "other"u8.ToArray())).StatusCode);
        Assert.Equal("old", await web.Client.GetStringAsync("/download/notes.txt"));
        using HttpResponseMessage both = await web.AppendAsync(upload, 5, [], conflict: "keep-both");
        Assert.Equal(("kept-both", "notes%20%282%29.txt"), (both.Headers.GetValues("Capstan-Result").Single(), both.Headers.GetValues("Capstan-Name").Single()));
        Assert.Equal("other", await web.Client.GetStringAsync("/download/notes%20(2).txt"));

        Assert.Equal("skipped", (await web.CreateAsync("notes.txt", "no"u8.ToArray(), ("conflict", "skip"))).Headers.GetValues("Capstan-Result").Single());
        Assert.Equal("replaced", (await web.CreateAsync("notes.txt", "new"u8.ToArray(), ("conflict", "replace"))).Headers.GetValues("Capstan-Result").Single());
        Assert.Equal("new", await web.Client.GetStringAsync("/download/notes.txt"));
        (await web.CreateAsync("folder", [], ("type", "folder"))).Dispose();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await web.CreateAsync("folder", "x"u8.ToArray(), ("conflict", "replace"))).StatusCode);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("a%2Fb")]
    [InlineData("nul%00")]
    [InlineData("/")]
    [InlineData("")]
    public async Task Upload_PathTrick_IsRefused(string path)
    {
        await using TusWeb web = await TusWeb.StartAsync();
        using HttpResponseMessage refused = await web.CreateAsync(path, "x"u8.ToArray(), encoded: true);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        foreach (string id in new[] { "..%2F..%2Fkeys", "0123", new string('a', 32), "capstan.db" })
            Assert.Equal(HttpStatusCode.NotFound, (await web.SendAsync(HttpMethod.Delete, new Uri($"/uploads/{id}", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task Upload_BadRequests_HaveAStatusEach()
    {
        await using TusWeb web = await TusWeb.StartAsync();
        Uri upload = await web.BeginAsync("x", 10);
        using HttpRequestMessage noVersion = new(HttpMethod.Head, upload);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await web.Client.SendAsync(noVersion)).StatusCode);
        using HttpRequestMessage wrongType = new(HttpMethod.Patch, upload) { Content = new StringContent("0123456789") };
        wrongType.Headers.Add("Tus-Resumable", "1.0.0");
        wrongType.Headers.Add("Upload-Offset", "0");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await web.Client.SendAsync(wrongType)).StatusCode);
        foreach (string length in new[] { "-1", "x", "99999999999999999999" })
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "/uploads/to/");
            request.Headers.Add("Tus-Resumable", "1.0.0");
            request.Headers.Add("Upload-Length", length);
            request.Headers.Add("Upload-Metadata", TusWeb.Metadata("y"));
            Assert.Equal(HttpStatusCode.BadRequest, (await web.Client.SendAsync(request)).StatusCode);
        }
        using HttpResponseMessage nowhere = await web.CreateAsync("x", "x"u8.ToArray(), to: "not-there");
        Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await web.SendAsync(HttpMethod.Delete, upload)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await web.SendAsync(HttpMethod.Head, upload)).StatusCode);
    }

    /// <summary>Sends some bytes and then breaks off.</summary>
    private sealed class BreakingContent : HttpContent
    {
        private readonly byte[] _bytes;

        public BreakingContent(byte[] bytes, long announced)
        {
            _bytes = bytes;
            Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
            Headers.ContentLength = announced;
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(_bytes);
            await stream.FlushAsync();
            throw new IOException("The sender has gone.");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Headers.ContentLength ?? 0;
            return true;
        }
    }
}
