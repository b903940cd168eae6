using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;
using Capstan.WebUi.Tests.Hosting;

namespace Capstan.WebUi.Tests.Administration;

/// <summary>What an administrator takes away, of the program at work.</summary>
public sealed class AdministrationFilesTests
{
    private static readonly string[] Tables = ["directories", "caps", "revokes", "sessions", "slow", "misses", "fallbacks", "evictions", "audit"];

    [Fact]
    public async Task Export_OfEachTable_IsJsonAndCsvOfTheSameRows()
    {
        using TempDirectory temp = new();
        await using WebUnderTest web = await StartedAsync(temp);
        foreach (string table in Tables)
        {
            using JsonDocument json = JsonDocument.Parse(await web.Http.GetStringAsync($"/admin/export/{table}.json"));
            using HttpResponseMessage csv = await web.Http.GetAsync($"/admin/export/{table}.csv");
            Assert.Equal("text/csv", csv.Content.Headers.ContentType!.MediaType);
            Assert.Equal($"capstan-{table}.csv", csv.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
            string[] lines = (await csv.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            if (json.RootElement.GetArrayLength() > 0)
                Assert.Equal(lines[0].Split(','), json.RootElement[0].EnumerateObject().Select(p => p.Name));
            if (table == "directories")
                Assert.Equal(lines.Length - 1, json.RootElement.GetArrayLength());
        }
        using JsonDocument filtered = JsonDocument.Parse(await web.Http.GetStringAsync("/admin/export/directories.json?path=/kept&sort=entries&desc=true"));
        JsonElement row = Assert.Single(filtered.RootElement.EnumerateArray());
        Assert.Equal(("/kept", 3), (row.GetProperty("path").GetString(), row.GetProperty("entries").GetInt64()));
        foreach (string nothing in new[] { "/admin/export/nothing.json", "/admin/export/directories.xml" })
            Assert.Equal(HttpStatusCode.NotFound, (await web.Http.GetAsync(nothing)).StatusCode);
    }

    [Fact]
    public async Task SupportBundle_HasTheFiguresAndTables_AndNoSecret()
    {
        using TempDirectory temp = new();
        await using WebUnderTest web = await StartedAsync(temp, "--redis", "127.0.0.1:1,password=open sesame");
        string handle = web.Client.Snapshot().Session.Id;
        await using MemoryStream bytes = new(await web.Http.GetByteArrayAsync("/admin/support-bundle"));
        using ZipArchive zip = new(bytes);
        Assert.Superset(
            new HashSet<string>(["about.json", "figures.json", "limits.json", .. Tables.Select(table => $"tables/{table}.json")]),
            zip.Entries.Select(e => e.FullName).ToHashSet());
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            using StreamReader reader = new(entry.Open());
            string text = await reader.ReadToEndAsync();
            JsonDocument.Parse(text).Dispose();
            Assert.DoesNotContain("sesame", text);
            Assert.DoesNotMatch($"{handle}[-0-9a-f]", text); // the beginning of a session's id names it; the whole would resume it
        }
        using StreamReader about = new(zip.GetEntry("about.json")!.Open());
        Assert.Contains("127.0.0.1:1", await about.ReadToEndAsync());
        Assert.Contains("support bundle", await web.Http.GetStringAsync("/admin/export/audit.csv"));
    }

    [Theory]
    [InlineData("/admin/export/directories.json")]
    [InlineData("/admin/support-bundle")]
    public async Task Files_ForWhoIsNoAdministrator_AreRefusedInWords(string address)
    {
        using TempDirectory temp = new();
        await using WebUnderTest web = await WebUnderTest.StartAsync(temp.File("data"), "--Capstan:Identity:Uid=1000");
        using HttpResponseMessage refused = await web.Http.GetAsync(address);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.NotEmpty(await refused.Content.ReadAsStringAsync());
    }

    private static async Task<WebUnderTest> StartedAsync(TempDirectory temp, params string[] arguments)
    {
        WebUnderTest web = await WebUnderTest.StartAsync(temp.File("data"), ["--Capstan:Identity:Uid=0", .. arguments]);
        InodeId kept = (await web.Client.MakeDirectory(Caller.Root, InodeId.Root, FileName.Create("kept"), 0x1FF).Completion).Value!.Ino;
        foreach (string name in new[] { "a", "b", "c" })
            Assert.Equal(FsErrno.Ok, (await web.Client.CreateFile(Caller.Root, kept, FileName.Create(name), 0x1A4).Completion).Errno);
        using IDirectoryView view = (await web.Client.OpenDirectoryAsync(Caller.Root, kept)).Value!;
        Assert.Equal(FsErrno.Ok, await view.LoadAsync(0, view.Count));
        Assert.True((await web.Client.ResolveAsync(Caller.Root, [FileName.Create("kept"), FileName.Create("a")])).IsOk);
        return web;
    }
}
