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
        await page.ScreenshotAsync(new() { Path = Artifacts.Path($"{name}-dark.png") });
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.SetViewportSizeAsync(400, 800);
        // The navigation slides away.
        await page.EvaluateAsync("() => new Promise(requestAnimationFrame).then(() => Promise.all(document.getAnimations().filter(a => a.effect.getTiming().iterations !== Infinity).map(a => a.finished.catch(() => {}))))");
        await page.ScreenshotAsync(new() { Path = Artifacts.Path($"{name}-400.png") });
        await page.SetViewportSizeAsync(size!.Width, size.Height);
    }
}
