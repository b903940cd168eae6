using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Capstan.Browser.Tests;

/// <summary>The cache page on figures of a gateway at work.</summary>
public sealed class CachePageTests(BrowserFixture browser)
{
    private static readonly string[] TableIds = ["directories", "caps", "revokes", "sessions", "slow", "misses", "revoked", "fallbacks", "evictions", "audit"];

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 400)]
    public async Task Page_EachTableAndDialog_HasNoViolations(ColorScheme scheme, int width)
    {
        await using TestPage page = await browser.OpenAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 800 } });
        foreach (string table in TableIds)
        {
            await page.GoAsync($"/admin/cache?table={table}");
            await Expect(page.Page.Locator($"#tab-{table}")).ToHaveAttributeAsync("aria-selected", "true");
            await page.Page.WaitForSelectorAsync("#table-panel .state, #table-panel .vp[data-ready] .data-row:not(.head)");
            await page.AssertAccessibleAsync(table);
        }
        await page.GoAsync("/admin/cache");
        await Expect(page.Page.Locator(".chart canvas")).ToHaveCountAsync(8);
        // Two samples make a point.
        await Expect(page.Page.Locator(".chart-legend .n").First).Not.ToHaveTextAsync("–");
        await page.Page.ScreenshotAsync(new() { Path = Artifacts.Path($"cache-{scheme}-{width}.png".ToLowerInvariant()) });
        await page.Page.Locator(".shell-main").EvaluateAsync("e => { e.style.overflow = 'visible'; e.parentElement.style.height = 'auto'; e.parentElement.style.overflow = 'visible'; }");
        await page.Page.ScreenshotAsync(new() { Path = Artifacts.Path($"cache-{scheme}-{width}-whole.png".ToLowerInvariant()), FullPage = true });

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Drop cache…" }).ClickAsync();
        await Expect(page.Page.Locator(".rz-dialog")).ToContainTextAsync("2,381 pages (91.9 MiB) of 14 folders at / and below are forgotten.");
        await page.AssertAccessibleAsync("dialog");
        await page.PressAsync("Escape");
        await Expect(page.Page.Locator(".rz-dialog")).ToHaveCountAsync(0);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Tables_SortedAndFiltered_AreSoInTheAddressAndInTheFile()
    {
        await using TestPage page = await browser.OpenAsync();
        await page.GoAsync("/admin/cache");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Hits", Exact = true }).ClickAsync();
        await Expect(page.Page).ToHaveURLAsync(new Regex("sort=hits&desc=True"));
        await page.Page.GetByPlaceholder("Filter by path").FillAsync("directory 1");
        await Expect(page.Page).ToHaveURLAsync(new Regex("path=directory(%20|\\+)1"));
        ILocator rows = page.Page.Locator(".data-row:not(.head)");
        await Expect(rows.First).ToContainTextAsync("/directory 1");

        IAPIResponse csv = await page.Page.APIRequest.GetAsync(browser.Address + await page.Page.GetByRole(AriaRole.Link, new() { Name = "CSV" }).GetAttributeAsync("href"));
        string[] lines = (await csv.TextAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("path,entries,cached,complete,version,caps,hits", lines[0]);
        Assert.Equal(await rows.First.Locator("[role=cell]").First.InnerTextAsync(), lines[1].Split(',')[0]);
        long[] hits = [.. lines.Skip(1).Select(l => long.Parse(l.Split(',')[6]))];
        Assert.Equal(hits.OrderDescending(), hits);

        await page.Page.Locator("#tab-directories").FocusAsync();
        await page.PressAsync("ArrowRight");
        await Expect(page.Page.Locator("#tab-caps")).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(page.Page).ToHaveURLAsync(new Regex("table=caps"));
    }

    [Fact]
    public async Task Actions_Confirmed_AreInTheAuditLog()
    {
        await using TestPage page = await browser.OpenAsync();
        await page.GoAsync("/admin/cache?table=audit");
        await page.Page.Locator("[name=budget]").FillAsync("64");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Set limits…" }).ClickAsync();
        await Expect(page.Page.Locator(".rz-dialog")).ToContainTextAsync("memory 64 MiB");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel", Exact = true }).ClickAsync();
        await Expect(page.Page.Locator("[data-tile=memory]")).ToContainTextAsync("of 256 MiB");

        await page.Page.Locator("[name=budget]").FillAsync("64");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Set limits…" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Set", Exact = true }).ClickAsync();
        await Expect(page.Page.Locator("[data-tile=memory]")).ToContainTextAsync("of 64 MiB");
        await Expect(page.Page.Locator(".data-row").Filter(new() { HasText = "set limits" }).First).ToContainTextAsync("budget 67108864 bytes");

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "As configured…" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Set", Exact = true }).ClickAsync();
        await Expect(page.Page.Locator("[data-tile=memory]")).ToContainTextAsync("of 256 MiB");
        Assert.Empty(page.Complaints);
    }
}
