using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Capstan.Browser.Tests;

/// <summary>What the product is for, by hand: real files, a real browser, programs started as the README says.</summary>
public sealed class DeleteTests(BrowserFixture browser)
{
    private const int Files = 10_000;

    [Fact]
    public async Task Delete_ThousandOfTenThousand_PendingThenGoneTheRefusedOneIsBackAndUndoBringsTheRest()
    {
        using TempDirectory temp = new();
        string data = temp.File("data");
        await ImportAsync(MakeTree(temp), data);
        await using ChildProcess mds = await ChildProcess.StartProjectAsync("Mds", ["serve", "--data", data, "--listen", "http://127.0.0.1:0"], @"ready: http://127\.0\.0\.1:([0-9]+)");
        await GiveAwayAsync($"http://127.0.0.1:{mds.Ready.Groups[1].Value}");
        await using DelayingTcpProxy proxy = DelayingTcpProxy.Start(int.Parse(mds.Ready.Groups[1].Value), TimeSpan.FromMilliseconds(1500));
        (ChildProcess web, string url) = await WebProcess.StartAsync("--data", temp.File("web"), "--mds", proxy.Address, "--Capstan:Identity:Uid=1000", "--Capstan:Identity:Gid=1000");
        await using ChildProcess running = web;

        IPage page = await browser.OpenAsync(url);
        IPage other = await browser.OpenAsync(url);
        await page.GotoAndWaitUntilReadyAsync("/files/");
        await page.Locator(".file-row[data-n=many]").DblClickAsync();
        ILocator grid = page.Locator("[role=grid]");
        await Expect(grid).ToHaveAttributeAsync("aria-rowcount", $"{Files + 1}");
        await other.GotoAndWaitUntilReadyAsync("/files/many");
        await Expect(other.Locator("[role=grid]")).ToHaveAttributeAsync("aria-rowcount", $"{Files + 1}");

        // No question: it can be undone. Pending at once, here and in the other browser, long before the first answer can be there.
        await SelectFirstThousandAsync(page);
        await page.Keyboard.PressAsync("Delete");
        await Expect(page.Locator(".file-row[aria-busy=true]").First).ToBeVisibleAsync();
        await Expect(other.Locator(".file-row[aria-busy=true]").First).ToBeVisibleAsync();
        await page.ScreenshotAsync(new() { Path = Artifacts.Path("pending.png") });

        // Gone in both, but for the one that is somebody else's: it is back in its place with a reason.
        await Expect(grid).ToHaveAttributeAsync("aria-rowcount", $"{Files - 999 + 1}");
        await Expect(other.Locator("[role=grid]")).ToHaveAttributeAsync("aria-rowcount", $"{Files - 999 + 1}");
        await page.Keyboard.PressAsync("Home");
        ILocator refused = page.Locator(".file-row[data-n='file-00500-folder']");
        await Expect(refused).ToContainTextAsync("Retry");
        await Expect(refused).ToContainTextAsync("owner", new() { IgnoreCase = true });
        await Expect(page.Locator(".notice[role=alert]")).ToContainTextAsync("1 of 1,000 could not be deleted");
        await page.ScreenshotAsync(new() { Path = Artifacts.Path("failed.png") });

        await other.GotoAsync("/operations");
        await Expect(other.Locator("main")).ToContainTextAsync("Move 1,000 items to trash");
        await Expect(other.Locator("main")).ToContainTextAsync("999");
        IAPIResponse figures = await other.APIRequest.GetAsync($"{url}/metrics");
        Assert.Contains("capstan_gateway_removals_total{mode=\"asynchronous\"} 999\n", await figures.TextAsync());
        // Who is no administrator is told so, by the page and by its addresses.
        await other.GotoAsync("/admin/cache");
        await Expect(other.Locator("main")).ToContainTextAsync("This page is for administrators.");
        Assert.Equal(403, (await other.APIRequest.GetAsync($"{url}/admin/support-bundle")).Status);

        // The complete list is on the page and can be saved.
        await page.GetByRole(AriaRole.Button, new() { Name = "Show list" }).ClickAsync();
        await Expect(page.Locator(".failure-row:not(.head)")).ToContainTextAsync("file-00500-folder");
        string csv = (await page.Locator("a[href$='.csv']").GetAttributeAsync("href"))!;
        IAPIResponse saved = await page.APIRequest.GetAsync(url + csv);
        Assert.Equal(200, saved.Status);
        Assert.Contains("\"./file-00500-folder\",\"NotPermitted\"", await saved.TextAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Close", Exact = true }).ClickAsync();

        // A key takes it back, in every browser.
        await other.GotoAndWaitUntilReadyAsync("/files/many");
        await grid.FocusAsync();
        await page.Keyboard.PressAsync("Control+z");
        await Expect(grid).ToHaveAttributeAsync("aria-rowcount", $"{Files + 1}");
        await Expect(other.Locator("[role=grid]")).ToHaveAttributeAsync("aria-rowcount", $"{Files + 1}");
        await page.Keyboard.PressAsync("Home");
        await Expect(page.Locator(".file-row[data-n='file-00000']")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task DeletePermanently_FolderWithThingsInIt_AsksWithCountsAndRemovesTheTree()
    {
        using TempDirectory temp = new();
        (ChildProcess web, string url) = await WebProcess.StartAsync("--data", temp.File("data"), "--import", MakeTree(temp));
        await using ChildProcess running = web;
        IPage page = await browser.OpenAsync(url);
        await page.GotoAndWaitUntilReadyAsync("/files/");
        await page.Locator(".file-row[data-n=many] .c-time").ClickAsync();
        await Expect(page.Locator(".file-row[data-n=many]")).ToHaveAttributeAsync("aria-selected", "true");
        await page.Keyboard.PressAsync("Shift+Delete");

        ILocator dialog = page.Locator(".rz-dialog");
        await Expect(dialog).ToContainTextAsync("Permanently delete “many”?");
        await Expect(dialog).ToContainTextAsync("10,000 files and 2 folders in all");
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeFocusedAsync();
        await page.ScreenshotAsync(new() { Path = Artifacts.Path("delete-permanently.png") });
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(page.Locator("[role=grid]")).ToBeFocusedAsync();
        await Expect(page.Locator(".file-row[data-n=many]")).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("Shift+Delete");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete 1 item" }).ClickAsync();
        await Expect(page.Locator(".state")).ToContainTextAsync("This folder is empty");
        await page.GotoAndWaitUntilReadyAsync("/files/many");
        await Expect(page.Locator(".state")).ToContainTextAsync("not there");
    }

    [Fact]
    public async Task Restart_AfterImportAndDelete_EverythingIsAsItWasLeft()
    {
        using TempDirectory temp = new();
        string tree = MakeTree(temp);
        (ChildProcess first, string url) = await WebProcess.StartAsync("--data", temp.File("data"), "--import", tree);
        await using (first)
        {
            IPage page = await browser.OpenAsync(url);
            await page.GotoAndWaitUntilReadyAsync("/files/many");
            await SelectFirstThousandAsync(page);
            await page.Keyboard.PressAsync("Delete");
            await Expect(page.Locator("[role=grid]")).ToHaveAttributeAsync("aria-rowcount", $"{Files - 1000 + 1}");
            Assert.Equal(0, await first.StopAsync());
        }

        (ChildProcess again, url) = await WebProcess.StartAsync("--data", temp.File("data"), "--import", tree);
        await using (again)
        {
            IPage page = await browser.OpenAsync(url);
            await page.GotoAndWaitUntilReadyAsync("/files/many");
            await Expect(page.Locator("[role=grid]")).ToHaveAttributeAsync("aria-rowcount", $"{Files - 1000 + 1}");
            await Expect(page.Locator(".file-row[data-n]").First).ToHaveAttributeAsync("data-n", "file-00999");
            await page.Locator("[role=grid]").FocusAsync();
            await page.Keyboard.PressAsync("End");
            await Expect(page.Locator($".file-row[data-n='file-{Files - 2:D5}']")).ToBeVisibleAsync();
            Assert.True(await page.Locator(".file-row").CountAsync() <= 150);

            IAPIResponse file = await page.APIRequest.GetAsync($"{url}/download/many/file-05000", new() { Headers = new Dictionary<string, string> { ["Range"] = "bytes=5-9" } });
            Assert.Equal(206, file.Status);
            Assert.Equal("05000", await file.TextAsync());
        }
    }

    /// <summary>Row 0 to row 999: the folder is among them.</summary>
    private static async Task SelectFirstThousandAsync(IPage page)
    {
        ILocator grid = page.Locator("[role=grid]");
        await Expect(grid).ToHaveAttributeAsync("aria-rowcount", $"{Files + 1}");
        ILocator first = page.Locator(".file-row[data-n='file-00000']");
        await first.Locator(".c-time").ClickAsync();
        await Expect(first).ToHaveAttributeAsync("aria-selected", "true");
        await page.Mouse.WheelAsync(0, 990 * (await first.BoundingBoxAsync())!.Height);
        await page.Locator(".file-row[data-n='file-00998'] .c-time").ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await Expect(page.Locator("[role=toolbar]")).ToContainTextAsync("1,000 selected");
    }

    /// <summary>A sticky folder in which all but one entry are the user's: that one only its owner may delete.</summary>
    private static async Task GiveAwayAsync(string mds)
    {
        await using Gateway gateway = new(new GatewayOptions { Endpoint = mds }, TimeProvider.System, NullLoggerFactory.Instance);
        gateway.Start();
        await Eventually.OfAsync(gateway.Opened, "a session");
        IFileSystemClient client = gateway.Client;
        ResolvedPath many = (await client.ResolveAsync(Caller.Root, [FileName.Create("many")])).Value!;
        using IDirectoryView view = (await client.OpenDirectoryAsync(Caller.Root, many.Attributes.Ino)).Value!;
        IReadOnlyList<DirectoryRow> rows = (await view.ReadAsync(0, Files)).Value!;
        await Task.WhenAll(rows.Select(r => r.Entry).Where(e => !e.Attributes.IsDirectory).Select(e =>
            client.SetAttributesAsync(Caller.Root, new SetAttrOperation(new InodeAddress(many.Attributes.Ino, e.Name, e.Attributes.Ino)) { Uid = 1000, Gid = 1000 })));
        DirectoryEntry folder = rows.Single(r => r.Entry.Attributes.IsDirectory).Entry;
        await client.SetAttributesAsync(Caller.Root, new SetAttrOperation(new InodeAddress(many.Attributes.Ino, folder.Name, folder.Attributes.Ino)) { Uid = 4242 });
        Assert.True((await client.SetAttributesAsync(Caller.Root, new SetAttrOperation(many.Address) { Uid = 4242, Mode = 0x3FF })).IsOk);
    }

    private static async Task ImportAsync(string tree, string data)
    {
        await using ChildProcess import = await ChildProcess.StartProjectAsync("Mds", ["import", tree, "/", "--data", data], "entries/s");
        await import.StopAsync();
    }

    /// <summary>9,999 files and, as row 501, a folder with something in it.</summary>
    private static string MakeTree(TempDirectory temp)
    {
        string many = temp.File("tree/many");
        Directory.CreateDirectory(Path.Combine(many, "file-00500-folder"));
        File.WriteAllText(Path.Combine(many, "file-00500-folder", "kept.txt"), "kept");
        for (int i = 0; i < Files - 1; i++)
            File.WriteAllText(Path.Combine(many, $"file-{i:D5}"), $"file-{i:D5}");
        return temp.File("tree");
    }
}
