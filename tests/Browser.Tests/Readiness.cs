using Microsoft.Playwright;

namespace Capstan.Browser.Tests;

/// <summary>What is to be seen comes with the circuit, but scripts begin to listen after the first picture: a key or a drop before that is nobody's.</summary>
internal static class Readiness
{
    /// <summary>Something is shown, and lists (viewport.js), keys and drags of the page (keys.js), and uploads (uploads.js) have their listeners.</summary>
    private const string IsReady =
        """
        () => document.querySelector('.uploads')
          && document.querySelector('.vp [data-n], .vp .data-row, .state, .notice, .file-details, .page')
          && [...document.querySelectorAll('.files, .vp')].every(e => 'ready' in e.dataset)
        """;

    /// <summary>Colours fade, the navigation slides away. Waited for, not cut short: a colour that is inherited begins to fade only then.</summary>
    private const string Settle =
        "() => new Promise(requestAnimationFrame).then(() => Promise.all(document.getAnimations().filter(a => a.effect.getTiming().iterations !== Infinity).map(a => a.finished.catch(() => {}))))";

    public static Task SettleAsync(this IPage page) => page.EvaluateAsync(Settle);

    public static Task WaitUntilReadyAsync(this IPage page) => page.WaitForFunctionAsync(IsReady);

    public static async Task GotoAndWaitUntilReadyAsync(this IPage page, string path)
    {
        await page.GotoAsync(path);
        await page.WaitUntilReadyAsync();
    }
}
