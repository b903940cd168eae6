using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Capstan.Browser.Tests;

/// <summary>The page of what was deleted: on a filesystem of its own, since all share one trash.</summary>
public sealed class TrashPageTests(BrowserFixture browser)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 400)]
    public async Task Trash_FromEmptyToEmptied_EachStateIsRightAndAccessible(ColorScheme scheme, int width)
    {
        await using OwnApp app = await OwnApp.StartAsync();
        await using TestPage page = await browser.OpenOnAsync(app.Address, new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 800 } });
        string picture = $"trash-{scheme}-{width}";

        await page.GoAsync("/trash");
        await Expect(page.Page.Locator(".state")).ToContainTextAsync("The trash is empty.");
        await page.AssertAccessibleAsync("empty");
        await page.Page.ScreenshotAsync(new() { Path = Artifacts.Path($"{picture}-empty.png") });

        // Odd names and a folder, into the trash by keys alone.
        await page.OpenListAsync("/files/odd%20names");
        int odd = await page.Page.Locator(".file-row[data-n]").CountAsync();
        await page.PressAsync("Control+a");
        await page.PressAsync("Delete");
        await Expect(page.Page.Locator(".state")).ToContainTextAsync("This folder is empty.");
        await page.GoAsync("/trash");
        await Expect(page.Grid).ToHaveAttributeAsync("aria-rowcount", $"{odd + 1}");
        await page.AssertAccessibleAsync("listed");
        await page.Page.ScreenshotAsync(new() { Path = Artifacts.Path($"{picture}.png") });

        // Of the whole trash; kept in the address.
        ILocator filter = page.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Filter the trash by name" });
        await filter.FillAsync("no such name");
        await Expect(page.Page.Locator(".state")).ToContainTextAsync("Nothing in the trash has such a name.");
        await page.AssertAccessibleAsync("none found");
        await page.Page.ScreenshotAsync(new() { Path = Artifacts.Path($"{picture}-none.png") });
        await filter.FillAsync("*.exe");
        await Expect(page.Grid).ToHaveAttributeAsync("aria-rowcount", "2");
        await Expect(page.Page).ToHaveURLAsync(new Regex(@"/trash\?q=.+exe$"));
        await page.AssertAccessibleAsync("filtered");
        await page.Page.ScreenshotAsync(new() { Path = Artifacts.Path($"{picture}-filtered.png") });
        await filter.PressAsync("Escape");
        await Expect(page.Grid).ToHaveAttributeAsync("aria-rowcount", $"{odd + 1}");

        // In another order, by the head of a column or where there is none by a choice; kept in the address.
        ILocator head = page.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Name" });
        if (width > 560)
        {
            await Expect(page.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Deleted" })).ToHaveAttributeAsync("aria-sort", "descending");
            await head.GetByRole(AriaRole.Button).ClickAsync();
            await Expect(head).ToHaveAttributeAsync("aria-sort", "ascending");
            await page.PressAsync("Enter");
            await Expect(head).ToHaveAttributeAsync("aria-sort", "descending");
        }
        else
        {
            await page.Page.GetByLabel("Sort by").SelectOptionAsync("-name");
        }
        await Expect(page.Page).ToHaveURLAsync(new Regex(@"/trash\?sort=-name$"));
        await page.AssertAccessibleAsync("sorted");
        await page.Page.ScreenshotAsync(new() { Path = Artifacts.Path($"{picture}-sorted.png") });

        await page.Grid.FocusAsync();
        await page.PressAsync("ArrowDown");
        await page.PressAsync("Shift+ArrowDown");
        await Expect(page.SelectionText).ToHaveTextAsync("2 selected");
        await page.PressAsync("Shift+F10");
        await Expect(page.Page.Locator(".menu")).ToContainTextAsync("Restore to another place");
        await page.AssertAccessibleAsync("menu");
        await page.PressAsync("Escape");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Restore", Exact = true }).ClickAsync();
        await Expect(page.Grid).ToHaveAttributeAsync("aria-rowcount", $"{odd - 1}");

        // Nothing is restored twice, and every odd name comes back as it was.
        await page.Grid.FocusAsync();
        await page.PressAsync("Control+a");
        await page.PressAsync("Enter");
        await Expect(page.Page.Locator(".state")).ToContainTextAsync("The trash is empty.");
        await page.OpenListAsync("/files/odd%20names");
        await Expect(page.Grid).ToHaveAttributeAsync("aria-rowcount", $"{odd + 1}");
        foreach (string name in new[] { "100%2541.txt", "new%0Aline", "-leading%20dash", "%252F", "f%FF%FEo", "%E2%80%AEgpj.exe" })
            await Expect(page.Row(name)).ToHaveCountAsync(1);

        // For good, after a question with counts.
        await page.PressAsync("Control+a");
        await page.PressAsync("Delete");
        await Expect(page.Page.Locator(".state")).ToContainTextAsync("This folder is empty.");
        await page.GoAsync("/trash");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Empty trash" }).ClickAsync();
        await Expect(page.Page.Locator(".rz-dialog")).ToContainTextAsync($"{odd} items");
        await Expect(page.Page.Locator(".rz-dialog").GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeFocusedAsync();
        await page.AssertAccessibleAsync("empty the trash?");
        await page.Page.ScreenshotAsync(new() { Path = Artifacts.Path($"{picture}-purge.png") });
        await page.Page.Locator(".rz-dialog").GetByRole(AriaRole.Button, new() { Name = "Empty trash" }).ClickAsync();
        await Expect(page.Page.Locator(".state")).ToContainTextAsync("The trash is empty.");
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Restore_NameTakenMeanwhile_AsksForAnotherPlaceAndKeepsBoth()
    {
        await using OwnApp app = await OwnApp.StartAsync();
        await using TestPage page = await browser.OpenOnAsync(app.Address);
        await page.OpenListAsync("/files/");
        await page.Row("README.md").Locator(".c-time").ClickAsync();
        await page.PressAsync("Delete");
        await Expect(page.Row("README.md")).ToHaveCountAsync(0);
        app.Files.Root.Directory!.Put(Shared.FileName.Create("README.md"), app.Files.NewFile(42));
        await Expect(page.Row("README.md")).ToHaveCountAsync(1);

        await page.GoAsync("/trash");
        await page.Row("README.md").Locator(".c-time").ClickAsync();
        await page.PressAsync("Enter");
        ILocator notice = page.Page.Locator(".notice.bad");
        await Expect(notice).ToContainTextAsync("“README.md” could not be restored. Something else has its name there now.");
        await Expect(page.Row("README.md")).ToHaveCountAsync(1);
        await page.AssertAccessibleAsync("refused");

        await notice.GetByRole(AriaRole.Button, new() { Name = "Choose another place" }).ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Textbox, new() { Name = "Folder" })).ToHaveValueAsync("/");
        await page.AssertAccessibleAsync("another place");
        await page.Page.ScreenshotAsync(new() { Path = Artifacts.Path("trash-restore-elsewhere.png") });
        await page.Page.GetByRole(AriaRole.Textbox, new() { Name = "Folder" }).FillAsync("/README.md/x");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Restore here" }).ClickAsync();
        await Expect(page.Page.Locator(".field-problem")).ToContainTextAsync("not a folder");
        await page.Page.GetByRole(AriaRole.Textbox, new() { Name = "Folder" }).FillAsync("/");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Restore here" }).ClickAsync();
        await Expect(page.Page.Locator(".state")).ToContainTextAsync("The trash is empty.");
        await page.OpenListAsync("/files/");
        await Expect(page.Row("README.md")).ToHaveCountAsync(1);
        await Expect(page.Row("README%20%28restored%29.md")).ToHaveCountAsync(1);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Navigation_LeadsToTheTrash()
    {
        await using TestPage page = await browser.OpenAsync();
        await page.GoAsync("/files/");
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Trash" }).ClickAsync();
        await Expect(page.Page).ToHaveURLAsync(new Regex("/trash$"));
    }
}
