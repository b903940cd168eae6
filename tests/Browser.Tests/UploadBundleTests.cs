using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Capstan.Browser.Tests;

/// <summary>Many small files in one request, and the question beforehand which names are taken.</summary>
public sealed class UploadBundleTests
{
    [Fact]
    public async Task Bundle_EachFileEndsForItself()
    {
        await using TusWeb web = await TusWeb.StartAsync();
        (await web.CreateAsync("taken.txt", "old"u8.ToArray())).Dispose();
        JsonElement[] outcomes = await SendAsync(web,
            ("a/new%0Aline.txt", "one", null), ("taken.txt", "two", "ask"), ("taken.txt", "three", "keep-both"), ("a/b/100%25.txt", "four", null), ("taken.txt/below.txt", "five", null), ("a/empty.txt", "", null));
        Assert.Equal([201, 422, 201, 201, 404, 201], outcomes.Select(o => o.GetProperty("status").GetInt32()));
        Assert.Equal(3, outcomes[1].GetProperty("there").GetProperty("size").GetInt32());
        Assert.Equal("kept-both", outcomes[2].GetProperty("result").GetString());
        Assert.Equal("one", await web.Client.GetStringAsync("/download/a/new%0Aline.txt"));
        Assert.Equal("old", await web.Client.GetStringAsync("/download/taken.txt"));
        Assert.Equal("three", await web.Client.GetStringAsync("/download/taken%20(2).txt"));
        Assert.Equal("four", await web.Client.GetStringAsync("/download/a/b/100%25.txt"));
        Assert.Equal("", await web.Client.GetStringAsync("/download/a/empty.txt"));
    }

    [Fact]
    public async Task Bundle_DamagedOrForged_IsRefusedAsAWhole()
    {
        await using TusWeb web = await TusWeb.StartAsync();
        byte[] body = Body([("x.txt", "hello", null)]);
        Assert.Equal(460, await PostAsync(web, body, SHA256.HashData("other"u8)));
        Assert.Equal(400, await PostAsync(web, [.. body, 1]));
        Assert.Equal(400, await PostAsync(web, body[..^1]));
        Assert.Equal(400, await PostAsync(web, [0xFF, 0xFF, 0xFF, 0xFF, 1]));
        Assert.Equal(400, await PostAsync(web, [4, 0, 0, 0, .. "null"u8]));
        Assert.Equal(400, await PostAsync(web, [6, 0, 0, 0, .. "[null]"u8]));
        foreach (string path in new[] { "../x", "a/../../x", "a%2Fb", "nul%00", "/", "" })
            Assert.Equal(400, await PostAsync(web, Body([("fine.txt", "fine", null), (path, "x", null)])));
        Assert.Equal(HttpStatusCode.NotFound, (await web.Client.GetAsync("/download/fine.txt")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await web.Client.GetAsync("/download/x.txt")).StatusCode);
    }

    [Fact]
    public async Task Check_TellsWhatIsTakenAndByWhat()
    {
        await using TusWeb web = await TusWeb.StartAsync();
        (await web.CreateAsync("a/100%.txt", "hello"u8.ToArray(), ("mtime", "1700000000000"))).Dispose();
        (await web.CreateAsync("a/folder", [], ("type", "folder"))).Dispose();
        using HttpResponseMessage answer = await web.Client.PostAsJsonAsync("/uploads/check/a", new[] { "free.txt", "100%25.txt", "folder", "folder/", "nowhere/x" });
        JsonElement[] taken = (await answer.Content.ReadFromJsonAsync<JsonElement[]>())!;
        Assert.Equal([1, 2], taken.Select(t => t.GetProperty("at").GetInt32()));
        Assert.Equal((5, 1_700_000_000_000, false), (taken[0].GetProperty("size").GetInt32(), taken[0].GetProperty("mtimeMs").GetInt64(), taken[0].GetProperty("isFolder").GetBoolean()));
        Assert.True(taken[1].GetProperty("isFolder").GetBoolean());
        Assert.Equal(HttpStatusCode.NotFound, (await web.Client.PostAsJsonAsync("/uploads/check/not-there", new[] { "x" })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await web.Client.PostAsJsonAsync("/uploads/check/a", new[] { "../x" })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await web.Client.PostAsync("/uploads/check/a", new StringContent("{}"))).StatusCode);
    }

    private static async Task<JsonElement[]> SendAsync(TusWeb web, params (string Path, string Content, string? Conflict)[] files)
    {
        using ByteArrayContent content = new(Body(files));
        using HttpResponseMessage answer = await web.Client.PostAsync("/uploads/bundle/", content);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement[]>())!;
    }

    private static async Task<int> PostAsync(TusWeb web, byte[] body, byte[]? sha256 = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/uploads/bundle/") { Content = new ByteArrayContent(body) };
        request.Headers.Add("Upload-Checksum", "sha256 " + Convert.ToBase64String(sha256 ?? SHA256.HashData(body)));
        using HttpResponseMessage answer = await web.Client.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private static byte[] Body((string Path, string Content, string? Conflict)[] files)
    {
        byte[] list = JsonSerializer.SerializeToUtf8Bytes(files.Select(f => new { path = f.Path, size = Encoding.UTF8.GetByteCount(f.Content), conflict = f.Conflict }));
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, list.Length);
        return [.. length, .. list, .. files.SelectMany(f => Encoding.UTF8.GetBytes(f.Content))];
    }
}
