using System.Globalization;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;
using Capstan.WebUi.Administration;
using Capstan.WebUi.ViewModels;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Capstan.Browser.Tests;

/// <summary>Each rule of advice by its real cause, and its numbers on the page against those of the cause.</summary>
public sealed class AdviceTests(BrowserFixture browser)
{
    [Fact]
    public async Task Advice_OfThrashingAndASmallBudgetAndWastedReadahead_HasTheNumbersOfTheirCauses()
    {
        const int Rounds = 12;
        using TempDirectory temp = new();
        await using MdsProcess mds = await MdsProcess.StartAsync(temp.File("mds"));
        await using AdministeredWeb web = await AdministeredWeb.StartAsync(browser, temp.File("web"), "--mds", mds.Address);
        IGatewayAdministration gateway = web.Gateway;
        InodeId shared = await web.FillAsync("shared", 3), big = await web.FillAsync("big", 30_000);
        await web.OpenCacheAsync();
        await Expect(web.Page.Locator("[data-advice]")).ToHaveCountAsync(0);

        // Another gateway lists the folder again and again, and gives it back each time.
        await using Gateway other = await AdministeredWeb.OtherAsync(mds.Address);
        for (int i = 0; i < Rounds; i++)
        {
            await web.HoldAsync(shared);
            await AdministeredWeb.ListAsync(other.Client, shared);
            other.Administration.ReleaseCaps("/", subtree: true);
        }
        Assert.Equal(Rounds, gateway.Directories().Single(d => d.Path == "/shared").Revokes);
        await Expect(web.Advice("thrashing")).ToContainTextAsync($"/shared: revoked {Rounds} times in the last minute");
        await web.Advice("thrashing").GetByRole(AriaRole.Link).ClickAsync();
        await Expect(web.Page.Locator("#tab-revoked")).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(web.Page.Locator(".data-row:not(.head)").Filter(new() { HasText = "/shared" }).Locator("[role=cell]").Nth(1)).ToHaveTextAsync($"{Rounds}");

        // A folder is in memory, and the budget is set to less than it takes.
        using (IDirectoryView view = (await web.Client.OpenDirectoryAsync(Caller.Root, big, whole: true)).Value!)
            Assert.Equal(FsErrno.Ok, await view.LoadAsync(0, (int)view.Count));
        long cached = web.Figures.CachedPages;
        await web.Page.Locator("[name=budget]").FillAsync("0.01");
        await web.Page.GetByRole(AriaRole.Button, new() { Name = "Set limits…" }).ClickAsync();
        await Expect(web.Page.Locator(".rz-dialog")).ToContainTextAsync("memory 10.2 KiB");
        await web.Page.GetByRole(AriaRole.Button, new() { Name = "Set", Exact = true }).ClickAsync();
        await Eventually.TrueAsync(() => web.Figures.BudgetBytes == 10_485, "the budget to be set");
        long pressed = cached - web.Figures.CachedPages;
        Assert.Equal(pressed, web.Figures.Evictions[EvictionCause.Pressure]);
        Assert.True(pressed >= AdviceRules.EvictionsThatMatter, $"only {pressed} evictions");
        await Expect(web.Advice("budget")).ToContainTextAsync($"{pressed} pages were given up in the last 5 minutes because 10.2 KiB were full");

        // Readers go a little way into the folder and leave, and what was read ahead for them has to go unread.
        while (web.Figures is var now && (now.ReadaheadWasted < AdviceRules.PagesWasted || now.ReadaheadWasted <= now.ReadaheadUseful))
        {
            gateway.Limits = gateway.ConfiguredLimits;
            using (IDirectoryView view = (await web.Client.OpenDirectoryAsync(Caller.Root, big)).Value!)
            {
                for (long first = 0; first < 5000; first += 500)
                    Assert.Equal(FsErrno.Ok, (await view.ReadAsync(first, 500)).Errno);
                await Eventually.TrueAsync(() => web.Figures.ReadaheadUnreadBytes > 0, "something to be read ahead");
            }
            gateway.Limits = gateway.ConfiguredLimits with { PageBudgetBytes = 0 };
        }
        await web.ShowsAsync(web.Advice("readahead"), () => [$"{web.Figures.ReadaheadWasted} were given up unread and {web.Figures.ReadaheadUseful} were used"]);
        await web.ShowsAsync(web.Tile("readahead"), () => [$"{web.Figures.ReadaheadIssued} pages issued, {web.Figures.ReadaheadUseful} used, {web.Figures.ReadaheadWasted} wasted"]);
        await web.Page.ScreenshotAsync(new() { Path = Artifacts.Path("advice.png") });
    }

