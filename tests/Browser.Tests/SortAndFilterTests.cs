using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Capstan.Browser.Tests;

public sealed class SortAndFilterTests(BrowserFixture browser)
{
    [Fact]
    public async Task SortFilterAndSelection_UnderLiveChange_StayWithTheirRows()
    {
        await using TestPage page = await browser.OpenAsync();
        // "busy" gets and loses files all the time.
        await page.OpenListAsync("/files/busy?sort=name");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Name" }).ClickAsync();
        await Assertions.Expect(page.Page).ToHaveURLAsync(new Regex("sort=-name$"));
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Name" })).ToHaveAttributeAsync("aria-sort", "descending");

        await page.Page.GetByLabel("Filter this folder by name").FillAsync("*99 settled*");
        await Assertions.Expect(page.Page).ToHaveURLAsync(new Regex("filter="));
        ILocator first = page.Page.Locator(".file-row[data-n]").First;
        await Assertions.Expect(first).ToHaveAttributeAsync("data-n", "4999%20settled.txt");
        await page.Grid.FocusAsync();
        await page.PressAsync("Control+a");
        await Assertions.Expect(page.SelectionText).ToHaveTextAsync("50 selected");

        await page.Page.GetByLabel("Filter this folder by name").FillAsync("");
        await Assertions.Expect(page.Page).Not.ToHaveURLAsync(new Regex("filter="));
        await Assertions.Expect(page.SelectionText).ToHaveTextAsync("50 selected");
        await page.Page.GoBackAsync();
        await Assertions.Expect(page.Page).ToHaveURLAsync(new Regex("sort=name$"));
        await Assertions.Expect(page.SelectionText).ToHaveTextAsync("50 selected");
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Filter_NothingMatches_SaysSoAndShowsAllAgain()
    {
        await using TestPage page = await browser.OpenAsync();
        await page.GoAsync("/files/Documents?filter=nothing%20has%20this");
        await Assertions.Expect(page.Page.GetByText("Nothing here matches the filter.")).ToBeVisibleAsync();
        await page.AssertAccessibleAsync("nothing matches");
        await page.Page.GetByText("Show everything").ClickAsync();
        await Assertions.Expect(page.Row("Contracts")).ToBeVisibleAsync();
        await page.AssertAccessibleAsync("sorted list");
    }
}
