using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;
using Capstan.WebUi.ViewModels;
using static Microsoft.Playwright.Assertions;

namespace Capstan.Browser.Tests;

/// <summary>Each tile of the cache page after a load whose counts are known, read in a browser from the program at work.</summary>
public sealed class TileTests(BrowserFixture browser)
{
    [Fact]
    public async Task Tiles_AfterAScriptedLoad_ShowItsCounts()
    {
        using TempDirectory temp = new();
        await using AdministeredWeb web = await AdministeredWeb.StartAsync(browser, temp.File("data"));
        IFileSystemClient client = web.Client;
        InodeId loaded = await web.FillAsync("loaded", 20), lengthy = await web.FillAsync("long", 12_000);
        IReadOnlyList<DirectoryRow> rows = await web.HoldAsync(loaded);
        GatewaySnapshot before = web.Figures;

        // Five times a name that is not there: asked for once. Then six that are, from memory.
        for (int i = 0; i < 5; i++)
            Assert.Equal(FsErrno.NoEntry, (await client.ResolveAsync(Caller.Root, [FileName.Create("absent")])).Errno);
        for (int i = 0; i < 6; i++)
            Assert.True((await client.ResolveAsync(Caller.Root, [FileName.Create("loaded"), AdministeredWeb.NameOf(i)])).IsOk);
        // Three listings from memory, each an opening and a reading.
        for (int i = 0; i < 3; i++)
            Assert.Equal(20, (await AdministeredWeb.ListAsync(client, loaded)).Count);
        // Xattrs of four files that have none, and removals of seven.
        for (int i = 0; i < 4; i++)
            Assert.Empty((await client.ListXattrsAsync(Caller.Root, new InodeAddress(loaded, rows[i].Entry.Name, rows[i].Entry.Attributes.Ino))).Value!);
        OperationJob job = client.RemoveMany(Caller.Root, loaded, [.. rows.Take(7).Select(r => r.Entry)]);
        await Eventually.OfAsync(job.Completion, "the removals");
        GatewaySnapshot after = web.Figures;
        Assert.Equal(new HitRatio(4, 1), after.NegativeNames);
        Assert.Equal(new HitRatio(4, 0), after.NegativeXattrs);
        Assert.Equal(new HitRatio(6, 1), Between(before.Attributes, after.Attributes));
        Assert.Equal(new HitRatio(3, 0), Between(before.Pages, after.Pages));
        Assert.Equal((7, 0), (after.AsynchronousOperations, after.PipelinedOperations));
        Assert.Equal(4 + 6 + (3 * 2) + 4, after.RoundTripsSaved - before.RoundTripsSaved);
        Assert.Equal(1 + 7, after.Requests - before.Requests);
        Assert.Equal((13, 1), (after.CachedEntries, after.CachedPages));

        await web.OpenCacheAsync("?path=/loaded");
        await Expect(web.Tile("names")).ToContainTextAsync("4 hits, 1 misses");
        await Expect(web.Tile("names").Locator(".tile-value")).ToHaveTextAsync("80.0 %");
        await Expect(web.Tile("names")).ToContainTextAsync("1 h: 80.0 %");
        await Expect(web.Tile("xattrs")).ToContainTextAsync("1 h: 100 % · 4 hits, 0 misses");
        await ShowsRatioAsync(web, "attributes", () => web.Figures.Attributes);
        await ShowsRatioAsync(web, "pages", () => web.Figures.Pages);
        await Expect(web.Tile("asynchronous")).ToContainTextAsync("7 at once, 0 waited");
        await Expect(web.Tile("asynchronous").Locator(".tile-value")).ToHaveTextAsync("100 %");
        await Expect(web.Tile("memory")).ToContainTextAsync("of 256 MiB · 13 entries in 1 page");
        await web.ShowsAsync(web.Tile("memory"), () => [SizeText.Bytes(web.Figures.CachedBytes)]);
        await web.ShowsAsync(web.Tile("saved"), () => [$"{web.Figures.RoundTripsSaved:N0} saved, {web.Figures.Requests:N0} made", SizeText.Percent(new HitRatio(web.Figures.RoundTripsSaved, web.Figures.Requests).Value)]);
        await Expect(web.Tile("pending")).ToContainTextAsync("Everything is confirmed");
        await Expect(web.Tile("failed").Locator(".tile-value")).ToHaveTextAsync("0");
        await Expect(web.Tile("revokes")).ToContainTextAsync("0 in all");
        // Root, and the two folders: of one alone everything is held.
        await web.ShowsAsync(web.Tile("caps"), () => [$"{web.Figures.CapRecords}", .. web.Figures.CapsByClass.Where(c => c.Value > 0).Select(c => $"{c.Key} {c.Value}")]);
        Assert.Equal(1, web.Figures.CapsByClass[CapBits.Du]);
        await web.ShowsAsync(web.Tile("session"), () => ["Open", web.Figures.Session.Id, "epoch 1 "]);
        await web.ShowsAsync(web.Tile("requests"), () => [TimeText.Milliseconds(web.Figures.RequestMedian), $"99 %: {TimeText.Milliseconds(web.Figures.Request99)}"]);
        await Expect(web.Page.Locator(".data-row:not(.head) [role=cell]").Nth(1)).ToHaveTextAsync("13");

        // To the end of a long folder: what was read ahead is used up.
        using (IDirectoryView view = (await client.OpenDirectoryAsync(Caller.Root, lengthy)).Value!)
        {
            for (long first = 0; first < view.Count; first += 500)
            {
                Assert.Equal(FsErrno.Ok, (await view.ReadAsync(first, 500)).Errno);
                if (first == 4500)
                    await Eventually.TrueAsync(() => web.Figures.ReadaheadUnreadBytes > 0, "something to be read ahead");
            }
        }
        GatewaySnapshot read = web.Figures;
        Assert.NotEqual(0, read.ReadaheadIssued);
        Assert.Equal((read.ReadaheadIssued, 0), (read.ReadaheadUseful, read.ReadaheadWasted));
        await Expect(web.Tile("readahead")).ToContainTextAsync($"{read.ReadaheadIssued} pages issued, {read.ReadaheadUseful} used, 0 wasted");
        await Expect(web.Tile("readahead").Locator(".tile-value")).ToHaveTextAsync("100 %");
        await Expect(web.Tile("memory")).ToContainTextAsync("12,013 entries");
    }

