using System.Text.RegularExpressions;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;
using Capstan.WebUi.Administration;
using Capstan.WebUi.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Capstan.Browser.Tests;

/// <summary>Each rule of advice by a real cause, and each tile by a load whose counts are known, read from the page in a browser.</summary>
public sealed class AdviceTests(BrowserFixture browser)
{
    private static readonly string[] AsRoot = ["--Capstan:Identity:Uid=0"];

    [Fact]
    public async Task Tiles_AfterAScriptedLoad_ShowItsCounts()
    {
        using TempDirectory temp = new();
        await using WebUnderTest web = await WebUnderTest.StartAsync(temp.File("data"), AsRoot);
        IFileSystemClient client = web.Client;
        (InodeId dir, FileName[] files) = await FillAsync(client, "loaded", 20);
        IReadOnlyList<DirectoryRow> rows = await HoldAsync(client, dir);

        for (int i = 0; i < 5; i++)
            Assert.Equal(FsErrno.NoEntry, (await client.ResolveAsync(Caller.Root, [FileName.Create("loaded"), FileName.Create("absent")])).Errno);
        for (int i = 0; i < 4; i++)
            Assert.Empty((await client.ListXattrsAsync(Caller.Root, new InodeAddress(dir, files[i], rows[i].Entry.Attributes.Ino))).Value!);
        OperationJob job = client.RemoveMany(Caller.Root, dir, [.. rows.Take(7).Select(r => r.Entry)]);
        await Eventually.OfAsync(job.Completion, "the removals");
        GatewaySnapshot known = client.Snapshot();

        IPage page = await browser.OpenAsync(web.App.Urls.First());
        await page.GotoAsync("/admin/cache");
        await Tile(page, "names", "5 hits, 0 misses");
        await Tile(page, "xattrs", "4 hits, 0 misses");
        await Tile(page, "asynchronous", "7 at once, 0 waited");
        await Tile(page, "pages", $"{known.Pages.Hits} hits, {known.Pages.Misses} misses");
        await Tile(page, "attributes", $"{known.Attributes.Hits} hits, {known.Attributes.Misses} misses");
        await Tile(page, "saved", $"{known.RoundTripsSaved} saved, {known.Requests} made");
        await Tile(page, "memory", $"{known.CachedEntries} entries in {known.CachedPages} pages");
        await Tile(page, "pending", "Everything is confirmed");
        await Tile(page, "session", $"epoch {known.Session.Epoch.Value}");
        await Tile(page, "caps", $"Du {known.CapsByClass[CapBits.Du]}");
        await page.GotoAsync("/admin/cache?table=directories&path=/loaded");
        await Expect(page.Locator(".data-row:not(.head)").Filter(new() { HasText = "/loaded" }).Locator("[role=cell]").Nth(1)).ToHaveTextAsync("13");
    }

    [Fact]
    public async Task Advice_OfASmallBudgetAndAStoppedRedisAndThrashing_HasTheNumbersOfTheirCauses()
    {
        if (!RedisProcess.IsInstalled && !ExternalTool.MustExist)
            Assert.Skip("redis-server is not installed.");
        using TempDirectory temp = new();
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using MdsProcess mds = await MdsProcess.StartAsync(temp.File("mds"));
        await using WebUnderTest web = await WebUnderTest.StartAsync(temp.File("web"), ["--mds", mds.Address, "--redis", redis.Address, .. AsRoot]);
        IGatewayAdministration gateway = web.App.Services.GetRequiredService<IGatewayAdministration>();
        IPage page = await browser.OpenAsync(web.App.Urls.First());
        await page.GotoAsync("/admin/cache");
        await Expect(page.Locator("[data-tile=session]")).ToContainTextAsync("Open");
        await Expect(page.Locator("[data-advice]")).ToHaveCountAsync(0);

        // Thrashing: another gateway lists the folder again and again, and gives it back each time.
        await using Gateway other = new(new GatewayOptions { Endpoint = mds.Address }, TimeProvider.System, NullLoggerFactory.Instance);
        other.Start();
        await Eventually.OfAsync(other.Opened, "the other gateway's session");
        (InodeId shared, _) = await FillAsync(web.Client, "shared", 3);
        await other.Client.ResolveAsync(Caller.Root, [FileName.Create("shared"), FileName.Create("none")]);
        while (gateway.RevokedLately(TimeSpan.FromMinutes(1)).Sum(r => r.Path == "/shared" ? r.Revokes : 0) < AdviceRules.RevokesAMinute)
        {
            await HoldAsync(web.Client, shared);
            await web.Client.ResolveAsync(Caller.Root, [FileName.Create("shared"), FileName.Create("file-00000")]);
            await ListAsync(other.Client, shared);
            other.Administration.ReleaseCaps("/", subtree: true);
        }
        int revokes = (int)gateway.Directories().Single(d => d.Path == "/shared").Revokes;
        await Expect(page.Locator("[data-advice=thrashing]")).ToContainTextAsync($"/shared: revoked {revokes} times in the last minute");

        // Too small a budget: a folder that does not fit is read from one end to the other.
        (InodeId big, _) = await FillAsync(web.Client, "big", 40_000);
        gateway.Limits = gateway.Limits with { PageBudgetBytes = 100_000 };
        using (IDirectoryView view = (await web.Client.OpenDirectoryAsync(Caller.Root, big)).Value!)
        {
            for (int pass = 0; pass < 3; pass++)
            {
                for (long first = 0; first < view.Count; first += 500)
                    Assert.Equal(FsErrno.Ok, (await view.ReadAsync(first, 500)).Errno);
            }
        }
        long pressed = gateway.Figures().Evictions[EvictionCause.Pressure];
        Assert.True(pressed >= AdviceRules.EvictionsThatMatter, $"only {pressed} evictions");
        await Expect(page.Locator("[data-advice=budget]")).ToContainTextAsync($"{pressed:N0} pages were given up in the last 5 minutes because 97.7 KiB were full");

        // Redis stops.
        await redis.KillAsync();
        await Eventually.TrueAsync(
            () =>
            {
                ListAsync(web.Client, big).GetAwaiter().GetResult();
                return gateway.Figures().SharedCache is { IsOn: false };
            },
            "Redis to be left alone");
        long outages = gateway.Figures().SharedCache!.Outages;
        await Expect(page.Locator("[data-advice=redis]")).ToContainTextAsync(new Regex($"does not answer and is left alone.*{outages} outage"));
        await Expect(page.Locator("[data-tile=shared]")).ToContainTextAsync("Left alone");
        await page.ScreenshotAsync(new() { Path = Artifacts.Path("advice.png") });
    }

