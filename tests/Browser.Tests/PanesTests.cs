using System.Text.RegularExpressions;
using Capstan.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Capstan.Browser.Tests;

/// <summary>What stands around the list: tree, details, tiles, the path as a field.</summary>
public sealed class PanesTests(BrowserFixture browser)
{
    [Fact]
    public async Task Tree_ByKeysAndByMouse_GoesToFoldersAndFollows()
    {
        await using TestPage page = await browser.OpenAsync();
        await page.OpenListAsync("/files/Documents/Letters");
        ILocator tree = page.Page.GetByRole(AriaRole.Tree);
        ILocator Item(string name) => tree.GetByRole(AriaRole.Treeitem, new() { Name = name, Exact = true });

        await Expect(Item("Letters")).ToHaveAttributeAsync("aria-current", "page");
        await tree.FocusAsync();
        await page.PressAsync("ArrowLeft");
        await page.PressAsync("Enter");
        await Expect(page.Page).ToHaveURLAsync(new Regex("/files/Documents$"));
        await Expect(page.Row("Contracts")).ToBeVisibleAsync();
        await Expect(tree).ToBeFocusedAsync();

        await page.PressAsync("ArrowLeft");
        await Expect(Item("Letters")).ToHaveCountAsync(0);
        await page.Page.Keyboard.TypeAsync("pho");
        await page.PressAsync("Enter");
        await Expect(page.Row("IMG_0000.jpg")).ToBeVisibleAsync();
        await Item("empty").ClickAsync();
        await Expect(page.Page.GetByText("This folder is empty.")).ToBeVisibleAsync();
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Tree_AfterAReload_IsOpenWhereItWasAndHasLinksToFolders()
    {
        await using TestPage page = await browser.OpenAsync();
        await page.OpenListAsync("/files/");
        ILocator tree = page.Page.GetByRole(AriaRole.Tree);
        ILocator Item(string name) => tree.GetByRole(AriaRole.Treeitem, new() { Name = name, Exact = true });
        await Item("Documents").Locator(".twist").ClickAsync();
        await Item("odd names").Locator(".twist").ClickAsync();
        await Expect(Item("Letters")).ToBeVisibleAsync();
        await Expect(Item("100% & more")).ToBeVisibleAsync();
        await Expect(Item("outside")).ToHaveCountAsync(0);

        await page.ReloadAsync();
        await Expect(Item("Letters")).ToBeVisibleAsync();
        await Expect(Item("100% & more")).ToBeVisibleAsync();
        await Expect(Item("Documents")).ToHaveAttributeAsync("aria-expanded", "true");
        await Expect(Item("Photos 2025")).ToHaveAttributeAsync("aria-expanded", "false");

        await Item("latest photos").ClickAsync();
        await Expect(page.Page).ToHaveURLAsync(new Regex("/files/Photos%202025$"));
        await Expect(Item("Photos 2025")).ToHaveAttributeAsync("aria-current", "page");
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Panes_AsTheyWereLeft_AreThereAfterAReload()
    {
        await using TestPage page = await browser.OpenAsync(new() { ViewportSize = new() { Width = 1500, Height = 800 } });
        await page.OpenListAsync("/files/Documents");

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Close the folder tree" }).ClickAsync();
        await page.PressAsync("Alt+p");
        await Expect(page.Page.GetByRole(AriaRole.Complementary, new() { Name = "Details" })).ToContainTextAsync("This listing");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Columns" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Menuitemcheckbox, new() { Name = "Type" }).ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Type" })).ToBeVisibleAsync();
        await page.PressAsync("Escape");
        await page.ReloadAsync();

