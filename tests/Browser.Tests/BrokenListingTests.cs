using Capstan.Shared;
using Capstan.WebUi.DevHost.Fakes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Capstan.Browser.Tests;

/// <summary>A listing that breaks in the middle: what is shown stays, and there are words and a way on.</summary>
public sealed class BrokenListingTests(BrowserFixture browser)
{
    [Fact]
    public async Task Listing_BreaksWhileItsRowsAreShown_KeepsThem_SaysWhy_AndGoesOn()
    {
        await using OwnApp app = await OwnApp.StartAsync();
        await using TestPage page = await browser.OpenOnAsync(app.Address);
        FakeDirectory directory = app.Files.Root.Directory!.Find(FileName.Create("archive-100k"))!.Directory!;
        ILocator notice = page.Page.Locator(".notice.bad");
        await page.OpenListAsync("/files/archive-100k");
        await Expect(page.Row("record-000000.json")).ToBeVisibleAsync();

        directory.ReadFails = FsErrno.NotConnected;
        await page.PressAsync("End");
        await Expect(notice).ToContainTextAsync("The metadata server cannot be reached. The connection is retried all the time.");
        await Expect(page.Row("record-000000.json")).ToBeVisibleAsync();
        await Expect(page.Page.Locator(".folder-count")).ToHaveTextAsync("100,000 items");
        await page.AssertAccessibleAsync("a listing that breaks");
        await Shots.TakeAsync(page.Page, "listing-breaks");

        // Into rows that were never read, and back to those that were.
        await page.Grid.EvaluateAsync("vp => { vp.scrollTop = vp.scrollHeight / 2; }");
        await Expect(notice).ToContainTextAsync("cannot be reached");
        await Expect(page.Page.Locator(".file-row[aria-busy=true]").First).ToBeAttachedAsync();
        await notice.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(notice).ToContainTextAsync("cannot be reached");

        directory.ReadFails = FsErrno.Ok;
        await notice.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(notice).ToHaveCountAsync(0);
        await Expect(page.Page.Locator(".file-row[aria-busy=true]")).ToHaveCountAsync(0);
        await page.Grid.FocusAsync();
        await page.PressAsync("End");
        await Expect(page.Row("record-099999.json")).ToBeVisibleAsync();
        Assert.Empty(page.Complaints);
    }
}
