using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Capstan.Browser.Tests;

/// <summary>What an administrator can do to the client, done on the page of the program at work, with a second gateway beside it: each says before what it will do, does it, and leaves a line in the audit log.</summary>
public sealed class ActionTests(BrowserFixture browser)
{
    [Fact]
    public async Task Actions_EachOne_SaysItsEffect_DoesIt_AndIsWrittenDown()
    {
        using TempDirectory temp = new();
        await using MdsProcess mds = await MdsProcess.StartAsync(temp.File("mds"));
        await using AdministeredWeb web = await AdministeredWeb.StartAsync(browser, temp.File("web"), "--mds", mds.Address);
        await using Gateway other = await AdministeredWeb.OtherAsync(mds.Address);
        InodeId folder = await web.FillAsync("folder", 30), silent = await web.FillAsync("silent", 5);
        await web.HoldAsync(folder);
        await AdministeredWeb.ListAsync(web.Client, silent);
        IPage page = web.Page;
        await web.OpenCacheAsync("?table=directories");

        // From the row of a folder to its path.
        await page.GetByRole(AriaRole.Button, new() { Name = "Act on /folder" }).ClickAsync();
        await Expect(page.Locator("[name=action-path]")).ToHaveValueAsync("/folder");

        await DoAsync("Trace for a minute…", "Trace", "touches /folder", "Tracing /folder for a minute.");
        Assert.Equal(FsErrno.Ok, (await other.Client.CreateFile(Caller.Root, folder, FileName.Create("theirs"), 0x1A4).Completion).Errno);
        await other.Client.CreateFile(Caller.Root, silent, FileName.Create("unheard"), 0x1A4).Completion;
        ILocator log = page.GetByRole(AriaRole.Log);
        await Expect(log).ToContainTextAsync("← theirs in /folder added");
        await Expect(log).Not.ToContainTextAsync("unheard");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop", Exact = true }).ClickAsync();
        await Expect(page.Locator(".trace")).ToContainTextAsync("ended");

        CacheExtent extent = web.Gateway.Measure("/folder", subtree: false);
        Assert.Equal((1, 1), (extent.Directories, extent.Pages));
        await DoAsync("Drop cache…", "Drop", "1 page", "Dropped 1 page");
        Assert.Equal(0, web.Gateway.Measure("/folder", subtree: false).Pages);
        Assert.Equal(1, web.Gateway.Measure("/silent", subtree: false).Pages); // nothing else is

        Assert.NotEqual(CapBits.None, web.Gateway.Directories().Single(d => d.Ino == folder).Caps);
        await DoAsync("Release caps…", "Release", "at /folder are given back; 0 are in use and stay", "Gave back");
        Assert.DoesNotContain(web.Gateway.Directories(), d => d.Ino == folder && d.Caps != CapBits.None);

        await DoAsync("Flush…", "Flush", "0 operations pending now", "0 operations confirmed or failed, of which 0 failed.");

        await DoAsync("Reconnect…", "Reconnect", "is cut and made anew", "the session resumes by itself");
        await Expect(web.Tile("session")).ToContainTextAsync("Open");
        Assert.True((await web.Client.ResolveAsync(Caller.Root, [FileName.Create("folder")])).IsOk);

        // The other gateway's session, by its row.
        await page.Locator("#tab-sessions").ClickAsync();
        string own = web.Figures.Session.Id;
        ILocator evict = page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Evict session") });
        await Expect(evict).ToHaveCountAsync(2);
        string[] handles = [.. (await Task.WhenAll((await evict.AllAsync()).Select(b => b.GetAttributeAsync("aria-label")))).Select(label => label!["Evict session ".Length..])];
        string theirs = handles.Single(handle => !own.StartsWith(handle, StringComparison.OrdinalIgnoreCase));
        await page.GetByRole(AriaRole.Button, new() { Name = "Evict session " + theirs }).ClickAsync();
        await ConfirmAsync("Evict", $"The metadata server ends the session {theirs}", $"Session {theirs} was evicted.");
        // It begins anew, as another session.
        Assert.True((await Eventually.OfAsync(other.Client.ResolveAsync(Caller.Root, [FileName.Create("silent")]), "the evicted gateway's new session")).IsOk);

        await page.Locator("#tab-audit").ClickAsync();
        foreach (string action in new[] { "trace", "drop cache", "release caps", "flush", "reconnect", "evict session" })
            await Expect(page.Locator(".data-row").Filter(new() { HasText = action }).First).ToBeVisibleAsync();

        async Task DoAsync(string button, string confirm, string effect, string outcome)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
            await ConfirmAsync(confirm, effect, outcome);
        }

        async Task ConfirmAsync(string confirm, string effect, string outcome)
        {
            ILocator dialog = page.GetByRole(AriaRole.Dialog);
            await Expect(dialog).ToContainTextAsync(effect);
            await dialog.GetByRole(AriaRole.Button, new() { Name = confirm, Exact = true }).ClickAsync();
            await Expect(dialog).ToHaveCountAsync(0);
            await Expect(page.Locator("[data-outcome]")).ToContainTextAsync(outcome);
        }
    }
}
