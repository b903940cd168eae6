using Microsoft.Playwright;

namespace Capstan.Browser.Tests;

public sealed class AccessibilityTests(BrowserFixture browser)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 400)]
    public async Task Pages_EachState_HaveNoViolations(ColorScheme scheme, int width)
    {
        await using TestPage page = await browser.OpenAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 800 } });

        foreach (string path in new[] { "/files/", "/files/odd%20names", "/files/empty", "/files/not/there", "/files/unreadable%20rows", "/files/offline", "/files/outside", "/search/not/there?q=a", "/files/README.md", "/files/Documents?view=grid", "/files/Documents?sort=-size&filter=*.pdf", "/operations", "/operations?show=failed&q=nothing", "/admin/cache", "/nonsense" })
        {
            await page.GoAsync(path);
            await page.AssertAccessibleAsync(path);
        }

        await page.OpenListAsync("/files/Documents");
        await page.Page.ClickAsync("[data-more]");
        await page.Page.WaitForSelectorAsync(".menu");
        await page.AssertAccessibleAsync("menu of the folder");
        await page.PressAsync("Escape");
        await Assertions.Expect(page.Page.Locator(".menu")).ToHaveCountAsync(0);
        if (width > 600)
        {
            await page.Page.ClickAsync("[data-columns]");
            await page.Page.WaitForSelectorAsync(".menu");
            await page.AssertAccessibleAsync("columns");
        }
        else
        {
            await page.Page.ClickAsync(".nav-toggle");
            await page.Page.WaitForSelectorAsync(".shell-nav.open");
            await page.AssertAccessibleAsync("navigation");
        }
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Folder_ClosedToTheCaller_SaysSoWithoutViolations()
    {
        await using OwnApp app = await OwnApp.StartAsync("--Capstan:Identity:Uid=1000");
        await using TestPage page = await browser.OpenOnAsync(app.Address);
        await page.GoAsync("/files/private");
        await Assertions.Expect(page.Page.Locator(".state")).ToContainTextAsync("You have no permission");
        await Assertions.Expect(page.Page.Locator("[data-next]")).ToBeFocusedAsync();
        await page.AssertAccessibleAsync("no permission");
        await page.GoAsync("/admin/cache");
        await Assertions.Expect(page.Page.Locator(".state")).ToContainTextAsync("This page is for administrators.");
        await page.AssertAccessibleAsync("administrators alone");
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Deletion_EachStep_HasNoViolations()
    {
        await using TestPage page = await browser.OpenAsync();
        await page.OpenListAsync("/files/mixed%20outcomes");
        await page.PressAsync("Control+a");
        await page.SelectionText.WaitForAsync();
        await page.AssertAccessibleAsync("selected");

        await page.PressAsync("Shift+F10");
        await page.Page.WaitForSelectorAsync(".menu");
        await page.AssertAccessibleAsync("menu");
        await page.PressAsync("Escape");
        await Assertions.Expect(page.Grid).ToBeFocusedAsync();

        await page.PressAsync("Shift+Delete");
        await page.Page.WaitForSelectorAsync(".rz-dialog .tree-count");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel", Exact = true })).ToBeFocusedAsync();
        await page.AssertAccessibleAsync("dialog");
        await page.PressAsync("Escape");
        await Assertions.Expect(page.Page.Locator(".rz-dialog")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Grid).ToBeFocusedAsync();

        await page.PressAsync("Delete");
        await page.Page.WaitForSelectorAsync(".file-row[data-doing]");
        await page.AssertAccessibleAsync("pending");

        await Assertions.Expect(page.Page.Locator(".file-row[data-doing]")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Page.Locator(".notice.bad")).ToContainTextAsync("10 of 41 could not be deleted");
        await page.AssertAccessibleAsync("failed");
        await page.PressAsync("Control+Shift+2");
        await Assertions.Expect(page.Page.Locator(".tile-item.failed .reason").First).ToBeVisibleAsync();
        await page.AssertAccessibleAsync("failed tiles");
        await page.PressAsync("Control+Shift+6");
        await page.Page.WaitForSelectorAsync(".file-row.failed");

        await page.Page.ClickAsync("text=Show list");
        await page.Page.WaitForSelectorAsync(".failure-row:not(.head)");
        await page.AssertAccessibleAsync("what failed");
        await page.Page.ClickAsync(".dialog-actions .button.primary");

        await page.Page.ClickAsync("text=Dismiss all");
        await Assertions.Expect(page.Page.Locator(".file-row.failed")).ToHaveCountAsync(0);
        Assert.Empty(page.Complaints);
    }
}
