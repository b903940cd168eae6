using System.Net;
using System.Net.Http.Json;
using Capstan.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Capstan.Browser.Tests;

/// <summary>Upload sets as jobs: shown on the operations page on every device, stopped and gone on with from there, each file once.</summary>
public sealed class UploadSetTests(BrowserFixture browser)
{
    private const int Piece = 8 * 1024 * 1024;

    private static readonly string Set = new('a', 32);

    [Fact]
    public async Task File_SentAgainAndAgain_IsStoredOnce_AlsoWhenTheServerWasKilledBeforeItHadNotedIt()
    {
        using TempDirectory temp = new();
        await using (TusWeb web = await TusWeb.StartAsync(temp))
        {
            (await web.CreateAsync("taken.txt", "old"u8.ToArray())).Dispose();
            Assert.Equal(HttpStatusCode.NoContent, await ListAsync(web, Set, ("taken.txt", 3), ("other.txt", 5)));
            Assert.Equal("kept-both", await SendAsync(web));
            Assert.Equal("kept-both", await SendAsync(web));
            await web.KillAsync();
        }
        await using (TusWeb web = await TusWeb.StartAsync(temp))
        {
            Assert.Equal("kept-both", await SendAsync(web));
            await web.KillAsync();
        }
        // As a crash leaves it between storing and noting.
        string kept = temp.File($"data/uploads/sets/{Set}.set");
        byte[] records = await File.ReadAllBytesAsync(kept);
        Assert.Equal(4, records[25]);
        records[25] = 1;
        await File.WriteAllBytesAsync(kept, records);
        await using (TusWeb web = await TusWeb.StartAsync(temp))
        {
            Assert.Equal("kept-both", await SendAsync(web));
            Assert.Equal("new", await web.Client.GetStringAsync("/download/taken%20(2).txt"));
            Assert.Equal(HttpStatusCode.NotFound, (await web.Client.GetAsync("/download/taken%20(3).txt")).StatusCode);

            // Given up: nothing of it is taken any more.
            Assert.Equal(HttpStatusCode.NoContent, (await web.Client.DeleteAsync($"/uploads/sets/{Set}")).StatusCode);
            Assert.Equal(HttpStatusCode.Gone, (await web.Client.GetAsync($"/uploads/sets/{Set}")).StatusCode);
            using HttpResponseMessage refused = await web.CreateAsync("other.txt", "hello"u8.ToArray(), ("set", Set), ("at", "1"));
            Assert.Equal(HttpStatusCode.Gone, refused.StatusCode);
            Assert.Empty(Directory.GetFiles(temp.File("data/uploads/sets")));
        }

        static async Task<string> SendAsync(TusWeb web)
        {
            using HttpResponseMessage made = await web.CreateAsync("taken.txt", "new"u8.ToArray(), ("conflict", "keep-both"), ("mtime", "1600000000000"), ("set", Set), ("at", "0"));
            Assert.Equal(HttpStatusCode.Created, made.StatusCode);
            return made.Headers.GetValues("Capstan-Result").Single();
        }
    }

