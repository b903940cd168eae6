using System.Text;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Capstan.Browser.Tests;

/// <summary>Looking at files over the list: what is in them, and on by arrows.</summary>
public sealed class PreviewTests(BrowserFixture browser)
{
    private static readonly byte[] Picture = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mP8z8BQz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC");

    private const string HostileMarkdown =
        """
        # Notes on *safety*

        | a | b |
        | --- | --- |
        | 1 | 2 |

        <script>document.title = 'reached'</script> <img src=x onerror="document.title = 'reached'">

        [script](javascript:document.title='reached') [data](data:text/html,<script>1</script>) [other](other%20notes.md) [up](../../operations) [web](https://example.org/)

        ![picture](a%20picture.png) ![far](https://example.org/x.png) ![out](../../icon.svg)
        """;

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 400)]
    public async Task Preview_EachKind_IsShownAndArrowsGoOn(ColorScheme scheme, int width)
    {
        await using TusWeb web = await TusWeb.StartAsync();
        await PutAsync(web, "a picture.png", Picture);
        await PutAsync(web, "b bytes.dat", [.. Enumerable.Range(0, 10_000).Select(i => (byte)i)]);
        await PutAsync(web, "c code.cs", Encoding.UTF8.GetBytes("// a comment\nvar text = \"<b>no markup</b>\";\nreturn 42;\n"));
        await PutAsync(web, "d empty.txt", []);
        (await web.CreateAsync("e folder", [], ("type", "folder"))).Dispose();
        await PutAsync(web, "f latin.txt", [0x66, 0xFC, 0x72, 0x0A]);
        await PutAsync(web, "g notes.md", Encoding.UTF8.GetBytes(HostileMarkdown));
        await PutAsync(web, "h sound.wav", Wav());
        await PutAsync(web, "i broken.png", "no picture"u8.ToArray());
        TestPage page = await OpenAsync(web, new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 800 } });
        ILocator preview = page.Page.Locator("dialog.preview"), stage = preview.Locator(".preview-stage");

        await page.PressAsync("ArrowDown");
        await page.PressAsync("Space");
        await Expect(preview.Locator(".preview-title")).ToHaveTextAsync("a picture.png");
        await Expect(stage.Locator("img")).ToHaveJSPropertyAsync("naturalWidth", 10);
        await LookAsync("picture");

        await page.PressAsync("ArrowRight");
        await Expect(stage.Locator(".preview-hex")).ToContainTextAsync("00000010  10 11 12 13");
        await stage.GetByRole(AriaRole.Button, new() { Name = "Last" }).ClickAsync();
        await Expect(stage).ToContainTextAsync("Bytes 8,192 to 9,999 of 10,000");
        await LookAsync("bytes");

        await page.PressAsync("ArrowRight");
        await Expect(stage.Locator(".t-comment")).ToHaveTextAsync("// a comment");
        await Expect(stage.Locator(".t-string")).ToHaveTextAsync("\"<b>no markup</b>\"");
        await Expect(stage.Locator(".preview-numbers")).ToHaveTextAsync("1\n2\n3");
        await LookAsync("code");

        await page.PressAsync("ArrowRight");
        await Expect(stage).ToContainTextAsync("This file is empty.");
        await page.PressAsync("ArrowRight");
        await Expect(stage).ToContainTextAsync("This is a folder.");
        await page.PressAsync("ArrowRight");
        await Expect(stage).ToContainTextAsync("This is not UTF-8.");
        await Expect(stage.Locator("code")).ToHaveTextAsync("für");
        await LookAsync("latin");

        await page.PressAsync("ArrowRight");
        await Expect(stage.Locator("h1")).ToHaveTextAsync("Notes on safety");
        await Expect(stage.Locator("table td").First).ToHaveTextAsync("1");
        await Expect(stage.Locator("script")).ToHaveCountAsync(0);
        await Expect(stage.Locator("img")).ToHaveCountAsync(1);
        await Expect(stage.Locator("img")).ToHaveJSPropertyAsync("naturalWidth", 10);
        await Expect(stage.Locator("a", new() { HasText = "other" })).ToHaveAttributeAsync("href", "/files/other%20notes.md");
        await Expect(stage.Locator("a[href]")).ToHaveCountAsync(2); // the other notes, and the web
        await Expect(stage.Locator("a", new() { HasText = "web" })).ToHaveAttributeAsync("rel", "noopener noreferrer");
        Assert.DoesNotContain("reached", await page.Page.TitleAsync(), StringComparison.Ordinal);
        await LookAsync("markdown");

        await page.PressAsync("ArrowRight");
        await page.Page.WaitForFunctionAsync("() => document.querySelector('.preview audio')?.duration > 0.9");
        await LookAsync("sound");
        await page.PressAsync("ArrowRight");
        await Expect(stage).ToContainTextAsync("This image cannot be shown");
        await Expect(preview.GetByRole(AriaRole.Button, new() { Name = "Next (→)" })).ToBeDisabledAsync();
        await preview.GetByRole(AriaRole.Button, new() { Name = "Details" }).ClickAsync();
        await Expect(preview.Locator(".preview-details")).ToContainTextAsync("-rw-r--r--");
        await LookAsync("details");

        // Closed, the list is where the preview was.
        await page.PressAsync("Escape");
        await Expect(preview).ToHaveCountAsync(0);
        await Expect(page.Grid).ToBeFocusedAsync();
        await Expect(page.Row("i%20broken.png")).ToHaveAttributeAsync("aria-selected", "true");
        Assert.Empty(page.Complaints);

        async Task LookAsync(string what)
        {
            await page.AssertAccessibleAsync(what);
            await page.Page.ScreenshotAsync(new() { Path = Artifacts.Path($"preview-{what}-{scheme}-{width}.png") });
        }
    }

    [Fact]
    public async Task Preview_AHugeText_IsReadAsFarAsItIsShown()
    {
        await using TestPage page = await browser.OpenAsync();
        List<string> ranges = [];
        page.Page.Request += (_, request) =>
        {
            if (request.Url.EndsWith("/preview/capstan.log", StringComparison.Ordinal))
                ranges.Add(request.Headers.GetValueOrDefault("range", "whole"));
        };
        await page.OpenListAsync("/files/");
        await page.Row("capstan.log").DblClickAsync();
        await Expect(page.Page.Locator(".preview-more")).ToContainTextAsync("1 MiB of 859 MiB shown");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Show more" }).ClickAsync();
        await Expect(page.Page.Locator(".preview-more")).ToContainTextAsync("2 MiB of 859 MiB shown");
        Assert.Equal(["bytes=0-1048575", "bytes=1048576-2097151"], ranges);
    }

    [Fact]
    public async Task Preview_LinkThatLeadsOut_SaysSo()
    {
        await using TestPage page = await browser.OpenAsync();
        await page.OpenListAsync("/files/");
        await page.Row("outside").Locator(".c-time").ClickAsync();
        await page.PressAsync("Space");
        await Expect(page.Page.Locator(".preview-stage")).ToContainTextAsync("This link leads out of this tree.");
        await page.PressAsync("ArrowLeft");
        await Expect(page.Page.Locator(".preview-title")).ToHaveTextAsync("offline");
        await page.PressAsync("Space");
        await Expect(page.Page.Locator("dialog.preview")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Preview_Back_ClosesItAndLeavesNothingInTheHistory()
    {
        await using TestPage page = await browser.OpenAsync();
        await page.OpenListAsync("/files/");
        string address = page.Page.Url;
        await page.OpenListAsync("/files/mixed%20outcomes");
        string inside = page.Page.Url;
        ILocator preview = page.Page.Locator("dialog.preview");
        await page.PressAsync("ArrowDown");
        await page.PressAsync("Space");
        await Expect(preview).ToBeVisibleAsync();
        await page.Page.EvaluateAsync("() => history.back()");
        await Expect(preview).ToHaveCountAsync(0);
        await Expect(page.Grid).ToBeFocusedAsync();
        Assert.Equal(inside, page.Page.Url);
        await page.PressAsync("Space");
        await Expect(preview).ToBeVisibleAsync();
        await page.PressAsync("Escape");
        await Expect(preview).ToHaveCountAsync(0);
        await Expect(page.Grid).ToBeFocusedAsync();
        await page.Page.GoBackAsync();
        Assert.Equal(address, page.Page.Url);
        Assert.Empty(page.Complaints);
    }

    private async Task<TestPage> OpenAsync(TusWeb web, BrowserNewContextOptions options)
    {
        string url = web.Client.BaseAddress!.ToString().TrimEnd('/');
        TestPage page = new(await browser.OpenAsync(url, options), url);
        await page.OpenListAsync("/files/");
        return page;
    }

    private static async Task PutAsync(TusWeb web, string name, byte[] content) => (await web.CreateAsync(name, content)).Dispose();

    /// <summary>A second of silence.</summary>
    private static byte[] Wav()
    {
        MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        writer.Write("RIFF"u8);
        writer.Write(36 + 8000);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(8000);
        writer.Write(8000);
        writer.Write((short)1);
        writer.Write((short)8);
        writer.Write("data"u8);
        writer.Write(8000);
        writer.Write(Enumerable.Repeat((byte)128, 8000).ToArray());
        return bytes.ToArray();
    }
}
