using Microsoft.Playwright;

namespace Capstan.Browser.Tests;

/// <summary>A state of a page to be looked at: light, dark, narrow.</summary>
internal static class Shots
{
    public static async Task TakeAsync(IPage page, string name)
    {
        PageViewportSizeResult? size = page.ViewportSize;
        await page.ScreenshotAsync(new() { Path = Artifacts.Path($"{name}.png") });
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await page.SettleAsync();
        await page.ScreenshotAsync(new() { Path = Artifacts.Path($"{name}-dark.png") });
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.SetViewportSizeAsync(400, 800);
        await page.SettleAsync();
        await page.ScreenshotAsync(new() { Path = Artifacts.Path($"{name}-400.png") });
        await page.SetViewportSizeAsync(size!.Width, size.Height);
    }
}
