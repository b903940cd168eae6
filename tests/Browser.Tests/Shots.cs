using Microsoft.Playwright;

namespace Capstan.Browser.Tests;

/// <summary>A state of a page to be looked at: light, dark, narrow.</summary>
internal static class Shots
{
    /// <summary>Colours fade, the navigation slides away.</summary>
    private const string Settled =
        "() => new Promise(requestAnimationFrame).then(() => Promise.all(document.getAnimations().filter(a => a.effect.getTiming().iterations !== Infinity).map(a => a.finished.catch(() => {}))))";

    public static async Task TakeAsync(IPage page, string name)
    {
        PageViewportSizeResult? size = page.ViewportSize;
        await page.ScreenshotAsync(new() { Path = Artifacts.Path($"{name}.png") });
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await page.EvaluateAsync(Settled);
        await page.ScreenshotAsync(new() { Path = Artifacts.Path($"{name}-dark.png") });
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.SetViewportSizeAsync(400, 800);
        await page.EvaluateAsync(Settled);
        await page.ScreenshotAsync(new() { Path = Artifacts.Path($"{name}-400.png") });
        await page.SetViewportSizeAsync(size!.Width, size.Height);
    }
}
