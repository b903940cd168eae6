using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Capstan.Browser.Tests;

/// <summary>At 400 pixels each row is a card: its facts are all to be seen, and nothing leads sideways.</summary>
public sealed class CardTests(BrowserFixture browser)
{
    /// <summary>What of the list is not as wide as the page, and the cards whose facts are not all inside of them.</summary>
    private const string Faults =
        """
        facts => {
          const faults = [];
          if (document.documentElement.scrollWidth > innerWidth) faults.push(`the page is ${document.documentElement.scrollWidth} wide`);
          for (const list of document.querySelectorAll('.vp, .bar, .selection')) if (list.scrollWidth > list.clientWidth) faults.push(`${list.className} leads sideways`);
          for (const row of document.querySelectorAll('.vp [data-n]')) {
            const box = row.getBoundingClientRect();
            for (const fact of facts) {
              const there = row.querySelector(fact)?.getBoundingClientRect();
              if (!there || there.width === 0 || there.height === 0) faults.push(`${row.dataset.n} has no ${fact}`);
              else if (there.left < box.left - 1 || there.right > box.right + 1 || there.top < box.top - 1 || there.bottom > box.bottom + 1) faults.push(`${fact} of ${row.dataset.n} is outside`);
            }
            const name = row.querySelector('.c-name').getBoundingClientRect(), time = row.querySelector('.c-time').getBoundingClientRect();
            if (name.bottom > time.top + 4) faults.push(`${row.dataset.n}: the name lies over the time`);
          }
          return faults;
        }
        """;

    [Fact]
    public async Task Rows_At400Pixels_AreCardsWithTheirFacts()
    {
        await using TestPage page = await browser.OpenAsync(new() { ViewportSize = new() { Width = 400, Height = 800 } });
        foreach ((string path, string[] facts) in new[]
        {
            ("/files/odd%20names", new[] { ".c-check", ".icon", ".c-name", ".c-size", ".c-time" }),
            ("/files/Documents?sort=-size", [".c-check", ".icon", ".c-name", ".c-size", ".c-time"]),
            ("/search/Documents?q=*", [".c-check", ".icon", ".c-name", ".c-place", ".c-time"]),
        })
        {
            await page.GoAsync(path);
            await page.Page.WaitForSelectorAsync(".vp[data-ready] [data-n]");
            await Expect(page.Page.Locator(".file-row.head").First).Not.ToBeInViewportAsync();
            JsonElement faults = await page.Page.EvaluateAsync<JsonElement>(Faults, facts);
            Assert.True(faults.GetArrayLength() == 0, $"{path}: {faults}");
        }

        // The heads are gone with the columns: sorting has a field of its own.
        await page.OpenListAsync("/files/Documents");
        await page.Page.GetByLabel("Sort by").SelectOptionAsync("-name");
        await Expect(page.Page.Locator(".file-row[data-n]").Last).ToBeVisibleAsync();
        await Expect(page.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(@"\?sort=-name$"));
        Assert.Empty(page.Complaints);
    }
}
