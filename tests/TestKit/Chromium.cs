namespace Capstan.TestKit;

/// <summary>The browser of the tests and of the measurements, and how it is started.</summary>
public static class Chromium
{
    /// <summary>
    /// First what Playwright puts off itself: of several lists the last counts. Then what nobody sees here and each window pays for: three more
    /// processes of which two load a page of the browser's own, the list below its address bar, and one waits for a page to come.
    /// </summary>
    private static readonly string[] FeaturesOff =
    [
        "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "DialMediaRouteProvider", "GlobalMediaControls", "HttpsUpgrades", "LensOverlay", "MediaRouter",
        "PaintHolding", "ThirdPartyStoragePartitioning", "BlockOriginHeaderModificationOnRedirect", "AvoidCorsURLLoaderRestartOnRedirect", "Translate", "AutoDeElevate",
        "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled",
        "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "PreloadTopChromeWebUI", "SpareRendererForSitePerProcess",
    ];

    /// <summary>By the variable CHROMIUM, else where Debian puts it.</summary>
    public static string Path { get; } = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium";

    public static IReadOnlyList<string> Arguments { get; } = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-features=" + string.Join(',', FeaturesOff)];
}
