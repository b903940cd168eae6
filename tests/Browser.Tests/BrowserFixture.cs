using Capstan.TestKit;
using Capstan.WebUi.DevHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;

namespace Capstan.Browser.Tests;

/// <summary>The web on a filesystem in memory, and a browser before it. Started once for all tests of the assembly.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    /// <summary>What each test has open.</summary>
    private readonly List<(string? Test, IBrowserContext Context)> _open = [];

    private WebApplication? _app;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public string Address { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium.Path))
            return;
        _app = DevApp.Create(["--listen", "http://127.0.0.1:0", "--Fake:RemovalsPerSecond=15", "--Capstan:Identity:Uid=0"], out _) ?? throw new InvalidOperationException("The web did not start.");
        await _app.StartAsync();
        Address = _app.Urls.First();
        Assertions.SetDefaultExpectTimeout(15_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.Path, Args = Chromium.Arguments });
    }

    /// <summary>A page of its own context. Skips the test where there is no browser.</summary>
    public async Task<TestPage> OpenAsync(BrowserNewContextOptions? options = null) => new(await OpenAsync(Address, options), Address);

    /// <summary>The same before a server of the test's own.</summary>
    public async Task<TestPage> OpenOnAsync(string address, BrowserNewContextOptions? options = null) => new(await OpenAsync(address, options), address);

    /// <summary>The same on a server of the test's own.</summary>
    public async Task<IPage> OpenAsync(string address, BrowserNewContextOptions? options = null)
    {
        if (_browser is null)
            Assert.Skip($"No browser at {Chromium.Path}.");
        options ??= new();
        options.BaseURL = address;
        options.ViewportSize ??= new() { Width = 1280, Height = 800 };
        // axe is injected as a script of no origin.
        options.BypassCSP ??= true;
        await CloseThoseOfOtherTestsAsync();
        IBrowserContext context = await _browser.NewContextAsync(options);
        _open.Add((ThisTest, context));
        context.SetDefaultTimeout(15_000);
        return await context.NewPageAsync();
    }

    private static string? ThisTest => TestContext.Current.Test?.UniqueID;

    /// <summary>A page that a test leaves open goes on, with a server that has gone: it would look for it, and take its part of the machine, until the end of the run.</summary>
    private async Task CloseThoseOfOtherTestsAsync()
    {
        foreach ((string? _, IBrowserContext context) in _open.Where(o => o.Test != ThisTest))
            await context.DisposeAsync();
        _open.RemoveAll(o => o.Test != ThisTest);
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