        await Expect(page.Page.GetByRole(AriaRole.Complementary, new() { Name = "Details" })).ToContainTextAsync("Capabilities held");
        await Expect(page.Page.GetByRole(AriaRole.Tree)).ToHaveCountAsync(0);
        await Expect(page.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Type" })).ToHaveCountAsync(1);
        await page.Row("Meeting%20notes%2002.jpg").Locator(".c-time").ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Complementary)).ToContainTextAsync("JPG image");
        await Expect(page.Page.GetByRole(AriaRole.Complementary)).ToContainTextAsync("user.comment");
        await page.PressAsync("Control+a");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Work out the size" }).ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Complementary)).ToContainTextAsync(" in all, ");
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Grid_OnAMillion_MovesByTilesAndKeepsTheCursorInTheList()
    {
        await using TestPage page = await browser.OpenAsync();
        await page.OpenListAsync("/files/million?view=grid");
        await Expect(page.Grid).ToHaveAttributeAsync("role", "listbox");
        ILocator active = page.Page.Locator(".tile-item.active");

        await page.PressAsync("ArrowRight");
        await page.PressAsync("ArrowRight");
        await Expect(active).ToHaveAttributeAsync("aria-posinset", "2");
        await page.PressAsync("ArrowDown");
        int columns = int.Parse(await page.Grid.EvaluateAsync<string>("e => e.style.getPropertyValue('--cols')"));
        await Expect(active).ToHaveAttributeAsync("aria-posinset", $"{2 + columns}");
        await page.PressAsync("End");
        await Expect(page.Row("file-0999999.txt")).ToBeInViewportAsync();
        Assert.InRange(await page.Page.Locator(".tile-item").CountAsync(), 20, 150);

        await page.PressAsync("Control+Shift+Digit6");
        await Expect(page.Page).Not.ToHaveURLAsync(new Regex("view=grid"));
        await Expect(page.Page.Locator(".file-row.active")).ToBeInViewportAsync();
        await Expect(page.Page.Locator(".file-row.active")).ToHaveAttributeAsync("data-n", "file-0999999.txt");
        await page.Page.GoBackAsync();
        await Expect(page.Row("file-0999999.txt")).ToBeInViewportAsync();
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Path_Typed_SuggestsGoesThereAndSaysWhatIsWrong()
    {
        await using TestPage page = await browser.OpenAsync();
        await page.OpenListAsync("/files/");
        ILocator field = page.Page.GetByRole(AriaRole.Combobox, new() { Name = "Path" });

        await page.PressAsync("F4");
        await Expect(field).ToBeFocusedAsync();
        await field.FillAsync("/Documents/L");
        await Expect(page.Page.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await Expect(page.Page.GetByRole(AriaRole.Option)).ToContainTextAsync("Letters");
        await page.AssertAccessibleAsync("path with suggestions");
        await field.FillAsync("/nowhere");
        await page.PressAsync("Enter");
        await Expect(page.Page.Locator(".path-problem")).ToContainTextAsync("no such file or folder");
        await page.AssertAccessibleAsync("path that is wrong");
        await field.FillAsync("/Documents/");
        await Expect(page.Page.GetByRole(AriaRole.Option)).ToHaveCountAsync(3);
        await page.PressAsync("ArrowDown");
        await page.PressAsync("Enter");
        await Expect(page.Page).ToHaveURLAsync(new Regex("/files/Documents/Contracts$"));
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Back", Exact = true }).ClickAsync();
        await Expect(page.Page).ToHaveURLAsync(new Regex("/files/$"));
        await Expect(page.Row("Documents")).ToBeVisibleAsync();
        await page.PressAsync("F4");
        await Expect(field).ToBeFocusedAsync();
        await page.PressAsync("Escape");
        await Expect(page.Grid).ToBeFocusedAsync();
        Assert.Empty(page.Complaints);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1440)]
    [InlineData(ColorScheme.Dark, 400)]
    public async Task Panes_Open_HaveNoViolations(ColorScheme scheme, int width)
    {
        await using TestPage page = await browser.OpenAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 800 } });
        await page.OpenListAsync("/files/Documents?view=grid");
        await page.PressAsync("Alt+p");
        await Expect(page.Page.GetByRole(AriaRole.Complementary)).ToBeVisibleAsync();
        await page.AssertAccessibleAsync("grid with details");
        await page.PressAsync("Control+a");
        await Expect(page.SelectionText).ToHaveTextAsync("27 selected");
        await page.AssertAccessibleAsync("grid, all selected");
        if (width < 600)
        {
            await page.Page.GetByRole(AriaRole.Button, new() { Name = "Close the details" }).ClickAsync();
            await page.Page.GetByRole(AriaRole.Button, new() { Name = "Folder tree", Exact = true }).ClickAsync();
            await Expect(page.Page.GetByRole(AriaRole.Treeitem, new() { Name = "Documents" })).ToBeVisibleAsync();
            await page.AssertAccessibleAsync("tree as a sheet");
        }
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Connection_LostAndBack_IsABannerAndTheListGoesOn()
    {
        await using DelayingTcpProxy proxy = DelayingTcpProxy.Start(new Uri(browser.Address).Port, TimeSpan.Zero);
        await using TestPage page = new(await browser.OpenAsync(proxy.Address), proxy.Address);
        await page.OpenListAsync("/files/Documents");
        ILocator banner = page.Page.Locator(".reconnect");
        await Expect(banner).ToBeHiddenAsync();

        proxy.RefusesNew = true;
        proxy.CutAll();
        await Expect(banner).ToBeVisibleAsync();
        await Expect(banner).ToContainTextAsync("what was started goes on");
        await Expect(page.Row("Letters")).ToBeVisibleAsync();
        await page.AssertAccessibleAsync("reconnecting");

        proxy.RefusesNew = false;
        await Expect(banner).ToBeHiddenAsync(new() { Timeout = 30_000 });
        await page.Grid.FocusAsync();
        await page.PressAsync("Control+a");
        await Expect(page.SelectionText).ToHaveTextAsync("27 selected");
    }
}