    [Fact]
    public async Task Advice_OfRedisSlowerThanTheServer_AndOfRedisStopped_HasItsNumbers()
    {
        if (!RedisProcess.IsInstalled && !ExternalTool.MustExist)
            Assert.Skip("redis-server is not installed.");
        using TempDirectory temp = new();
        await using RedisProcess redis = await RedisProcess.StartAsync();
        await using DelayingTcpProxy line = DelayingTcpProxy.Start(redis.Port, TimeSpan.FromMilliseconds(600));
        await using AdministeredWeb web = await AdministeredWeb.StartAsync(
            browser, temp.File("web"), "--redis", $"127.0.0.1:{line.Port}", "--Capstan:Gateway:SharedCacheTimeout=00:00:30");
        await web.OpenCacheAsync();
        await Expect(web.Page.Locator("[data-advice]")).ToHaveCountAsync(0);

        // Redis is asked once for each folder that nobody has listed, over a long line.
        for (int i = 0; web.Figures.SharedCache!.Reads is var reads && reads.Hits + reads.Misses < 4; i++)
        {
            Assert.True(i < 20, "Redis is not asked");
            await AdministeredWeb.ListAsync(web.Client, await web.FillAsync($"slow-{i}", 3));
        }
        Assert.True(web.Figures.SharedCache!.ReadMedian > web.Figures.RequestMedian, "the line to Redis is not long enough");
        await web.ShowsAsync(web.Advice("redis"), () => [
            "It answers slowly", $"{web.Figures.SharedCache!.Bypassed} reads went past it and {web.Figures.SharedCache.Reads.Hits + web.Figures.SharedCache.Reads.Misses} were answered, 0 outages",
            $"A read takes {TimeText.Milliseconds(web.Figures.SharedCache.ReadMedian)} there and {TimeText.Milliseconds(web.Figures.RequestMedian)} at the metadata server"]);
        await web.ShowsAsync(web.Tile("shared"), () => [$"{web.Figures.SharedCache!.Reads.Hits} hits, {web.Figures.SharedCache.Reads.Misses} misses, 0 bypassed, 0 outages"]);

        await redis.KillAsync();
        line.CutAll();
        for (int i = 0; web.Figures.SharedCache!.IsOn; i++)
        {
            Assert.True(i < 20, "Redis is not left alone");
            await AdministeredWeb.ListAsync(web.Client, await web.FillAsync($"gone-{i}", 3));
        }
        Assert.Equal(1, web.Figures.SharedCache!.Outages);
        await web.ShowsAsync(web.Advice("redis"), () => ["It does not answer and is left alone", $"{web.Figures.SharedCache!.Bypassed} reads went past it", "1 outage since the start"]);
        await Expect(web.Tile("shared").Locator(".tile-value")).ToHaveTextAsync("Left alone");
    }

