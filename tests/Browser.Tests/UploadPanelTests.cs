using System.Globalization;
using System.Text;
using System.Text.Json;
using Capstan.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Capstan.Browser.Tests;

/// <summary>Uploads as a person does them: picked, dropped, asked about, broken off and gone on with.</summary>
public sealed class UploadPanelTests(BrowserFixture browser)
{
    private static readonly string[] OddNames = ["100%41.txt", "#hash", "a&b+c=d?", "-leading dash", "new\nline", "quote\"'`", "back\\slash", "ünïcödé 日本語 🎉", "\u202Egpj.exe", "<b>bold", "%2F", ".hidden"];

    [Fact]
    public async Task Pick_OddNames_AreThereAsTheyWere()
    {
        using TempDirectory temp = new();
        await using TusWeb web = await TusWeb.StartAsync();
        List<string> files = [];
        foreach (string name in OddNames)
            files.Add(Write(temp, $"local/{name}", name));
        TestPage page = await OpenAsync(web, "/files/");

        await PickAsync(page, "Upload files", files);

        await Expect(Panel(page)).ToContainTextAsync($"{OddNames.Length} files uploaded");
        foreach (string name in OddNames)
            Assert.Equal(name, await web.Client.GetStringAsync("/download/" + Uri.EscapeDataString(name)));
        using HttpResponseMessage read = await web.Client.GetAsync("/download/%23hash");
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_600_000_000), read.Content.Headers.LastModified);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Drop_AFolderOnAFolderRow_KeepsItsTreeWithEmptyFolders()
    {
        using TempDirectory temp = new();
        await using TusWeb web = await TusWeb.StartAsync();
        (await web.CreateAsync("target", [], ("type", "folder"))).Dispose();
        Write(temp, "local/project/src/a.txt", "a");
        Write(temp, "local/project/src/deep/er/b.txt", "b");
        Directory.CreateDirectory(temp.File("local/project/empty/inside"));
        for (int i = 0; i < 150; i++)
            Write(temp, $"local/project/many/{i:000}", "x"); // browsers list a hundred at a time
        TestPage page = await OpenAsync(web, "/files/");

        await DropAsync(page, page.Row("target"), temp.File("local/project"));

        await Expect(Panel(page)).ToContainTextAsync("153 files uploaded");
        Assert.Equal("b", await web.Client.GetStringAsync("/download/target/project/src/deep/er/b.txt"));
        Assert.Equal("x", await web.Client.GetStringAsync("/download/target/project/many/149"));
        await page.Page.GotoAsync("/files/target/project/empty/inside");
        await Expect(page.Page.Locator(".state")).ToContainTextAsync("This folder is empty");
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task NamesTaken_AreAskedAboutOnceAndEachRuleIsKept()
    {
        using TempDirectory temp = new();
        await using TusWeb web = await TusWeb.StartAsync();
        foreach (string name in new[] { "a.txt", "b.txt", "c.txt" })
            (await web.CreateAsync(name, Encoding.UTF8.GetBytes("old " + name))).Dispose();
        (await web.CreateAsync("d.txt", [], ("type", "folder"))).Dispose();
        List<string> files = [.. new[] { "a.txt", "b.txt", "c.txt", "d.txt", "e.txt" }.Select(name => Write(temp, $"local/{name}", "new " + name))];
        TestPage page = await OpenAsync(web, "/files/");

        await PickAsync(page, "Upload files", files);
        ILocator dialog = page.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("4 of 5 names are taken in “Files”");
        await Expect(dialog.Locator("tbody tr").First).ToContainTextAsync("9 B");
        await Expect(dialog.Locator("tbody tr").First).ToContainTextAsync("2020-09-13 12:26 UTC");
        await page.AssertAccessibleAsync("conflicts");
        await page.Page.ScreenshotAsync(new() { Path = Artifacts.Path("upload-conflicts.png") });
        await dialog.GetByLabel("Replace").CheckAsync();
        await dialog.GetByLabel("What to do with b.txt").SelectOptionAsync("skip");
        await dialog.GetByLabel("What to do with c.txt").SelectOptionAsync("keep-both");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Upload 5 files" }).ClickAsync();

        await Expect(Panel(page)).ToContainTextAsync("4 files uploaded, 1 skipped");
        Assert.Equal("new a.txt", await web.Client.GetStringAsync("/download/a.txt"));
        Assert.Equal("old b.txt", await web.Client.GetStringAsync("/download/b.txt"));
        Assert.Equal("old c.txt", await web.Client.GetStringAsync("/download/c.txt"));
        Assert.Equal("new c.txt", await web.Client.GetStringAsync("/download/c%20(2).txt"));
        Assert.Equal("new d.txt", await web.Client.GetStringAsync("/download/d%20(2).txt")); // a folder is not replaced by a file
        Assert.Equal("new e.txt", await web.Client.GetStringAsync("/download/e.txt"));

        // Called off: nothing is sent.
        await PickAsync(page, "Upload files", [files[0]]);
        await page.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Server_KilledInTheMiddleAndStartedAgain_TheUploadGoesOnByItselfAndThePageComesBack()
    {
        using TempDirectory temp = new();
        byte[] bytes = new byte[40_000_000];
        new Random(7).NextBytes(bytes);
        string big = temp.File("big.bin"), address = $"http://127.0.0.1:{FreePort.Next()}";
        await File.WriteAllBytesAsync(big, bytes);
        Task<ChildProcess> StartAsync() => ChildProcess.StartProjectAsync("WebUi", ["--data", temp.File("data"), "--listen", address], "is ready", timeout: TimeSpan.FromSeconds(90));
        ChildProcess first = await StartAsync();
        await using ChildProcess killed = first;
        await using TestPage page = await browser.OpenOnAsync(address);
        await page.Page.GotoAsync("/files/");
        await page.Page.WaitForSelectorAsync(".state");
        List<string> offsets = [];
        TaskCompletionSource third = new(TaskCreationOptions.RunContinuationsAsynchronously);
        // The server dies under the third piece, behind the answer to the second.
        await page.Page.RouteAsync("**/uploads/*", async route =>
        {
            if (route.Request.Method == "PATCH")
                offsets.Add(route.Request.Headers["upload-offset"]);
            if (offsets.Count == 3 && !third.Task.IsCompleted)
            {
                await first.KillAsync();
                third.SetResult();
            }
            await route.ContinueAsync();
        });
        await PickAsync(page, "Upload files", [big]);
        await Eventually.OfAsync(third.Task, "the third piece");

        await using ChildProcess again = await StartAsync();
        // By itself, from where it was; and the page, whose circuit has died with the server, is loaded anew when the upload has ended.
        using HttpClient client = new() { BaseAddress = new Uri(address) };
        await Eventually.TrueAsync(() => client.GetAsync("/download/big.bin").GetAwaiter().GetResult().IsSuccessStatusCode, "the whole file");
        Assert.Equal(bytes, await client.GetByteArrayAsync("/download/big.bin"));
        await Expect(page.Row("big.bin")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        Assert.Equal(1, offsets.Count(o => o == "0"));
        Assert.Empty(Directory.GetFiles(temp.File("data/uploads")));
    }

    [Fact]
    public async Task Reload_InTheMiddle_IsOfferedAndGoesOnWhereItWas()
    {
        using TempDirectory temp = new();
        await using TusWeb web = await TusWeb.StartAsync();
        byte[] bytes = new byte[40_000_000];
        new Random(7).NextBytes(bytes);
        string big = temp.File("big.bin");
        await File.WriteAllBytesAsync(big, bytes);
        TestPage page = await OpenAsync(web, "/files/");
        List<string> patches = [];
        // The line dies behind the second piece.
        await page.Page.RouteAsync("**/uploads/*", route =>
        {
            if (route.Request.Method == "PATCH")
                patches.Add(route.Request.Headers["upload-offset"]);
            return patches.Count > 2 && route.Request.Method == "PATCH" ? route.AbortAsync() : route.ContinueAsync();
        });
        page.Page.Dialog += (_, dialog) => dialog.AcceptAsync(); // "leave the page?"

        await PickAsync(page, "Upload files", [big]);
        await Eventually.TrueAsync(() => patches.Count > 2, "the third piece");
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await web.Client.GetAsync("/download/big.bin")).StatusCode); // a half upload is never seen
        await page.Page.UnrouteAllAsync();
        await page.Page.ReloadAsync();

        await Expect(Panel(page)).ToContainTextAsync("1 file to “Files” is not finished.");
        await page.AssertAccessibleAsync("unfinished");
        await page.Page.ScreenshotAsync(new() { Path = Artifacts.Path("upload-unfinished.png") });
        List<string> offsets = [];
        page.Page.Request += (_, request) =>
        {
            if (request.Method == "PATCH")
                offsets.Add(request.Headers["upload-offset"]);
        };
        // Another file is not taken for it.
        string other = Write(temp, "other.bin", "x");
        await ChooseAsync(page, page.Page.GetByRole(AriaRole.Button, new() { Name = "Continue…" }), [other]);
        await Expect(Panel(page)).ToContainTextAsync("None of these is a file that was begun");
        await ChooseAsync(page, page.Page.GetByRole(AriaRole.Button, new() { Name = "Continue…" }), [big]);

        await Expect(Panel(page)).ToContainTextAsync("1 file uploaded");
        Assert.Equal($"{2 * 8 * 1024 * 1024}", offsets[0]);
        Assert.Equal(bytes, await web.Client.GetByteArrayAsync("/download/big.bin"));
        await page.Page.ReloadAsync();
        await page.Page.WaitForSelectorAsync(".file-row[data-n]");
        await Expect(Panel(page)).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Panel_PauseNavigateResumeCancelAndRetry()
    {
        using TempDirectory temp = new();
        await using TusWeb web = await TusWeb.StartAsync();
        (await web.CreateAsync("elsewhere", [], ("type", "folder"))).Dispose();
        List<string> files = [.. Enumerable.Range(0, 40).Select(i => Write(temp, $"local/{i:00}.txt", new string('x', 70_000 + i)))];
        TestPage page = await OpenAsync(web, "/files/");
        int posts = 0;
        TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.Page.RouteAsync("**/uploads/to/**", async route =>
        {
            int mine = Interlocked.Increment(ref posts);
            if (mine > 10)
                await held.Task;
            if (route.Request.Headers["upload-metadata"].Contains(Base64("07.txt"), StringComparison.Ordinal) && mine <= 10)
                await route.FulfillAsync(new() { Status = 507, Body = "The storage is full.", ContentType = "text/plain" });
            else
                await route.ContinueAsync();
        });

        await PickAsync(page, "Upload files", files);
        await Expect(Panel(page)).ToContainTextAsync("Uploading · 10 of 40");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(Panel(page)).ToContainTextAsync("Paused · 10 of 40");
        await page.AssertAccessibleAsync("paused");
        held.SetResult();

        // Another folder, another page: it is still there.
        await page.Page.Locator(".file-row[data-n=elsewhere]").DblClickAsync(new() { Position = new() { X = 60, Y = 12 } }); // where the panel is not
        await Expect(page.Page.Locator(".state")).ToContainTextAsync("This folder is empty");
        await Expect(Panel(page)).ToContainTextAsync("Paused · 10 of 40");
        await page.Page.Locator(".nav-item[href='/operations']").ClickAsync();
        await Expect(Panel(page)).ToContainTextAsync("Paused · 10 of 40");
        await page.Page.ScreenshotAsync(new() { Path = Artifacts.Path("upload-paused.png") });

        await Panel(page).GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(Panel(page)).ToContainTextAsync("39 files uploaded, 1 failed");
        await Panel(page).GetByLabel("Only what needs you").CheckAsync();
        await Expect(Panel(page).Locator(".uploads-row")).ToHaveCountAsync(1);
        await Expect(Panel(page).Locator(".uploads-row")).ToContainTextAsync("The storage is full.");
        await page.AssertAccessibleAsync("failed");
        await page.Page.ScreenshotAsync(new() { Path = Artifacts.Path("upload-failed.png") });
        await Panel(page).GetByRole(AriaRole.Button, new() { Name = "Retry", Exact = true }).ClickAsync();
        await Expect(Panel(page)).ToContainTextAsync("40 files uploaded");
        Assert.Equal(70_007, (await web.Client.GetStringAsync("/download/07.txt")).Length);
        await Panel(page).GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(Panel(page)).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Cancel_InTheMiddle_LeavesNothingBehind()
    {
        using TempDirectory temp = new();
        await using TusWeb web = await TusWeb.StartAsync(temp);
        string big = temp.File("big.bin");
        await File.WriteAllBytesAsync(big, new byte[40_000_000]);
        TestPage page = await OpenAsync(web, "/files/");
        int patches = 0;
        await page.Page.RouteAsync("**/uploads/*", route => route.Request.Method == "PATCH" && ++patches > 2 ? Task.CompletedTask : route.ContinueAsync());
        await PickAsync(page, "Upload files", [big]);
        await Eventually.TrueAsync(() => patches > 2, "the third piece");
        await Panel(page).GetByRole(AriaRole.Button, new() { Name = "Cancel all uploads" }).ClickAsync();
        await Expect(Panel(page)).ToContainTextAsync("1 cancelled");
        await Eventually.TrueAsync(() => !Directory.EnumerateFiles(temp.File("data/uploads")).Any(), "what had arrived is dropped");
        await page.Page.ReloadAsync();
        await page.Page.WaitForSelectorAsync(".state");
        await Expect(Panel(page)).ToBeHiddenAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 400)]
    public async Task ThousandsOfFiles_AreFewElements(ColorScheme scheme, int width)
    {
        using TempDirectory temp = new();
        await using TusWeb web = await TusWeb.StartAsync();
        for (int i = 0; i < 2000; i++)
            Write(temp, $"local/many/{i:0000}.txt", i.ToString(CultureInfo.InvariantCulture));
        TestPage page = await OpenAsync(web, "/files/", new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 800 } });
        await DropAsync(page, page.Page.Locator(".files"), temp.File("local/many"));
        await Expect(Panel(page)).ToContainTextAsync("Uploading");
        Assert.InRange(await Panel(page).Locator(".uploads-row").CountAsync(), 1, 20);
        await page.Page.ScreenshotAsync(new() { Path = Artifacts.Path($"upload-many-{scheme}-{width}.png") });
        await page.AssertAccessibleAsync("many");
        await Expect(Panel(page)).ToContainTextAsync("2,000 files uploaded", new() { Timeout = 60_000 });
        await page.Page.ScreenshotAsync(new() { Path = Artifacts.Path($"upload-done-{scheme}-{width}.png") });
        await page.AssertAccessibleAsync("done");
        Assert.Empty(page.Complaints);
    }

    private static ILocator Panel(TestPage page) => page.Page.Locator(".uploads");

    private async Task<TestPage> OpenAsync(TusWeb web, string path, BrowserNewContextOptions? options = null)
    {
        string url = web.Client.BaseAddress!.ToString().TrimEnd('/');
        TestPage page = new(await browser.OpenAsync(url, options), url);
        await page.GoAsync(path);
        return page;
    }

    private static async Task PickAsync(TestPage page, string button, IEnumerable<string> files) =>
        await ChooseAsync(page, page.Page.GetByRole(AriaRole.Button, new() { Name = button }), files);

    private static async Task ChooseAsync(TestPage page, ILocator button, IEnumerable<string> files)
    {
        IFileChooser chooser = await page.Page.RunAndWaitForFileChooserAsync(() => button.ClickAsync());
        await chooser.SetFilesAsync(files);
    }

    /// <summary>A real drop, as the system's: what a page makes itself has no folders.</summary>
    private static async Task DropAsync(TestPage page, ILocator on, params string[] paths)
    {
        LocatorBoundingBoxResult box = (await on.BoundingBoxAsync())!;
        ICDPSession session = await page.Page.Context.NewCDPSessionAsync(page.Page);
        foreach (string type in new[] { "dragEnter", "dragOver", "drop" })
            await session.SendAsync("Input.dispatchDragEvent", new Dictionary<string, object>
            {
                ["type"] = type,
                ["x"] = box.X + (box.Width / 2),
                ["y"] = box.Y + (box.Height / 2),
                ["data"] = JsonSerializer.SerializeToElement(new { items = Array.Empty<object>(), files = paths, dragOperationsMask = 1 }),
            });
    }

    private static string Base64(string name) => Convert.ToBase64String(Encoding.UTF8.GetBytes(name));

    private static string Write(TempDirectory temp, string name, string content)
    {
        string path = temp.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        File.SetLastWriteTimeUtc(path, DateTimeOffset.FromUnixTimeSeconds(1_600_000_000).UtcDateTime);
        return path;
    }
}
