using System.Text.Json;
using Microsoft.Playwright;

namespace Capstan.Browser.Tests;

/// <summary>A page, and what a test wants to know of it.</summary>
public sealed class TestPage : IAsyncDisposable
{
    private const string Rules = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']";

    /// <summary>What depends on colours, and is looked at in the other scheme, too.</summary>
    private const string ColorRules = "{ type: 'rule', values: ['color-contrast', 'link-in-text-block'] }";

    private static readonly string Axe = Path.Combine(AppContext.BaseDirectory, "axe.min.js");

    private readonly List<string> _complaints = [];

    public TestPage(IPage page, string address)
    {
        Page = page;
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                _complaints.Add($"a request to {request.Url}");
        };
        page.PageError += (_, error) => _complaints.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.Contains("404", StringComparison.Ordinal))
                _complaints.Add(message.Text);
        };
    }

    public IPage Page { get; }

    /// <summary>Errors in the console, and requests to other hosts.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    public ILocator Grid => Page.Locator(".vp");

    public ILocator SelectionText => Page.Locator(".selection strong");

    public Task GoAsync(string path) => Page.GotoAndWaitUntilReadyAsync(path);

    public async Task ReloadAsync()
    {
        await Page.ReloadAsync();
        await Page.WaitUntilReadyAsync();
    }

    public async Task OpenListAsync(string path)
    {
        await GoAsync(path);
        await Page.WaitForSelectorAsync(".vp[data-ready] [data-n]");
        await Grid.FocusAsync();
    }

    public Task PressAsync(string key) => Page.Keyboard.PressAsync(key);

    /// <summary>The row's name as the address has it.</summary>
    public ILocator Row(string encoded) => Page.Locator($"[data-n=\"{encoded}\"]");

    /// <summary>Fails with what axe-core finds wrong for people who cannot see, point or tell colours apart: light and dark.</summary>
    public async Task AssertAccessibleAsync(string state)
    {
        if (!File.Exists(Axe))
            Assert.Skip("axe-core is not installed: npm ci in tests/Browser.Tests/peer.");
        if (!await Page.EvaluateAsync<bool>("() => 'axe' in window"))
            await Page.AddScriptTagAsync(new() { Path = Axe });
        await AssertNoneAsync(state, Rules);
        bool isDark = await Page.EvaluateAsync<bool>("() => matchMedia('(prefers-color-scheme: dark)').matches");
        (ColorScheme scheme, ColorScheme other) = isDark ? (ColorScheme.Dark, ColorScheme.Light) : (ColorScheme.Light, ColorScheme.Dark);
        await Page.EmulateMediaAsync(new() { ColorScheme = other });
        await AssertNoneAsync($"{state}, {other}", ColorRules);
        await Page.EmulateMediaAsync(new() { ColorScheme = scheme });
    }

    private async Task AssertNoneAsync(string state, string rules)
    {
        // A toast that is still fading in has no colours of its own yet.
        await Page.SettleAsync();
        // What is no violation is not written up, and where a violation is we say by its markup.
        JsonElement result = await Page.EvaluateAsync<JsonElement>(
            $"async () => (await axe.run(document, {{ runOnly: {rules}, resultTypes: ['violations'], selectors: false }})).violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 200)).join(' | '))");
        Assert.True(result.GetArrayLength() == 0, $"{state}: {result}");
    }

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