    [Fact]
    public async Task Tiles_OfRemovalsThatFailAfterTheirSuccessWasShown_CountThem_AndTheRowsAreBack()
    {
        using TempDirectory temp = new();
        await using MdsProcess mds = await MdsProcess.StartAsync(temp.File("mds"));
        await using DelayingTcpProxy line = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        await using AdministeredWeb web = await AdministeredWeb.StartAsync(browser, temp.File("web"), "--mds", line.Address);
        await using Gateway other = await AdministeredWeb.OtherAsync(mds.Address);
        InodeId folder = await web.FillAsync("folder", 9);
        IReadOnlyList<DirectoryRow> rows = await web.HoldAsync(folder);
        await web.OpenCacheAsync();
        await Expect(web.Tile("failed").Locator(".tile-value")).ToHaveTextAsync("0");

        // Seven are gone at once, while none has left; then the session that promised it is ended.
        line.Stalled = true;
        OperationJob job = web.Client.RemoveMany(Caller.Root, folder, [.. rows.Take(7).Select(r => r.Entry)]);
        Assert.Equal(FsErrno.Ok, await other.Administration.EvictSessionAsync(Caller.Root, web.Figures.Session.Id));
        line.Stalled = false;
        await Eventually.OfAsync(job.Completion, "the removals");

        Assert.Equal((0, 7), (job.Done, job.Failed));
        Assert.Equal(7, web.Figures.ErrorsAfterLocalSuccess);
        await Expect(web.Tile("failed").Locator(".tile-value")).ToHaveTextAsync("7");
        await Expect(web.Tile("session").Locator(".tile-value")).ToHaveTextAsync("Open");
        Assert.Equal(9, (await AdministeredWeb.ListAsync(other.Client, folder)).Count);
        Assert.Equal(9, (await AdministeredWeb.ListAsync(web.Client, folder)).Count);
    }

    private static HitRatio Between(HitRatio before, HitRatio after) => new(after.Hits - before.Hits, after.Misses - before.Misses);

    /// <summary>Of the last minute, of the hour, and the counts: the program is younger than either.</summary>
    private static Task ShowsRatioAsync(AdministeredWeb web, string tile, Func<HitRatio> ratio) => web.ShowsAsync(
        web.Tile(tile), () => [$"1 h: {SizeText.Percent(ratio().Value)} · {ratio().Hits:N0} hits, {ratio().Misses:N0} misses"]);
}
