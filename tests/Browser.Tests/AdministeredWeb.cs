using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;
using Capstan.WebUi.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;

namespace Capstan.Browser.Tests;

/// <summary>The real program before a real metadata server, as an administrator sees it, and loads whose counts are known.</summary>
internal sealed class AdministeredWeb(WebUnderTest web, IPage page) : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    public IFileSystemClient Client => web.Client;

    public IGatewayAdministration Gateway { get; } = web.App.Services.GetRequiredService<IGatewayAdministration>();

    public IPage Page => page;

    public GatewaySnapshot Figures => Gateway.Figures();

    public static async Task<AdministeredWeb> StartAsync(BrowserFixture browser, string data, params string[] arguments)
    {
        WebUnderTest web = await WebUnderTest.StartAsync(data, ["--Capstan:Identity:Uid=0", .. arguments]);
        AdministeredWeb administered = new(web, await browser.OpenAsync(web.App.Urls.First()));
        await Eventually.TrueAsync(() => administered.Figures.Session.State == SessionState.Open, "the session");
        return administered;
    }

    /// <summary>Another gateway of the same server, in this process; without caps it asks each time.</summary>
    public static async Task<Gateway> OtherAsync(string endpoint)
    {
        Gateway other = new(new GatewayOptions { Endpoint = endpoint, RequestTimeout = TimeSpan.FromMinutes(5), AttributeTimeout = TimeSpan.Zero }, TimeProvider.System, NullLoggerFactory.Instance);
        other.Start();
        await Eventually.OfAsync(other.Opened, "the other gateway's session");
        return other;
    }

    /// <summary>The cache page, once it is live: what it shows is painted by its circuit.</summary>
    public async Task OpenCacheAsync(string query = "")
    {
        await page.GotoAsync("/admin/cache" + query);
        await page.WaitForSelectorAsync("#table-panel .state, #table-panel .vp[data-ready] .data-row:not(.head)");
        await Assertions.Expect(page.Locator("[data-tile=session]")).ToContainTextAsync("Open");
    }

    public ILocator Tile(string id) => page.Locator($"[data-tile={id}]");

    public ILocator Advice(string id) => page.Locator($"[data-advice={id}]");

    /// <summary>Waits until the page says what the figures say at that moment; the parts must all be there.</summary>
    public async Task ShowsAsync(ILocator place, Func<string[]> parts)
    {
        using CancellationTokenSource limit = new(Eventually.DefaultTimeout);
        using PeriodicTimer timer = new(PollInterval);
        while (true)
        {
            string[] expected = parts();
            string shown = await place.CountAsync() == 1 ? await place.InnerTextAsync() : "";
            if (Array.TrueForAll(expected, part => shown.Contains(part, StringComparison.Ordinal)))
                return;
            Assert.False(limit.IsCancellationRequested, $"Wanted {string.Join(" | ", expected)}; it shows: {shown}");
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>A folder of the root with so many empty files; the gateway knows its path.</summary>
    public async Task<InodeId> FillAsync(string name, int count)
    {
        InodeId made = (await Client.MakeDirectory(Caller.Root, InodeId.Root, FileName.Create(name), 0x1FF).Completion).Value!.Ino;
        PendingOperation[] creates = [.. Enumerable.Range(0, count).Select(i => Client.CreateFile(Caller.Root, made, NameOf(i), 0x1A4))];
        foreach (PendingOperation create in creates)
            Assert.Equal(FsErrno.Ok, (await create.Completion).Errno);
        Assert.True((await Client.ResolveAsync(Caller.Root, [FileName.Create(name), NameOf(0)])).IsOk);
        return made;
    }

    public static FileName NameOf(int index) => FileName.Create($"file-{index:D5}");

    public static async Task<IReadOnlyList<DirectoryRow>> ListAsync(IFileSystemClient client, InodeId directory)
    {
        using IDirectoryView view = (await client.OpenDirectoryAsync(Caller.Root, directory)).Value!;
        return (await view.ReadAsync(0, (int)Math.Min(view.Count, 1000))).Value!;
    }

    /// <summary>Lists the folder, and waits until the gateway has it for itself: removals then go ahead of their replies.</summary>
    public async Task<IReadOnlyList<DirectoryRow>> HoldAsync(InodeId directory)
    {
        IReadOnlyList<DirectoryRow> rows = await ListAsync(Client, directory);
        await Eventually.TrueAsync(() => Gateway.Directories().Single(d => d.Ino == directory).Caps == CapBits.All, "the folder to be held alone");
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await page.Context.DisposeAsync();
        await web.DisposeAsync();
    }
}
