using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Capstan.Browser.Tests;

public sealed class FilesPageTests(BrowserFixture browser)
{
    [Fact]
    public async Task Keys_OnAMillionRows_ReachEitherEndWithFewRowsInThePage()
    {
        await using TestPage page = await browser.OpenAsync();
        await page.OpenListAsync("/files/million");

        await page.PressAsync("End");
        await Assertions.Expect(page.Row("file-0999999.txt")).ToBeInViewportAsync();
        await page.PressAsync("Shift+Home");
        await Assertions.Expect(page.Row("file-0000000.txt")).ToBeInViewportAsync();

        await Assertions.Expect(page.SelectionText).ToHaveTextAsync("1,000,000 selected");
        Assert.InRange(await page.Page.Locator(".file-row").CountAsync(), 20, 150);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Wheel_OnAScaledList_MovesByTruePixels()
    {
        await using TestPage page = await browser.OpenAsync();
        await page.OpenListAsync("/files/million");
        await page.Grid.HoverAsync();

        for (int notch = 0; notch < 10; notch++)
            await page.Page.Mouse.WheelAsync(0, 120);

        // 1,200 px of rows of 40 px.
        await Assertions.Expect(page.Row("file-0000030.txt")).ToBeInViewportAsync();
        await Assertions.Expect(page.Row("file-0000028.txt")).Not.ToBeInViewportAsync();
    }

    [Fact]
    public async Task Folder_OpenedFromItsParent_IsDrawnInTheSameListWithTheRowsInSightFirst()
    {
        await using TestPage page = await browser.OpenAsync();
        await page.OpenListAsync("/files/");
        await page.Page.EvaluateAsync(
            """
            () => {
              const list = document.querySelector('.vp'), layer = list.querySelector('.vp-layer');
              list.counts = [];
              new MutationObserver(() => list.counts.push(Number(layer.dataset.count))).observe(layer, { attributes: true, attributeFilter: ['data-list', 'data-count'] });
            }
            """);

        await page.Row("million").Locator(".c-name").DblClickAsync();
        await Assertions.Expect(page.Row("file-0000000.txt")).ToBeInViewportAsync();
        await page.Page.WaitForFunctionAsync("() => document.querySelector('.vp').counts?.length > 1"); // the same element, and the rows around what is in sight

        int[] counts = await page.Page.EvaluateAsync<int[]>("() => document.querySelector('.vp').counts");
        Assert.InRange(counts[0], 10, 45);
        Assert.InRange(counts[^1], counts[0] + 20, 150);
        await Assertions.Expect(page.Grid).ToBeFocusedAsync();
        await page.PressAsync("End");
        await Assertions.Expect(page.Row("file-0999999.txt")).ToBeInViewportAsync();
        await page.PressAsync("Backspace"); // to a list that begins at its top again
        await Assertions.Expect(page.Row("million")).ToBeInViewportAsync();
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Folders_EnteredAndLeftByKeys_KeepFocusAndPlace()
    {
        await using TestPage page = await browser.OpenAsync();
        await page.OpenListAsync("/files/");

        await page.PressAsync("ArrowDown");
        await Assertions.Expect(page.Page.Locator(".file-row.active")).ToHaveAttributeAsync("data-n", "Documents");
        await page.PressAsync("Enter");
        await Assertions.Expect(page.Page).ToHaveURLAsync(new Regex("/files/Documents$"), new() { Timeout = 15_000 });
        await Assertions.Expect(page.Row("Contracts")).ToBeVisibleAsync();
        await Assertions.Expect(page.Grid).ToBeFocusedAsync();
        await page.PressAsync("Backspace");

        await Assertions.Expect(page.Page.Locator(".file-row.active")).ToHaveAttributeAsync("data-n", "Documents");
        await Assertions.Expect(page.Grid).ToBeFocusedAsync();
        await page.GoAsync("/files/empty");
        await Assertions.Expect(page.Page.Locator("[data-next]")).ToBeFocusedAsync();
        await page.PressAsync("Backspace");
        await Assertions.Expect(page.Page.Locator(".file-row.active")).ToHaveAttributeAsync("data-n", "empty");
    }

    [Theory]
    [InlineData("100%2541.txt")]
    [InlineData("%23hash")]
    [InlineData("a%26b%2Bc%3Dd%3F")]
    [InlineData("new%0Aline")]
    [InlineData("back%5Cslash")]
    [InlineData("f%5CxFF%5CxFEo")]
    [InlineData("%E2%80%AEgpj.exe")]
    public async Task Download_OddName_GetsThatFile(string encoded)
    {
        await using TestPage page = await browser.OpenAsync();
        await page.OpenListAsync("/files/odd%20names");

        IDownload download = await page.Page.RunAndWaitForDownloadAsync(async () =>
        {
            await page.Row(encoded).DblClickAsync();
            await page.Page.GetByRole(AriaRole.Link, new() { Name = "Download" }).First.ClickAsync();
        });

        // Each of these files holds its own name... but for the twin of the name that is not UTF-8.
        string content = await File.ReadAllTextAsync(await download.PathAsync());
        Assert.Equal(encoded == "f%5CxFF%5CxFEo" ? "\x4\x5\x6\x7" : Uri.UnescapeDataString(encoded), content);
    }

    [Fact]
    public async Task Folder_OddName_SurvivesAReload()
    {
        await using TestPage page = await browser.OpenAsync();
        await page.OpenListAsync("/files/odd%20names");

        await page.Row("100%25%20%26%20more").DblClickAsync();
        // WaitForURLAsync may miss a navigation within the document that comes between its look and its subscription; this asks again.
        await Assertions.Expect(page.Page).ToHaveURLAsync(new Regex("/odd%20names/100%25%20%26%20more$"));
        await page.ReloadAsync();

        await Assertions.Expect(page.Row("Contracts")).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.Locator("h1")).ToHaveTextAsync("100% & more");
    }

    [Fact]
    public async Task Selection_OthersCreateFiles_DoesNotGrow()
    {
        await using TestPage page = await browser.OpenAsync();
        await page.OpenListAsync("/files/busy");
        await page.PressAsync("Control+a");
        await page.SelectionText.WaitForAsync();

        ILocator unselected = page.Page.Locator("[data-n*=arrival]:not([aria-selected=true])");

        await Assertions.Expect(unselected.First).ToBeVisibleAsync();
        await Assertions.Expect(page.Row("0000%20settled.txt")).ToHaveAttributeAsync("aria-selected", "true");
    }

    [Fact]
    public async Task Sight_RowsComeAndGoAbove_StaysPut()
    {
        await using TestPage page = await browser.OpenAsync();
        await page.OpenListAsync("/files/busy");
        await page.Page.Keyboard.TypeAsync("0300");
        ILocator row = page.Row("0300%20settled.txt");
        await Assertions.Expect(row).ToBeInViewportAsync();
        string? id = await row.GetAttributeAsync("id");
        double y = (await row.BoundingBoxAsync())!.Y;

        // Its rank changes: something was added above.
        await Assertions.Expect(row).Not.ToHaveAttributeAsync("id", id!);

        Assert.Equal(y, (await row.BoundingBoxAsync())!.Y, 1.0);
    }

    [Fact]
    public async Task Mouse_ClickShiftControl_SelectsThoseRows()
    {
        await using TestPage page = await browser.OpenAsync();
        await page.OpenListAsync("/files/Photos%202025");

        await page.Row("IMG_0002.jpg").ClickAsync();
        await page.Row("IMG_0005.jpg").ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await page.Row("IMG_0008.jpg").ClickAsync(new() { Modifiers = [KeyboardModifier.Control] });
        await page.Row("IMG_0003.jpg").ClickAsync(new() { Modifiers = [KeyboardModifier.Control] });
        await page.Row("IMG_0010.jpg").Locator(".vp-check").ClickAsync();

        await Assertions.Expect(page.SelectionText).ToHaveTextAsync("5 selected");
        Assert.Equal(
            ["IMG_0002.jpg", "IMG_0004.jpg", "IMG_0005.jpg", "IMG_0008.jpg", "IMG_0010.jpg"],
            await page.Page.Locator("[aria-selected=true]").EvaluateAllAsync<string[]>("rows => rows.map(r => r.dataset.n)"));
    }

    [Fact]
    public async Task Mouse_RectangleOverRows_SelectsThemAndScrollsOn()
    {
        await using TestPage page = await browser.OpenAsync();
        await page.OpenListAsync("/files/Photos%202025");
        ILocator frame = page.Page.Locator(".marquee");
        await MoveToAsync("IMG_0002.jpg");
        await page.Page.Mouse.DownAsync();
        await MoveToAsync("IMG_0006.jpg");
        await Assertions.Expect(frame).ToBeVisibleAsync();
        await Assertions.Expect(page.SelectionText).ToHaveTextAsync("5 selected");
        await MoveToAsync("IMG_0000.jpg");
        await Assertions.Expect(page.SelectionText).ToHaveTextAsync("3 selected");
        Assert.Equal(
            ["IMG_0000.jpg", "IMG_0001.jpg", "IMG_0002.jpg"],
            await page.Page.Locator("[aria-selected=true]").EvaluateAllAsync<string[]>("rows => rows.map(r => r.dataset.n)"));

        // Held at the lower edge the list scrolls; what it began at stays in, though it is drawn no more.
        LocatorBoundingBoxResult box = (await page.Grid.BoundingBoxAsync())!;
        await page.Page.Mouse.MoveAsync(box.X + 500, box.Y + box.Height - 4, new() { Steps = 3 });
        await Assertions.Expect(page.SelectionText).ToHaveTextAsync(new Regex("^([89][0-9]|[0-9]{3}|1,[0-9]{3}) selected$"));
        await page.Page.Mouse.UpAsync();
        await Assertions.Expect(frame).ToHaveCountAsync(0);
        await page.PressAsync("Home");
        await Assertions.Expect(page.Row("IMG_0000.jpg")).ToBeInViewportAsync();

        async Task MoveToAsync(string name)
        {
            LocatorBoundingBoxResult at = (await page.Row(name).Locator(".c-time").BoundingBoxAsync())!;
            await page.Page.Mouse.MoveAsync(at.X + 20, at.Y + (at.Height / 2), new() { Steps = 4 });
        }
    }

    [Fact]
    public async Task Mouse_RectangleOverTiles_SelectsThoseInItAndAClickBesideAllNone()
    {
        await using TestPage page = await browser.OpenAsync();
        await page.OpenListAsync("/files/Documents/Letters?view=grid");
        await Assertions.Expect(page.Page.Locator(".tile-item").First).ToBeVisibleAsync();
        int columns = int.Parse(await page.Grid.EvaluateAsync<string>("e => e.style.getPropertyValue('--cols')"));
        ILocator tiles = page.Page.Locator(".tile-item");
        LocatorBoundingBoxResult first = (await tiles.First.BoundingBoxAsync())!, last = (await tiles.Nth(columns + 1).BoundingBoxAsync())!;
        await page.Page.Mouse.MoveAsync(first.X - 2, first.Y - 2);
        await page.Page.Mouse.DownAsync();
        await page.Page.Mouse.MoveAsync(last.X + (last.Width / 2), last.Y + (last.Height / 2), new() { Steps = 5 });
        await Assertions.Expect(page.SelectionText).ToHaveTextAsync("4 selected");
        await page.Page.Mouse.UpAsync();
        Assert.Equal(
            [0, 1, columns, columns + 1],
            await page.Page.Locator(".tile-item[aria-selected=true]").EvaluateAllAsync<int[]>("rows => rows.map(r => Number(r.getAttribute('aria-posinset')) - 1)"));

        LocatorBoundingBoxResult end = (await tiles.Last.BoundingBoxAsync())!;
        await page.Page.Mouse.ClickAsync(end.X + end.Width + 40, end.Y + 20);
        await Assertions.Expect(page.Page.Locator("[aria-selected=true]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Touch_LongPress_SelectsAndTapsGoOn()
    {
        await using TestPage page = await browser.OpenAsync(new() { HasTouch = true, ViewportSize = new() { Width = 400, Height = 800 } });
        await page.OpenListAsync("/files/Photos%202025");

        await page.Row("IMG_0001.jpg").Locator(".vp-check").TapAsync();
        await page.Row("IMG_0002.jpg").Locator(".c-name").TapAsync();
        await Assertions.Expect(page.SelectionText).ToHaveTextAsync("2 selected");
        await page.Row("IMG_0001.jpg").TapAsync();
        await page.Row("IMG_0002.jpg").TapAsync();
        await Assertions.Expect(page.Page.Locator("[aria-selected=true]")).ToHaveCountAsync(0);

        // The finger stays until the row is selected, and from then on taps select.
        LocatorBoundingBoxResult at = (await page.Row("IMG_0003.jpg").BoundingBoxAsync())!;
        ICDPSession session = await page.Page.Context.NewCDPSessionAsync(page.Page);
        await session.SendAsync("Input.dispatchTouchEvent", Touch("touchStart", new { x = at.X + 150, y = at.Y + 20 }));
        await Assertions.Expect(page.SelectionText).ToHaveTextAsync("1 selected");
        await session.SendAsync("Input.dispatchTouchEvent", Touch("touchEnd"));
        await Assertions.Expect(page.Row("IMG_0003.jpg")).ToHaveAttributeAsync("aria-selected", "true");
        await page.Row("IMG_0004.jpg").TapAsync();
        await Assertions.Expect(page.SelectionText).ToHaveTextAsync("2 selected");

        // What can be done is below the list.
        LocatorBoundingBoxResult bar = (await page.Page.Locator(".selection").BoundingBoxAsync())!, list = (await page.Grid.BoundingBoxAsync())!;
        Assert.True(bar.Y >= list.Y + list.Height - 1);
        Assert.Equal(800, bar.Y + bar.Height, 1.0);

        static Dictionary<string, object> Touch(string type, params object[] points) => new() { ["type"] = type, ["touchPoints"] = JsonSerializer.SerializeToElement(points) };
    }

    [Fact]
    public async Task Theme_Chosen_IsRemembered()
    {
        await using TestPage page = await browser.OpenAsync();
        await page.OpenListAsync("/files/");
        ILocator toggle = page.Page.GetByRole(AriaRole.Button, new() { Name = "Theme" });

        await toggle.ClickAsync();
        await toggle.ClickAsync();
        await Assertions.Expect(page.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await page.ReloadAsync();

        await Assertions.Expect(page.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
    }

    [Fact]
    public async Task Page_LeftBeforeItsScriptsCome_FailsNothing()
    {
        await using TestPage page = await browser.OpenAsync();
        TaskCompletionSource arrive = new(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (string script in new[] { "viewport", "page", "tree" })
        {
            await page.Page.RouteAsync($"**/js/{script}.js", async route =>
            {
                await arrive.Task;
                await route.ContinueAsync();
            });
        }
        Task<IRequest> asked = page.Page.WaitForRequestAsync("**/js/viewport.js");
        await page.Page.GotoAsync("/files/");
        await asked; // the list is there, and waits for its script
        await page.Page.EvaluateAsync("() => new MutationObserver(() => { if (document.body.textContent.includes('This page has failed')) document.body.dataset.failed = ''; }).observe(document.body, { subtree: true, childList: true })");
        await page.Page.GetByRole(AriaRole.Navigation, new() { Name = "Main" }).GetByRole(AriaRole.Link, new() { Name = "Operations" }).ClickAsync();
        await Assertions.Expect(page.Page.Locator("h1")).ToHaveTextAsync("Operations");
        arrive.SetResult();
        await page.Page.GetByRole(AriaRole.Navigation, new() { Name = "Main" }).GetByRole(AriaRole.Link, new() { Name = "Files", Exact = true }).ClickAsync();
        await page.Page.WaitForSelectorAsync(".vp[data-ready] [data-n]");
        await Assertions.Expect(page.Page.Locator("body")).Not.ToHaveAttributeAsync("data-failed", "");
        Assert.Empty(page.Complaints);
    }
}
