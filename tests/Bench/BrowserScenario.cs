using System.Diagnostics;
using System.Globalization;
using Capstan.ClientGateway;
using Capstan.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;

namespace Capstan.Bench;

/// <summary>
/// What a user waits for, in Chromium before the web server as a user starts it (its MDS inside). A time runs from the event that the
/// page gets to the frame after the one that shows the outcome.
/// </summary>
internal sealed class BrowserScenario(IBrowser browser, string url, DelayingTcpProxy proxy, ChildProcess web)
{
    /// <summary>Viewers of the largest folder at whose coming the server's memory is read: what only the first ones cost is in the first two steps.</summary>
    private static readonly int[] Viewers = [2, 12, 32, 52];

    /// <summary>Folders of 10,000 that are deleted, after a smaller one and one of them to warm up.</summary>
    private const int Deletions = 4;

    /// <summary>Folders of 100,000 that are deleted while somebody else looks around. The first two warm up.</summary>
    private const int Crowds = 14;

    /// <summary>What can be measured by itself.</summary>
    public static readonly string[] Parts = ["open", "scroll", "delete", "trash", "crowd", "viewers"];

    /// <param name="part">One of <see cref="Parts"/>; null: all of them.</param>
    public static async Task<object> RunAsync(int entries, string? part)
    {
        using TempDirectory temp = new();
        string data = temp.File("data");
        await using ChildProcess web = await ChildProcess.StartProjectAsync(
            "WebUi", ["--data", data, "--listen", "http://127.0.0.1:0"], @"is ready: http://127\.0\.0\.1:([0-9]+)/", timeout: TimeSpan.FromSeconds(90));
        await FillAsync($"unix:{Path.Combine(data, "mds.sock")}", entries, part);
        await using DelayingTcpProxy proxy = DelayingTcpProxy.Start(int.Parse(web.Ready.Groups[1].Value, CultureInfo.InvariantCulture), TimeSpan.Zero);
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.Path, Args = Chromium.Arguments });
        BrowserScenario scenario = new(browser, proxy.Address, proxy, web);
        Dictionary<string, object> figures = new() { ["scenario"] = "browser", ["entries"] = entries };
        foreach (string each in Parts)
            if (part is null || part == each)
                figures[each] = await scenario.MeasureAsync(each, entries);
        return figures;
    }

    private Task<object> MeasureAsync(string part, int entries) => part switch
    {
        "open" => OpenFoldersAsync(entries),
        "scroll" => ScrollAsync(entries),
        "delete" => DeleteAsync(forGood: true),
        "trash" => DeleteAsync(forGood: false),
        "crowd" => AnswersDuringDeletionAsync(),
        _ => ViewerBytesAsync(),
    };

    private async Task<object> OpenFoldersAsync(int entries)
    {
        IPage page = await OpenAsync("/files/");
        for (int i = 0; i < 5; i++)
            await TimeOpenAsync(page, "warm-up", Name(0)); // scripts and code, not listings
        double thousand = await TimeOpenAsync(page, "1k", Name(0));
        double hundredThousand = await TimeOpenAsync(page, "100k", Name(0));
        double all = await TimeOpenAsync(page, "all", Name(0));
        List<double> again = [];
        List<double> warm = [];
        for (int i = 0; i < 9; i++)
        {
            again.Add(await TimeOpenAsync(page, "1k", Name(0)));
            warm.Add(await TimeOpenAsync(page, "all", Name(0)));
        }
        await page.Context.CloseAsync();
        return new { thousandMs = thousand, hundredThousandMs = hundredThousand, allMs = all, thousandAgainMs = Spread.Of(again), warmMs = Spread.Of(warm) };
    }

    private async Task<object> ScrollAsync(int entries)
    {
        IPage page = await OpenAsync("/files/all");
        List<double> end = [];
        List<double> home = [];
        for (int i = 0; i < 5; i++)
        {
            end.Add(await page.EvaluateAsync<double>($"() => bench.time(() => bench.key('End'), () => bench.row('{Name(entries - 1)}'))"));
            home.Add(await page.EvaluateAsync<double>($"() => bench.time(() => bench.key('Home'), () => bench.row('{Name(0)}'))"));
        }
        double first = end[0];
        object wheel = await WheelAsync(page);
        await page.Context.CloseAsync();
        return new { firstEndMs = first, endMs = Spread.Of(end), homeMs = Spread.Of(home), wheel };
    }

    private static async Task FillAsync(string address, int entries, string? part)
    {
        await using Gateway gateway = new(new GatewayOptions { Endpoint = address }, TimeProvider.System, NullLoggerFactory.Instance);
        gateway.Start();
        await gateway.Opened;
        List<(string Folder, int Count)> folders = part switch
        {
            "open" => [("warm-up", 1_000), ("1k", 1_000), ("100k", 100_000), ("all", entries)],
            "scroll" or "viewers" => [("all", entries)],
            "delete" or "trash" => [],
            "crowd" => [("all", entries)],
            _ => [("warm-up", 1_000), ("1k", 1_000), ("100k", 100_000), ("all", entries)],
        };
        if (part is null or "crowd")
            folders.AddRange(Enumerable.Range(0, Crowds).Select(i => ($"crowd-{i}", 100_000)));
        foreach (string way in part is null ? ["delete", "trash"] : new[] { part }.Where(p => p is "delete" or "trash"))
            folders.AddRange(Enumerable.Range(0, Deletions + 1).Select(i => ($"{way}-{i}", i == 0 ? 1_000 : 10_000)));
        foreach ((string folder, int count) in folders)
            await Rig.CreateManyAsync(gateway.Client, folder, Rig.Names(count, Name));
    }

    private static string Name(int i) => $"{i:D7}.txt";

    private async Task<IPage> OpenAsync(string path, string? by = null)
    {
        IBrowserContext context = await browser.NewContextAsync(new() { BaseURL = by ?? url, ViewportSize = new() { Width = 1440, Height = 900 } });
        context.SetDefaultTimeout(30_000);
        await context.AddInitScriptAsync(BrowserScript.Text);
        IPage page = await context.NewPageAsync();
        await page.GotoAsync(path);
        await page.WaitForSelectorAsync(".vp[data-ready] [data-n]");
        return page;
    }

    private static async Task<double> TimeOpenAsync(IPage page, string folder, string first)
    {
        await page.GotoAsync("/files/");
        await page.WaitForSelectorAsync($".vp[data-ready] [data-n='{folder}']");
        await page.WaitForFunctionAsync("() => document.querySelectorAll('.tree-row').length > 1");
        await page.EvaluateAsync("() => bench.settled()"); // Loading the page is not what is measured.
        return await page.EvaluateAsync<double>($"() => bench.time(() => bench.open('{folder}'), () => bench.row('{first}'))");
    }

    private async Task<object> WheelAsync(IPage page)
    {
        await page.HoverAsync(".vp");
        long bytes = proxy.BytesForwarded;
        await page.EvaluateAsync("() => bench.watch()");
        long started = Stopwatch.GetTimestamp();
        int notches = 0;
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < 10)
        {
            await page.Mouse.WheelAsync(0, 120);
            notches++;
            TimeSpan ahead = TimeSpan.FromMilliseconds(40 * notches) - Stopwatch.GetElapsedTime(started);
            if (ahead > TimeSpan.Zero)
                await Task.Delay(ahead);
        }
        double[] seen = await page.EvaluateAsync<double[]>("() => bench.seen()");
        return new { framesPerSecond = seen[0], blankSamples = seen[1], samples = seen[2], mostRows = seen[3], notches, kilobytesOnTheWire = (proxy.BytesForwarded - bytes) / 1e3 };
    }

    private async Task<object> DeleteAsync(bool forGood)
    {
        List<object> runs = [];
        for (int i = 0; i <= Deletions; i++)
            runs.Add(await DeleteAsync($"{(forGood ? "delete" : "trash")}-{i}", forGood));
        return runs[2..];
    }

    /// <summary>All of a folder, with a second browser that looks at it. Where a dialog asks first, the time runs from its answer.</summary>
    private async Task<object> DeleteAsync(string folder, bool forGood)
    {
        IPage page = await OpenAsync($"/files/{folder}");
        IPage other = await OpenAsync($"/files/{folder}");
        double selected = await page.EvaluateAsync<double>("() => bench.time(() => bench.key('a', { ctrlKey: true }), () => document.querySelector('.selection.some'))");
        Task<double[]> there = other.EvaluateAsync<double[]>("() => bench.removal()");
        await page.EvaluateAsync("() => { bench.removed = bench.removal(); }");
        double asked = await StartDeletionAsync(page, forGood);
        double[] here = await page.EvaluateAsync<double[]>("() => bench.removed");
        double[] seen = await there;
        double pressed = await page.EvaluateAsync<double>("() => bench.pressed");
        await page.Context.CloseAsync();
        await other.Context.CloseAsync();
        return new
        {
            selectAllMs = selected,
            askedMs = asked,
            acceptedMs = here[0] - pressed,
            pendingHereMs = here[1] - pressed,
            pendingThereMs = seen[1] - pressed,
            durableHereMs = here[2] - pressed,
            durableThereMs = seen[2] - pressed,
        };
    }

    /// <summary>Presses Delete; where that is for good, answers the question. Returns how long that took to come.</summary>
    private static async Task<double> StartDeletionAsync(IPage page, bool forGood)
    {
        if (!forGood)
        {
            await page.EvaluateAsync("() => bench.press()");
            return 0;
        }
        double asked = await page.EvaluateAsync<double>("() => bench.time(() => bench.key('Delete', { shiftKey: true }), () => document.querySelector('.rz-dialog .button.danger'))");
        if (await page.Locator(".rz-dialog input").CountAsync() > 0)
            await page.Locator(".rz-dialog input").FillAsync("delete");
        await page.WaitForSelectorAsync(".rz-dialog .button.danger:not([disabled])");
        await page.EvaluateAsync("() => bench.confirm()");
        return asked;
    }

    /// <summary>
    /// How long a jump into a part that nobody has looked at takes, while a hundred thousand are deleted: until the server has answered, until the rows have come into the
    /// page, and until they have been drawn. Again and again, until there are enough for a percentile.
    /// </summary>
    private async Task<object> AnswersDuringDeletionAsync()
    {
        await using DelayingTcpProxy line = DelayingTcpProxy.Start(new Uri(url).Port, TimeSpan.Zero);
        AnswerWatch watch = new(line);
        IPage page = await OpenAsync("/files/all", line.Address);
        int jumps = 0;
        for (int i = 0; i < 30; i++)
            await JumpAsync();
        List<double?[]> idle = [];
        for (int i = 0; i < 100; i++)
            idle.Add(await JumpAsync());
        List<double> seconds = [];
        List<double?[]> first = [];
        List<double?[]> busy = [];
        for (int i = 0; i < Crowds; i++)
        {
            IPage deleting = await OpenAsync($"/files/crowd-{i}");
            await deleting.EvaluateAsync("() => bench.time(() => bench.key('a', { ctrlKey: true }), () => document.querySelector('.selection.some'))");
            await deleting.EvaluateAsync("() => { bench.removed = bench.removal(); }");
            await StartDeletionAsync(deleting, forGood: true);
            Task<double[]> done = deleting.EvaluateAsync<double[]>("() => bench.removed");
            List<double?[]> jumped = [];
            while (!done.IsCompleted)
                jumped.Add(await JumpAsync());
            (i < 2 ? first : busy).AddRange(jumped);
            double[] seen = await done;
            seconds.Add((seen[2] - await deleting.EvaluateAsync<double>("() => bench.pressed")) / 1000);
            await deleting.Context.CloseAsync();
        }
        await page.Context.CloseAsync();
        return new { seconds, first = Spreads(first), busy = Spreads(busy), idle = Spreads(idle) };

        // By the golden section: never near where somebody has been.
        async Task<double?[]> JumpAsync()
        {
            watch.Begin();
            double[] seen = await page.EvaluateAsync<double[]>("at => bench.jump(at)", 0.618034 * ++jumps % 1);
            return [watch.End(), seen[0], seen[1]];
        }

        static object Spreads(List<double?[]> jumps) => new { answer = Of(jumps, 0), inThePage = Of(jumps, 1), drawn = Of(jumps, 2) };

        static Spread Of(List<double?[]> jumps, int column) => Spread.Of(jumps.Select(j => j[column]).OfType<double>());
    }

    /// <summary>Growth of the web server's resident set by viewers who each look at the middle of the largest folder.</summary>
    private async Task<object> ViewerBytesAsync()
    {
        List<object> steps = [];
        int there = 0;
        double before = 0;
        foreach (int next in Viewers)
        {
            int from = there;
            while (there < next)
            {
                await ViewAsync();
                there++;
            }
            double now = ResidentBytes();
            if (from > 0)
                steps.Add(new { from, to = next, megabytesEach = (now - before) / (next - from) / 1e6 });
            before = now;
        }
        return steps;

        async Task ViewAsync()
        {
            IPage page = await OpenAsync("/files/all");
            await page.EvaluateAsync("() => bench.jump(0.5)");
        }
    }

    private double ResidentBytes()
    {
        using Process process = Process.GetProcessById(web.Id);
        return process.WorkingSet64;
    }
}