    [Fact]
    public async Task Advice_OfARevokeThatAJobHolds_NamesTheJob_AndTheServersDeathIsSeen()
    {
        using TempDirectory temp = new();
        await using MdsProcess mds = await MdsProcess.StartAsync(temp.File("mds"));
        await using DelayingTcpProxy line = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        await using AdministeredWeb web = await AdministeredWeb.StartAsync(browser, temp.File("web"), "--mds", line.Address, "--Capstan:Gateway:RequestTimeout=00:05:00");
        await using Gateway other = await AdministeredWeb.OtherAsync(mds.Address);
        InodeId held = await web.FillAsync("held", 50);
        IReadOnlyList<DirectoryRow> rows = await web.HoldAsync(held);
        await web.OpenCacheAsync("?table=revokes");

        // The removals stand still on their way to the server, and the revoke that another gateway brings about comes towards them.
        line.StalledToServer = true;
        OperationJob job = web.Client.RemoveMany(Caller.Root, held, [.. rows.Select(r => r.Entry)]);
        await Eventually.TrueAsync(() => web.Figures.PendingOperations == 50, "the removals", state: () => $"{web.Figures.PendingOperations} pending");
        Task listed = AdministeredWeb.ListAsync(other.Client, held);
        await Eventually.TrueAsync(() => web.Figures.RevokesWaiting == 1, "the revoke");
        Assert.Equal((50, 50), (web.Figures.PendingOperations, web.Gateway.Revokes().Single().Operations));
        await Expect(web.Tile("pending").Locator(".tile-value")).ToHaveTextAsync("50");
        await web.ShowsAsync(web.Tile("pending"), () => [$"Oldest {TimeText.Duration(web.Figures.OldestPending)}"]);
        await Expect(web.Tile("revokes").Locator(".tile-value")).ToHaveTextAsync("1");
        await web.ShowsAsync(web.Tile("revokes"), () => [$"Oldest {TimeText.Duration(web.Figures.OldestRevoke)}; 1 in all"]);
        await Expect(web.Advice("revoke")).ToContainTextAsync("held by 50 operations of \"Delete 50 items\"");
        await web.ShowsAsync(web.Advice("revoke"), () => [$"/held: asked for {TimeText.Duration(web.Figures.OldestRevoke)} ago"]);
        await Expect(web.Page.Locator(".data-row:not(.head)")).ToContainTextAsync("50 operations of Delete 50 items");

        line.StalledToServer = false;
        await Eventually.OfAsync(job.Completion, "the removals");
        await Eventually.OfAsync(listed, "the other gateway's listing");
        await Expect(web.Advice("revoke")).ToHaveCountAsync(0);
        await Expect(web.Tile("pending")).ToContainTextAsync("Everything is confirmed");
        await web.ShowsAsync(web.Tile("revokes"), () => [$"1 in all, answered in {TimeText.Milliseconds(web.Figures.RevokeLatencyMedian)}"]);
        await web.OpenCacheAsync("?table=sessions");
        await Expect(web.Page.Locator(".data-row:not(.head)")).ToHaveCountAsync(2);

        // Each of 400 requests over a line of 300 ms takes as long at least: they are most of all that were sent.
        line.RoundTrip = TimeSpan.FromMilliseconds(300);
        await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => web.Client.GetAttributesAsync(Caller.Root, InodeAddress.ByNumber(held))));
        line.RoundTrip = TimeSpan.Zero;
        Assert.True(web.Figures.RequestMedian.TotalMilliseconds > 250, $"the median is {web.Figures.RequestMedian}");
        await web.ShowsAsync(web.Tile("requests"), () => [TimeText.Milliseconds(web.Figures.RequestMedian), $"99 %: {TimeText.Milliseconds(web.Figures.Request99)}"]);

        string epoch = web.Figures.Session.Epoch.Value.ToString(CultureInfo.InvariantCulture);
        Assert.Equal("1", epoch);
        await mds.KillAsync();
        await Expect(web.Tile("session").Locator(".tile-value")).Not.ToHaveTextAsync("Open");
        await mds.StartAgainAsync();
        await Expect(web.Tile("session").Locator(".tile-value")).ToHaveTextAsync("Open");
        await Expect(web.Tile("session")).ToContainTextAsync("epoch 2 ");
    }
}
