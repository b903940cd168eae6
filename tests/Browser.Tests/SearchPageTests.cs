using System.Text.RegularExpressions;
using Capstan.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Capstan.Browser.Tests;

public sealed class SearchPageTests(BrowserFixture browser)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 400)]
    public async Task Search_FromAFolder_EachStateIsRightAndAccessible(ColorScheme scheme, int width)
    {
        await using OwnApp app = await OwnApp.StartAsync();
        await using TestPage page = await browser.OpenOnAsync(app.Address, new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 800 } });
        string picture = $"search-{scheme}-{width}";
        await page.OpenListAsync("/files/Documents");
        await page.PressAsync("Control+Shift+F");
        await Expect(page.Page).ToHaveURLAsync(new Regex("/search/Documents$"));
        await Expect(page.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Name" })).ToBeFocusedAsync();
        await page.AssertAccessibleAsync("nothing asked");
        await page.Page.ScreenshotAsync(new() { Path = Artifacts.Path($"{picture}-empty.png") });

        await page.PressAsync("Enter");
        await Expect(page.Page.Locator(".field-problem")).ToContainTextAsync("Say what to look for");
        await page.Page.Keyboard.TypeAsync("*.PDF");
        await page.PressAsync("Enter");
        await Expect(page.Page).ToHaveURLAsync(new Regex(@"/search/Documents\?q=%2A\.PDF$"));
        await Expect(page.Page.Locator(".search .selection")).ToContainTextAsync("found");
        await page.Page.Locator(".search-row[data-n='01.pdf']").First.WaitForAsync();
        int found = int.Parse((await page.Grid.GetAttributeAsync("aria-rowcount"))!) - 1;
        Assert.True(found > 36);
        await page.AssertAccessibleAsync("found");
        await page.Page.ScreenshotAsync(new() { Path = Artifacts.Path($"{picture}.png") });

        // Two of them to the trash, and back by a key.
        await page.Grid.FocusAsync();
        await page.PressAsync("ArrowDown");
        await page.PressAsync("Shift+ArrowDown");
        await Expect(page.SelectionText).ToHaveTextAsync("2 selected");
        await page.PressAsync("Shift+F10");
        await page.AssertAccessibleAsync("menu");
        await page.PressAsync("Escape");
        await Expect(page.Page.Locator(".menu")).ToHaveCountAsync(0);
        await Expect(page.Grid).ToBeFocusedAsync();
        await page.PressAsync("Delete");
        await Expect(page.Grid).ToHaveAttributeAsync("aria-rowcount", $"{found - 1}");
        await page.PressAsync("Control+z");
        await Eventually.TrueAsync(() => app.Files.Trash.List(null, 10).Count == 0, "the trash is empty again");
        await page.ReloadAsync();
        await Expect(page.Grid).ToHaveAttributeAsync("aria-rowcount", $"{found + 1}");
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Search_OddNamesAndWhatMayNotBeRead_FoundShownInTheirFolderAndSaid()
    {
        await using OwnApp app = await OwnApp.StartAsync();
        await using TestPage page = await browser.OpenOnAsync(app.Address);
        foreach (string encoded in new[] { "new%0Aline", "f%FF%FEo", "%E2%80%AEgpj.exe", "a%26b%2Bc%3Dd%3F" })
        {
            string typed = encoded switch { "new%0Aline" => "line", "f%FF%FEo" => "f\\xFF", "%E2%80%AEgpj.exe" => "gpj", _ => "b+c=d" };
            await page.GoAsync("/search/odd%20names?q=" + Uri.EscapeDataString(typed));
            await page.Page.WaitForSelectorAsync(".vp[data-ready]");
            ILocator row = page.Page.Locator($".search-row[data-n='{encoded}']");
            await row.Locator(".c-place").ClickAsync();
            await page.Page.GetByRole(AriaRole.Button, new() { Name = "Show in folder" }).ClickAsync();
            await Expect(page.Page).ToHaveURLAsync(new Regex(@"/files/odd%20names\?show="));
            await Expect(page.Row(encoded)).ToHaveAttributeAsync("aria-selected", "true");
        }

        await page.GoAsync("/search/?q=README");
        await Expect(page.Page.Locator(".notice").First).ToContainTextAsync("1 folder could not be searched. You have no permission.");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Which?" }).ClickAsync();
        await Expect(page.Page.Locator(".unreadable")).ToContainTextAsync("/private");
        await page.AssertAccessibleAsync("not all could be read");

        await page.GoAsync("/search/empty?q=x");
        await Expect(page.Page.Locator(".state")).ToContainTextAsync("Nothing was found.");
        await page.AssertAccessibleAsync("nothing found");
        await page.GoAsync("/search/not/there?q=x");
        await Expect(page.Page.Locator(".state")).ToContainTextAsync("not there");
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Search_EntryReplacedAfterItWasChosen_TheOtherOneIsNotTouched()
    {
        await using OwnApp app = await OwnApp.StartAsync("--Fake:RemovalsPerSecond=1000");
        await using TestPage page = await browser.OpenOnAsync(app.Address);
        await page.GoAsync("/search/?q=budget");
        await page.Page.WaitForSelectorAsync(".vp[data-ready]");
        await page.Page.Locator(".search-row[data-n='budget.xlsx'] .c-place").ClickAsync();
        await Expect(page.SelectionText).ToHaveTextAsync("1 selected");
        await page.PressAsync("Alt+Enter");
        ILocator properties = page.Page.GetByRole(AriaRole.Dialog, new() { Name = "Properties of “budget.xlsx”" });
        await Expect(properties.GetByLabel("Octal")).ToHaveValueAsync("0644");
        await page.PressAsync("Escape");
        await Expect(properties).ToHaveCountAsync(0);
        await Expect(page.Grid).ToBeFocusedAsync();
        WebUi.DevHost.Fakes.FakeInode other = app.Files.NewFile(7);
        app.Files.Root.Directory!.Put(Shared.FileName.Create("budget.xlsx"), other);
        await page.PressAsync("Delete");
        await Expect(page.Page.Locator(".state")).ToContainTextAsync("Nothing was found.");
        Assert.Same(other, app.Files.Root.Directory.Find(Shared.FileName.Create("budget.xlsx")));
        Assert.Empty(app.Files.Trash.List(null, 10));
    }
}
