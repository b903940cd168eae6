using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Capstan.Browser.Tests;

/// <summary>The same commands by key, by menu and by button.</summary>
public sealed class CommandTests(BrowserFixture browser)
{
    [Fact]
    public async Task Menus_OfRowAndFolder_OpenWhereTheyBelongAndRunTheirCommands()
    {
        await using TestPage page = await browser.OpenAsync();
        await page.OpenListAsync("/files/Documents");
        ILocator menu = page.Page.GetByRole(AriaRole.Menu);

        await page.Row("Letters").Locator(".c-time").ClickAsync(new() { Button = MouseButton.Right });
        await Expect(page.Row("Letters")).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(menu.GetByRole(AriaRole.Menuitem, new() { Name = "Delete", Exact = true })).ToBeVisibleAsync();
        await page.PressAsync("Escape");
        await Expect(menu).ToHaveCountAsync(0);
        await Expect(page.Grid).ToBeFocusedAsync();

        await page.PressAsync("Shift+F10");
        await menu.GetByRole(AriaRole.Menuitem, new() { Name = "Select all" }).ClickAsync();
        await Expect(page.SelectionText).ToHaveTextAsync("27 selected");

        await page.PressAsync("Escape");
        await Expect(page.Page.Locator("[aria-selected=true]")).ToHaveCountAsync(0);
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "More actions" }).ClickAsync();
        await menu.GetByRole(AriaRole.Menuitem, new() { Name = "Up one folder" }).ClickAsync();
        await Expect(page.Page).ToHaveURLAsync(new Regex("/files/$"));
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Keys_OutsideTheListAndInFields_AreWhoseTheyAre()
    {
        await using TestPage page = await browser.OpenAsync();
        await page.OpenListAsync("/files/Documents");
        ILocator filter = page.Page.GetByLabel("Filter this folder by name");

        await page.PressAsync("/");
        await Expect(filter).ToBeFocusedAsync();
        await page.PressAsync("Control+a");
        await page.Page.Keyboard.TypeAsync("?");
        await page.PressAsync("Backspace");
        await Expect(page.Page.Locator(".rz-dialog")).ToHaveCountAsync(0);
        await Expect(page.Page.Locator("[aria-selected=true]")).ToHaveCountAsync(0);

        await page.Grid.FocusAsync();
        await page.PressAsync("?");
        ILocator dialog = page.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("Ctrl+A");
        await page.AssertAccessibleAsync("keyboard help");
        await page.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(page.Grid).ToBeFocusedAsync();
        Assert.Empty(page.Complaints);
    }
}
