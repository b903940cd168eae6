using Capstan.TestKit;
using Capstan.WebUi.DevHost.Fakes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Capstan.Browser.Tests;

public sealed class PropertiesTests(BrowserFixture browser)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 400)]
    public async Task Properties_OfOneAndOfMany_ShownChangedAndAccessible(ColorScheme scheme, int width)
    {
        await using OwnApp app = await OwnApp.StartAsync();
        await using TestPage page = await browser.OpenOnAsync(app.Address, new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 800 } });
        ILocator dialog = page.Page.Locator(".rz-dialog");
        await page.OpenListAsync("/files/");
        await page.Row("budget.xlsx").Locator(".c-check").ClickAsync();
        await page.PressAsync("Alt+Enter");
        await Expect(dialog).ToContainTextAsync("Properties of “budget.xlsx”");
        await Expect(dialog.GetByLabel("Octal")).ToHaveValueAsync("0644");
        await dialog.GetByLabel("New attribute").FillAsync("user.comment");
        await dialog.GetByLabel("Value").FillAsync("0x00ff");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await Expect(dialog.GetByLabel("user.comment (2 bytes, not text)")).ToHaveValueAsync("0x00ff");
        await page.AssertAccessibleAsync("properties of one");
        await page.Page.ScreenshotAsync(new() { Path = Artifacts.Path($"properties-{scheme}-{width}.png") });
        await dialog.GetByRole(AriaRole.Checkbox, new() { Name = "Group: write" }).ClickAsync();
        await Expect(dialog.GetByLabel("Octal")).ToHaveValueAsync("0664");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        Shared.InodeAttributes now = app.Files.Root.Directory!.Find(Shared.FileName.Create("budget.xlsx"))!.Attributes;
        Assert.Equal(0x1B4u, now.Mode & 0xFFF);

        // Of many: what differs is mixed, and stays as it is.
        await page.PressAsync("Control+a");
        await page.PressAsync("Alt+Enter");
        await Expect(dialog.GetByRole(AriaRole.Checkbox, new() { Name = "Group: write" })).ToHaveAttributeAsync("aria-checked", "mixed");
        await dialog.GetByText("Apply to enclosed").ClickAsync();
        await page.AssertAccessibleAsync("properties of many");
        await page.Page.ScreenshotAsync(new() { Path = Artifacts.Path($"properties-many-{scheme}-{width}.png") });

        // Of what was found in several folders: one selection, changed in each of them.
        FakeInode[] hits = [app.Files.NewFile(10), app.Files.NewFile(20)];
        foreach (FakeInode hit in hits)
        {
            FakeInode folder = app.Files.NewDirectory();
            folder.Directory!.Put(Shared.FileName.Create("hit.txt"), hit);
            app.Files.Root.Directory.Put(Shared.FileName.Create($"with {hit.Attributes.Ino}"), folder);
        }
        await page.GoAsync("/search/?q=hit.txt");
        await page.Page.WaitForSelectorAsync(".vp[data-ready] .search-row[data-n]");
        await page.Grid.FocusAsync();
        await page.PressAsync("Control+a");
        await Expect(page.SelectionText).ToHaveTextAsync("2 selected");
        await page.PressAsync("Alt+Enter");
        await Expect(dialog).ToContainTextAsync("In 2 folders");
        await dialog.GetByRole(AriaRole.Checkbox, new() { Name = "Others: read" }).ClickAsync();
        await page.AssertAccessibleAsync("properties of hits in several folders");
        await page.Page.ScreenshotAsync(new() { Path = Artifacts.Path($"properties-found-{scheme}-{width}.png") });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await Eventually.TrueAsync(() => hits.All(h => (h.Attributes.Mode & 0xFFF) == 0x1A0), "the rights of both");
        Assert.Empty(page.Complaints);
    }
}