    [Fact]
    public async Task EmptyFolders_AreMadeFromTheListWithoutTheirBrowser_AlsoAfterARestart()
    {
        const string Folder = "folder";
        using TempDirectory temp = new();
        string sets = temp.File("data/uploads/sets"), next = new('b', 32);
        await using (TusWeb web = await TusWeb.StartAsync(temp))
        {
            using HttpResponseMessage listed = await web.Client.PutAsJsonAsync($"/uploads/sets/{Set}/?from=0", new object[]
            {
                new { path = "a%20b/empty", size = 0, type = Folder }, new { path = "other/deep/empty", size = 0, type = Folder }, new { path = "f.txt", size = 3, mtime = 1_600_000_000_000 },
            });
            Assert.Equal(HttpStatusCode.NoContent, listed.StatusCode);
            await MadeAsync(Set);
            Assert.True(await IsTakenAsync(web, "a%20b/empty", "other/deep/empty"));

            // Another device goes on, which cannot choose them: the file is all that is left.
            using HttpResponseMessage matched = await web.Client.PostAsJsonAsync($"/uploads/sets/{Set}/match", new[] { new { path = "f.txt", size = 3, mtime = 1_600_000_000_000 } });
            Assert.Equal(1, (await matched.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("left").GetInt32());
            await web.KillAsync();
        }

        // As a crash leaves another set right after its list.
        byte[] records = await File.ReadAllBytesAsync(Path.Combine(sets, $"{Set}.set"));
        Assert.Equal((2, 2, 0), (records[25], records[57], records[89]));
        records[25] = records[57] = 0;
        await File.WriteAllBytesAsync(Path.Combine(sets, $"{next}.set"), records);
        File.Copy(Path.Combine(sets, $"{Set}.json"), Path.Combine(sets, $"{next}.json"));
        await File.WriteAllLinesAsync(Path.Combine(sets, $"{next}.folders"), ["0 c/empty", "1 c/%FF", "0 c/emp"]);
        await using (TusWeb web = await TusWeb.StartAsync(temp))
        {
            await MadeAsync(next);
            Assert.True(await IsTakenAsync(web, "c/empty", "c/%FF"));
            Assert.False(await IsTakenAsync(web, "c/emp"));
            Assert.Equal(HttpStatusCode.NoContent, (await web.Client.DeleteAsync($"/uploads/sets/{next}")).StatusCode);
            Assert.Empty(Directory.GetFiles(sets, $"{next}*"));
        }

        Task MadeAsync(string id) => Eventually.TrueAsync(() => File.ReadAllBytes(Path.Combine(sets, $"{id}.set")) is var kept && kept[25] == 2 && kept[57] == 2, "the folders of the list");

        static async Task<bool> IsTakenAsync(TusWeb web, params string[] paths)
        {
            using HttpResponseMessage answer = await web.Client.PostAsJsonAsync("/uploads/check/", paths);
            return (await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetArrayLength() == paths.Length;
        }
    }

    [Fact]
    public async Task List_ThatIsNone_IsRefused()
    {
        await using TusWeb web = await TusWeb.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, await ListAsync(web, Set, ("../x", 1)));
        Assert.Equal(HttpStatusCode.BadRequest, await ListAsync(web, Set));
        Assert.Equal(HttpStatusCode.BadRequest, (await web.Client.PutAsJsonAsync($"/uploads/sets/{Set}/?from=0", "none")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await web.Client.PutAsJsonAsync($"/uploads/sets/{Set}/?from=7", new[] { new { path = "x", size = 1 } })).StatusCode);
        foreach (string id in new[] { "x", "..%2F..%2Fkeys", new string('G', 32) })
            Assert.Equal(HttpStatusCode.Conflict, await ListAsync(web, id, ("x", 1)));
        Assert.Equal(HttpStatusCode.Gone, (await web.Client.PostAsJsonAsync($"/uploads/sets/{Set}", new { paused = false })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, await ListAsync(web, Set, ("x", 1)));
        Assert.Equal(HttpStatusCode.BadRequest, (await web.Client.PostAsJsonAsync($"/uploads/sets/{Set}", "none")).StatusCode);
        using HttpResponseMessage beyond = await web.CreateAsync("y", "y"u8.ToArray(), ("set", Set), ("at", "1"));
        Assert.Equal(HttpStatusCode.NotFound, beyond.StatusCode);
    }

    [Fact]
    public async Task OtherDevice_SeesTheUpload_PausesItAndCancelsIt()
    {
        using TempDirectory temp = new();
        await using TusWeb web = await TusWeb.StartAsync(temp);
        await using TestPage sender = await OpenAsync(web, "/files/");
        await using TestPage other = await OpenAsync(web, "/operations");
        using Gate third = await Gate.BeforeThirdPieceAsync(sender.Page);
        await PickAsync(sender, [Big(temp)]);
        await Eventually.OfAsync(third.Reached, "the third piece");

        ILocator line = other.Page.Locator("[data-upload]");
        await Expect(line).ToContainTextAsync("Upload big.bin");
        await Expect(line).ToContainTextAsync("Running in a tab");
        await Expect(line).ToContainTextAsync("0 of 1 file stored · 1 left · 16 MiB of 38.1 MiB");
        await Expect(other.Page.Locator(".nav-item[href='/operations'] .count")).ToHaveTextAsync("1");
        await Shots.TakeAsync(other.Page, "operations-upload-running");
        await other.AssertAccessibleAsync("an upload that runs");

        await line.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(Panel(sender)).ToContainTextAsync("Paused · 0 of 1");
        await Expect(line).ToContainTextAsync("Paused");
        await line.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(Panel(sender)).ToContainTextAsync("Uploading · 0 of 1");
        await Expect(line).ToContainTextAsync("Running in a tab");

        await line.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(line).ToContainTextAsync("Upload big.bin: stopped");
        await Expect(Panel(sender)).ToContainTextAsync("1 cancelled");
        await Expect(Panel(sender)).ToContainTextAsync("This upload was cancelled on the operations page");
        await Expect(other.Page.Locator(".nav-item[href='/operations'] .count")).ToHaveCountAsync(0);
        await Eventually.TrueAsync(() => Directory.GetFiles(temp.File("data/uploads"), "*", SearchOption.AllDirectories).Length == 0, "nothing of it on disk");
        await line.GetByRole(AriaRole.Button, new() { Name = "Dismiss" }).ClickAsync();
        await Expect(line).ToHaveCountAsync(0);
        await sender.ReloadAsync();
        await Expect(Panel(sender)).ToBeHiddenAsync();
    }

    [Fact]
    public async Task PageClosedAndServerKilled_GoesOnFromAnotherDevice_AndEachFileIsThereOnce()
    {
        using TempDirectory temp = new();
        string big = Big(temp), address = $"http://127.0.0.1:{FreePort.Next()}";
        string[] small = [.. Enumerable.Range(0, 3).Select(i => Write(temp, $"small-{i}.txt", $"small {i}"))];
        Task<ChildProcess> StartAsync() => ChildProcess.StartProjectAsync("WebUi", ["--data", temp.File("data"), "--listen", address], "is ready", timeout: TimeSpan.FromSeconds(90));
        ChildProcess first = await StartAsync();
        await using ChildProcess killed = first;
        await using TestPage sender = await browser.OpenOnAsync(address);
        await sender.GoAsync("/files/");
        using (Gate third = await Gate.BeforeThirdPieceAsync(sender.Page))
        {
            await PickAsync(sender, [big, .. small]);
            await Eventually.OfAsync(third.Reached, "the third piece");
            await Expect(Panel(sender)).ToContainTextAsync("Uploading · 3 of 4");
            sender.Page.Dialog += (_, dialog) => dialog.AcceptAsync(); // "leave the page?"
            await sender.Page.GotoAsync("about:blank");
        }

        await using TestPage other = await browser.OpenOnAsync(address);
        await other.GoAsync("/operations");
        ILocator line = other.Page.Locator("[data-upload]");
        await Expect(line).ToContainTextAsync("Interrupted");
        await Shots.TakeAsync(other.Page, "operations-upload-interrupted");
        await other.AssertAccessibleAsync("an upload that was interrupted");
        await first.KillAsync();
        await using ChildProcess again = await StartAsync();

        await other.GoAsync("/operations");
        await Expect(line).ToContainTextAsync("Upload 4 files");
        await Expect(line).ToContainTextAsync("Interrupted");
        await Expect(line).ToContainTextAsync("3 of 4 files stored · 1 left · 16 MiB of 38.1 MiB");
        await Expect(line).ToContainTextAsync("Choose the same files again to go on");
        List<string> requests = [];
        other.Page.Request += (_, request) =>
        {
            if (request.Method is "PATCH" || request.Url.Contains("/uploads/bundle/", StringComparison.Ordinal) || request.Url.Contains("/uploads/to/", StringComparison.Ordinal))
                requests.Add($"{request.Method} {request.Headers.GetValueOrDefault("upload-offset")}");
        };
        ILocator resume = line.GetByRole(AriaRole.Button, new() { Name = "Resume" });
        await ChooseAsync(other, resume, [Write(temp, "none.txt", "none of it")]);
        await Expect(Panel(other)).ToContainTextAsync("None of these is a file that was begun");
        await ChooseAsync(other, resume, [.. small, big]);

        await Expect(line).ToContainTextAsync("Upload 4 files: done");
        await Expect(Panel(other)).ToContainTextAsync("1 file uploaded");
        Assert.Equal([$"PATCH {2 * Piece}", $"PATCH {3 * Piece}", $"PATCH {4 * Piece}"], requests);
        using HttpClient client = new() { BaseAddress = new Uri(address) };
        Assert.Equal(await File.ReadAllBytesAsync(big), await client.GetByteArrayAsync("/download/big.bin"));
        await other.OpenListAsync("/files/");
        await Expect(other.Page.Locator(".file-row[data-n]")).ToHaveCountAsync(4);
        Assert.Empty(Directory.GetFiles(temp.File("data/uploads"), "*", SearchOption.AllDirectories));
    }

    private static ILocator Panel(TestPage page) => page.Page.Locator(".uploads");

    private async Task<TestPage> OpenAsync(TusWeb web, string path)
    {
        TestPage page = await browser.OpenOnAsync(web.Client.BaseAddress!.ToString().TrimEnd('/'));
        await page.GoAsync(path);
        return page;
    }

    private static Task PickAsync(TestPage page, string[] files) => ChooseAsync(page, page.Page.GetByRole(AriaRole.Button, new() { Name = "Upload files" }), files);

    private static async Task ChooseAsync(TestPage page, ILocator button, string[] files)
    {
        IFileChooser chooser = await page.Page.RunAndWaitForFileChooserAsync(() => button.ClickAsync());
        await chooser.SetFilesAsync(files);
    }

    private static string Big(TempDirectory temp)
    {
        byte[] bytes = new byte[40_000_000];
        new Random(7).NextBytes(bytes);
        File.WriteAllBytes(temp.File("big.bin"), bytes);
        return temp.File("big.bin");
    }

    private static string Write(TempDirectory temp, string name, string text)
    {
        File.WriteAllText(temp.File(name), text);
        return temp.File(name);
    }

    private static async Task<HttpStatusCode> ListAsync(TusWeb web, string id, params (string Path, int Size)[] files)
    {
        using HttpResponseMessage answer = await web.Client.PutAsJsonAsync(
            $"/uploads/sets/{id}/?from=0", files.Select(f => new { path = f.Path, size = f.Size, mtime = 1_600_000_000_000, conflict = "keep-both" }));
        return answer.StatusCode;
    }

    /// <summary>Lets two pieces through.</summary>
    private sealed class Gate : IDisposable
    {
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _pieces;

        public Task Reached => _reached.Task;

        public static async Task<Gate> BeforeThirdPieceAsync(IPage page)
        {
            Gate gate = new();
            await page.RouteAsync("**/uploads/*", async route =>
            {
                if (route.Request.Method == "PATCH" && Interlocked.Increment(ref gate._pieces) > 2)
                {
                    gate._reached.TrySetResult();
                    await gate._open.Task;
                    return; // Never sent.
                }
                await route.ContinueAsync();
            });
            return gate;
        }

        public void Dispose() => _open.TrySetResult();
    }
}
