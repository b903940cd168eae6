using System.Text.RegularExpressions;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Capstan.Browser.Tests;

/// <summary>Jobs that a person has begun by key and by click, under a web server that is killed in the middle of them.</summary>
public sealed partial class JobsKilledTests(BrowserFixture browser)
{
    private const int Doomed = 5000, Copied = 900, Locked = 3;

    [Fact]
    public async Task Killed_AmidADeletionAndACopyBegunInTheBrowser_ThePageComesBackAndEachEntryHappensOnce()
    {
        using TempDirectory temp = new();
        await using MdsProcess mds = await MdsProcess.StartAsync(temp.File("data"));
        await using Gateway maker = await AdministeredWeb.OtherAsync(mds.Address);
        InodeId doomed = await FillAsync(maker.Client, "doomed", Doomed), from = await FillAsync(maker.Client, "from", Copied), to = await FillAsync(maker.Client, "copies", 0);
        await FillAsync(maker.Client, "locked", Locked, permissions: 0x1ED);
        // A round trip takes a while, and few requests are on their way at a time: nothing is near its end when the line stops.
        await using DelayingTcpProxy line = DelayingTcpProxy.Start(mds.Port, TimeSpan.FromMilliseconds(30));
        string address = $"http://127.0.0.1:{FreePort.Next()}";
        Task<ChildProcess> StartAsync() => ChildProcess.StartProjectAsync(
            "WebUi",
            ["--data", temp.File("web"), "--mds", line.Address, "--listen", address, "--Capstan:Identity:Uid=1000", "--Capstan:Identity:Gid=1000", "--Capstan:Gateway:MaxInFlightPerDirectory=8"],
            "is ready", timeout: TimeSpan.FromSeconds(90));
        ChildProcess first = await StartAsync();
        await using ChildProcess killed = first;
        await using TestPage page = await browser.OpenOnAsync(address);

        await SelectAllAsync(page, "/files/from", Copied);
        await page.PressAsync("Control+c");
        await Expect(page.Page.Locator(".files > [role=status]")).ToContainTextAsync("copied");
        await SelectAllAsync(page, "/files/doomed", Doomed);
        await page.PressAsync("Delete");
        ILocator deletion = page.Page.Locator("[data-job]", new() { HasText = "Move 5,000 items to trash" }), copy = page.Page.Locator("[data-job]", new() { HasText = "Copy 900 items" });
        await Expect(page.Page.Locator(".toast", new() { HasText = "Move 5,000 items to trash" })).ToBeVisibleAsync();
        await page.GoAsync("/files/copies");
        line.RoundTrip = TimeSpan.FromSeconds(1);
        await page.PressAsync("Control+v");
        await Expect(page.Page.Locator(".toast", new() { HasText = "Copy 900 items" })).ToBeVisibleAsync();
        await page.Page.Locator(".nav-item[href='/operations']").ClickAsync();
        await Expect(copy).ToContainTextAsync(APart());
        await copy.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(copy).ToContainTextAsync("paused");
        // Noted as done before it dies: a part of it, and not all.
        await Eventually.TrueAsync(() => Journal(temp).Any(f => f.Length > 0), "the journal");
        long written = Journal(temp).Sum(f => f.Length);
        await Eventually.TrueAsync(() => Journal(temp).Sum(f => f.Length) > written, "a part of the deletion in the journal");
        line.Stalled = true;
        await Expect(deletion.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeVisibleAsync();
        await Shots.TakeAsync(page.Page, "operations-running");

        await first.KillAsync();
        await Expect(page.Page.Locator("#components-reconnect-modal")).ToContainTextAsync("Reconnecting");
        await Expect(page.Page.Locator("#components-reconnect-modal")).ToBeVisibleAsync();
        await Shots.TakeAsync(page.Page, "operations-reconnecting");
        line.RoundTrip = TimeSpan.Zero;
        line.Stalled = false;
        await using ChildProcess again = await StartAsync();

        // By itself: the page is there again, the deletion goes on. The copy was paused: it waits for a word.
        await Expect(page.Page.Locator("#components-reconnect-modal")).ToBeHiddenAsync(new() { Timeout = 60_000 });
        await Expect(copy).ToContainTextAsync("Interrupted", new() { Timeout = 60_000 });
        await Expect(copy).ToContainTextAsync(APart());
        await Expect(copy.GetByRole(AriaRole.Button, new() { Name = "Discard" })).ToBeVisibleAsync();
        await Expect(deletion).ToContainTextAsync("Move 5,000 items to trash: done", new() { Timeout = 60_000 });
        await Expect(deletion.GetByRole(AriaRole.Button, new() { Name = "Undo" })).ToBeVisibleAsync();
        await page.Page.WaitUntilReadyAsync();
        await SelectAllAsync(page, "/files/locked", Locked);
        await page.PressAsync("Delete");
        await Expect(page.Page.Locator(".toast", new() { HasText = "3 failed" })).ToBeVisibleAsync();
        await page.Page.Locator(".nav-item[href='/operations']").ClickAsync();
        await Expect(page.Page.Locator("[data-job]", new() { HasText = "3 failed" }).GetByRole(AriaRole.Button, new() { Name = "Retry" })).ToBeVisibleAsync();
        await Shots.TakeAsync(page.Page, "operations-interrupted");
        await page.AssertAccessibleAsync("jobs that ended, failed, and were interrupted");

        await copy.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(copy).ToContainTextAsync("Copy 900 items to copies: done", new() { Timeout = 60_000 });
        Assert.Empty(await NamesAsync(maker.Client, doomed));
        Assert.Equal(Names(Copied), await NamesAsync(maker.Client, from));
        Assert.Equal(Names(Copied), await NamesAsync(maker.Client, to));
        Assert.Equal(Names(Doomed), (await TrashAsync(maker.Client)).Order(StringComparer.Ordinal));
        Assert.Empty(Journal(temp));
    }

    [GeneratedRegex("[1-9][0-9]* of 900 done")]
    private static partial Regex APart();

    private static FileInfo[] Journal(TempDirectory temp) => [.. new DirectoryInfo(temp.File("web/jobs")).GetFiles("*.job")];

    private static IEnumerable<string> Names(int count) => Enumerable.Range(0, count).Select(i => AdministeredWeb.NameOf(i).ToString());

    private static async Task SelectAllAsync(TestPage page, string path, int count)
    {
        await page.OpenListAsync(path);
        await Expect(page.Page.Locator("[role=grid]")).ToHaveAttributeAsync("aria-rowcount", $"{count + 1}");
        await page.PressAsync("Control+a");
        await Expect(page.SelectionText).ToContainTextAsync($"{count:N0} selected");
    }

    private static async Task<InodeId> FillAsync(IFileSystemClient client, string name, int count, uint permissions = 0x1FF)
    {
        InodeId made = (await client.MakeDirectory(Caller.Root, InodeId.Root, FileName.Create(name), permissions).Completion).Value!.Ino;
        PendingOperation[] creates = [.. Enumerable.Range(0, count).Select(i => client.CreateFile(Caller.Root, made, AdministeredWeb.NameOf(i), 0x1A4))];
        foreach (PendingOperation create in creates)
            Assert.Equal(FsErrno.Ok, (await create.Completion).Errno);
        return made;
    }

    private static async Task<IEnumerable<string>> NamesAsync(IFileSystemClient client, InodeId directory) =>
        (await AdministeredWeb.ListAsync(client, directory)).Select(r => r.Entry.Name.ToString());

    private static async Task<List<string>> TrashAsync(IFileSystemClient client)
    {
        List<string> names = [];
        for (TrashId? after = null; ;)
        {
            IReadOnlyList<TrashEntry> page = (await client.ListTrashAsync(Caller.Root, after, 500, everybody: true, TestContext.Current.CancellationToken)).Value!;
            if (page.Count == 0)
                return names;
            names.AddRange(page.Select(e => e.Name.ToString()));
            after = page[^1].Id;
        }
    }
}