    [Fact]
    public async Task Advice_OfARevokeThatAJobHolds_NamesTheJob()
    {
        using TempDirectory temp = new();
        await using MdsProcess mds = await MdsProcess.StartAsync(temp.File("mds"));
        await using DelayingTcpProxy line = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        await using WebUnderTest web = await WebUnderTest.StartAsync(temp.File("web"), ["--mds", line.Address, "--Capstan:Gateway:RequestTimeout=00:05:00", .. AsRoot]);
        await using Gateway other = new(new GatewayOptions { Endpoint = mds.Address, RequestTimeout = TimeSpan.FromMinutes(5) }, TimeProvider.System, NullLoggerFactory.Instance);
        other.Start();
        await Eventually.OfAsync(other.Opened, "the other gateway's session");
        (InodeId held, _) = await FillAsync(web.Client, "held", 50);
        await web.Client.ResolveAsync(Caller.Root, [FileName.Create("held"), FileName.Create("file-00000")]);
        IReadOnlyList<DirectoryRow> rows = await HoldAsync(web.Client, held);
        IPage page = await browser.OpenAsync(web.App.Urls.First());
        await page.GotoAsync("/admin/cache?table=revokes");
        await Expect(page.Locator("[data-tile=session]")).ToContainTextAsync("Open");

        // The removals are on a long line, and so is the revoke: it arrives before their answers can.
        line.RoundTrip = TimeSpan.FromSeconds(16);
        OperationJob job = web.Client.RemoveMany(Caller.Root, held, [.. rows.Select(r => r.Entry)]);
        Task listed = ListAsync(other.Client, held);

        await Expect(page.Locator("[data-advice=revoke]")).ToContainTextAsync("held by 50 operations of \"Delete 50 items\"", new() { Timeout = 60_000 });
        await Expect(page.Locator("[data-tile=revokes] .tile-value")).ToHaveTextAsync("1");
        await Expect(page.Locator(".data-row:not(.head)")).ToContainTextAsync("50 operations of Delete 50 items");
        line.RoundTrip = TimeSpan.Zero;
        await Eventually.OfAsync(job.Completion, "the removals");
        await Eventually.OfAsync(listed, "the other gateway's listing");
        await Expect(page.Locator("[data-advice=revoke]")).ToHaveCountAsync(0);
    }

    private static Task Tile(IPage page, string id, string text) => Expect(page.Locator($"[data-tile={id}]")).ToContainTextAsync(text);

    private static async Task<(InodeId Directory, FileName[] Files)> FillAsync(IFileSystemClient client, string name, int count)
    {
        InodeId made = (await client.MakeDirectory(Caller.Root, InodeId.Root, FileName.Create(name), 0x1FF).Completion).Value!.Ino;
        FileName[] files = [.. Enumerable.Range(0, count).Select(i => FileName.Create($"file-{i:D5}"))];
        PendingOperation[] creates = [.. files.Select(f => client.CreateFile(Caller.Root, made, f, 0x1A4))];
        foreach (PendingOperation create in creates)
            Assert.Equal(FsErrno.Ok, (await create.Completion).Errno);
        return (made, files);
    }

    private static async Task<IReadOnlyList<DirectoryRow>> ListAsync(IFileSystemClient client, InodeId directory)
    {
        using IDirectoryView view = (await client.OpenDirectoryAsync(Caller.Root, directory)).Value!;
        return (await view.ReadAsync(0, (int)Math.Min(view.Count, 1000))).Value!;
    }

    /// <summary>Lists the directory until the gateway has it for itself.</summary>
    private static async Task<IReadOnlyList<DirectoryRow>> HoldAsync(IFileSystemClient client, InodeId directory)
    {
        for (int attempt = 0; ; attempt++)
        {
            IReadOnlyList<DirectoryRow> rows = await ListAsync(client, directory);
            if (client.Snapshot().Directories.Any(d => d.Ino == directory && d.Caps == CapBits.All))
                return rows;
            Assert.True(attempt < 10_000, "the directory is never had alone");
            await Task.Yield();
        }
    }
}
