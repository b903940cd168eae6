using Capstan.WebUi.DevHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;

namespace Capstan.Browser.Tests;

/// <summary>The web on a filesystem in memory, and a browser before it. Started once for all tests of the assembly.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private static readonly string Chromium = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium";

    private WebApplication? _app;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public string Address { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium))
            return;
        _app = DevApp.Create(["--listen", "http://127.0.0.1:0", "--Fake:RemovalsPerSecond=15", "--Capstan:Identity:Uid=0"], out _) ?? throw new InvalidOperationException("The web did not start.");
        await _app.StartAsync();
        Address = _app.Urls.First();
        Assertions.SetDefaultExpectTimeout(15_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
    }

    /// <summary>A page of its own context. Skips the test where there is no browser.</summary>
    public async Task<TestPage> OpenAsync(BrowserNewContextOptions? options = null) => new(await OpenAsync(Address, options), Address);

    /// <summary>The same before a server of the test's own.</summary>
    public async Task<TestPage> OpenOnAsync(string address, BrowserNewContextOptions? options = null) => new(await OpenAsync(address, options), address);

    /// <summary>The same on a server of the test's own.</summary>
    public async Task<IPage> OpenAsync(string address, BrowserNewContextOptions? options = null)
    {
        if (_browser is null)
            Assert.Skip($"No browser at {Chromium}.");
        options ??= new();
        options.BaseURL = address;
        options.ViewportSize ??= new() { Width = 1280, Height = 800 };
        // axe is injected as a script of no origin.
        options.BypassCSP ??= true;
        IBrowserContext context = await _browser.NewContextAsync(options);
        context.SetDefaultTimeout(15_000);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
    }
}
