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
    private static readonly string Chromium = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium";

    private const int Viewers = 10;

    public static async Task<object> RunAsync(int entries)
    {
        using TempDirectory temp = new();
        string data = temp.File("data");
        await using ChildProcess web = await ChildProcess.StartProjectAsync(
            "WebUi", ["--data", data, "--listen", "http://127.0.0.1:0"], @"is ready: http://127\.0\.0\.1:([0-9]+)/", timeout: TimeSpan.FromSeconds(90));
        await FillAsync($"unix:{Path.Combine(data, "mds.sock")}", entries);
        await using DelayingTcpProxy proxy = DelayingTcpProxy.Start(int.Parse(web.Ready.Groups[1].Value, CultureInfo.InvariantCulture), TimeSpan.Zero);
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
        return await new BrowserScenario(browser, proxy.Address, proxy, web).MeasureAsync(entries);
    }

    private async Task<object> MeasureAsync(int entries)
    {
        string last = Name(entries - 1);
        IPage page = await OpenAsync("/files/");
        for (int i = 0; i < 5; i++)
            await TimeOpenAsync(page, "warm-up", Name(0)); // scripts and code, not listings
        double thousand = await TimeOpenAsync(page, "1k", Name(0));
        double hundredThousand = await TimeOpenAsync(page, "100k", Name(0));
        double all = await TimeOpenAsync(page, "all", Name(0));
        List<double> warm = [];
        for (int i = 0; i < 5; i++)
            warm.Add(await TimeOpenAsync(page, "all", Name(0)));
        warm.Sort();

        await page.GotoAsync("/files/all");
        await page.WaitForSelectorAsync(".vp[data-ready] [data-n]");
        double end = await page.EvaluateAsync<double>($"() => bench.time(() => bench.key('End'), () => bench.row('{last}'))");
        double home = await page.EvaluateAsync<double>($"() => bench.time(() => bench.key('Home'), () => bench.row('{Name(0)}'))");
        object wheel = await WheelAsync(page);

        await DeleteAsync("warm-up");
        object remove = await DeleteAsync("10k");
        object crowd = await AnswersDuringDeletionAsync(page, entries);
        double viewerBytes = await ViewerBytesAsync();
        return new
        {
            scenario = "browser",
            entries,
            openMs = new { thousand, hundredThousand, all, warm = warm[2], warmWorst = warm[^1] },
            endMs = end,
            homeMs = home,
            wheel,
            deleteTenThousand = remove,
            whileHundredThousandAreDeleted = crowd,
            viewerMegabytes = viewerBytes / 1e6,
        };
    }

    private static async Task FillAsync(string address, int entries)
    {
        await using Gateway gateway = new(new GatewayOptions { Endpoint = address }, TimeProvider.System, NullLoggerFactory.Instance);
        gateway.Start();
        await gateway.Opened;
        foreach ((string folder, int count) in new[] { ("warm-up", 1_000), ("1k", 1_000), ("100k", 100_000), ("all", entries), ("10k", 10_000), ("crowd", 100_000) })
            await Rig.CreateManyAsync(gateway.Client, folder, Rig.Names(count, Name));
    }

    private static string Name(int i) => $"{i:D7}.txt";

    private async Task<IPage> OpenAsync(string path)
    {
        IBrowserContext context = await browser.NewContextAsync(new() { BaseURL = url, ViewportSize = new() { Width = 1440, Height = 900 } });
        context.SetDefaultTimeout(30_000);
        await context.AddInitScriptAsync(Script);
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

    /// <summary>All of a folder, with a second browser that looks at it. Where a dialog asks first, the time runs from its answer.</summary>
    private async Task<object> DeleteAsync(string folder)
    {
        IPage page = await OpenAsync($"/files/{folder}");
        IPage other = await OpenAsync($"/files/{folder}");
        double selected = await page.EvaluateAsync<double>("() => bench.time(() => bench.key('a', { ctrlKey: true }), () => document.querySelector('.selection.some'))");
        Task<double[]> there = other.EvaluateAsync<double[]>("() => bench.removal()");
        await page.EvaluateAsync("() => { bench.removed = bench.removal(); }");
        bool asked = await StartDeletionAsync(page);
        double[] here = await page.EvaluateAsync<double[]>("() => bench.removed");
        double[] seen = await there;
        double pressed = await page.EvaluateAsync<double>("() => bench.pressed");
        await page.Context.CloseAsync();
        await other.Context.CloseAsync();
        return new
        {
            selectAllMs = selected,
            asked,
            acceptedMs = here[0] - pressed,
            pendingHereMs = here[1] - pressed,
            pendingThereMs = seen[1] - pressed,
            durableHereMs = here[2] - pressed,
            durableThereMs = seen[2] - pressed,
        };
    }

    /// <summary>Presses Delete; true when a dialog asked first, which is answered.</summary>
    private static async Task<bool> StartDeletionAsync(IPage page)
    {
        await page.EvaluateAsync("() => bench.press()");
        await page.WaitForFunctionAsync("() => document.querySelector('.rz-dialog .button.danger') || bench.accepted()");
        bool asked = await page.Locator(".rz-dialog .button.danger").CountAsync() > 0;
        if (asked)
            await page.EvaluateAsync("() => bench.confirm()");
        return asked;
    }

    /// <summary>How long a jump into a part that nobody has looked at takes to be drawn, while the deletion runs.</summary>
    private async Task<object> AnswersDuringDeletionAsync(IPage page, int entries)
    {
        await page.GotoAsync("/files/all");
        await page.WaitForSelectorAsync(".vp[data-ready] [data-n]");
        IPage deleting = await OpenAsync("/files/crowd");
        await deleting.EvaluateAsync("() => bench.time(() => bench.key('a', { ctrlKey: true }), () => document.querySelector('.selection.some'))");
        await deleting.EvaluateAsync("() => { bench.removed = bench.removal(); }");
        await StartDeletionAsync(deleting);
        Task<double[]> done = deleting.EvaluateAsync<double[]>("() => bench.removed");
        List<double> answers = [];
        while (!done.IsCompleted && answers.Count < 2_000)
            answers.Add(await page.EvaluateAsync<double>($"at => bench.jump(at)", (answers.Count * 0.618034) % 1));
        double[] seen = await done;
        double seconds = (seen[2] - await deleting.EvaluateAsync<double>("() => bench.pressed")) / 1000;
        await deleting.Context.CloseAsync();
        answers.Sort();
        return new { seconds, answers = answers.Count, medianMs = At(0.5), p99Ms = At(0.99) };

        double At(double share) => answers.Count == 0 ? double.NaN : answers[Math.Min(answers.Count - 1, (int)(answers.Count * share))];
    }

    /// <summary>Growth of the web server's resident set by viewers who each look at the middle of the largest folder.</summary>
    private async Task<double> ViewerBytesAsync()
    {
        for (int i = 0; i < 2; i++)
            await ViewAsync();
        double before = ResidentBytes();
        for (int i = 0; i < Viewers; i++)
            await ViewAsync();
        return (ResidentBytes() - before) / Viewers;

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

    private const string Script = """
        window.bench = {
          list: () => document.querySelector('.vp'),
          row: name => { const row = document.querySelector(`.vp [data-n="${name}"]`); if (!row) return false; const box = row.getBoundingClientRect(), sight = document.querySelector('.vp-sight').getBoundingClientRect(); return box.top < sight.bottom && box.bottom > sight.top; },
          key(key, held = {}) { this.list().dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...held })); },
          open(name) { document.querySelector(`.vp [data-n="${name}"] .c-name`).dispatchEvent(new MouseEvent('dblclick', { bubbles: true, cancelable: true })); },
          frame: () => new Promise(done => requestAnimationFrame(done)),
          async until(test) { const limit = performance.now() + 60000; while (!test()) { if (performance.now() > limit) throw new Error('nothing came: ' + test); await this.frame(); } await this.frame(); await new Promise(done => setTimeout(done)); },
          async time(act, test) { const start = performance.now(); act(); await this.until(test); return performance.now() - start; },
          now: () => performance.timeOrigin + performance.now(),
          press() { this.pressed = this.now(); this.key('Delete'); },
          confirm() { this.pressed = this.now(); document.querySelector('.rz-dialog .button.danger').click(); },
          accepted() { return document.querySelector('.toast, .file-row.pending, .selection:not(.some)') || !document.querySelector('.vp [data-n]'); },
          async removal() {
            const seen = [];
            const test = [() => this.accepted(), () => !document.querySelector('.vp .file-row[data-n]:not(.pending)'), () => !document.querySelector('.vp [data-n]')];
            if (!document.querySelector('.selection.some')) test[0] = test[1];
            for (const step of test) { await this.until(step); seen.push(this.now()); }
            return seen;
          },
          watch() {
            const w = this.watched = { frames: 0, blank: 0, samples: 0, rows: 0, start: performance.now(), on: true };
            const frame = () => { if (!w.on) return; w.frames++; w.rows = Math.max(w.rows, document.querySelectorAll('.file-row[data-n]').length); requestAnimationFrame(frame); };
            requestAnimationFrame(frame);
            w.timer = setInterval(() => {
              w.samples++;
              const box = document.querySelector('.vp-sight').getBoundingClientRect();
              for (let y = box.top + 4; y < box.bottom; y += 38)
                if (!document.elementFromPoint(box.left + 200, y)?.closest('[data-n]')) { w.blank++; break; }
            }, 50);
          },
          seen() { const w = this.watched; w.on = false; clearInterval(w.timer); return [w.frames / (performance.now() - w.start) * 1000, w.blank, w.samples, w.rows]; },
          jump(share) {
            const vp = this.list(), spacer = vp.querySelector('.vp-spacer'), layer = vp.querySelector('.vp-layer');
            const y = share * (spacer.clientHeight - vp.clientHeight);
            return this.time(() => { vp.scrollTop = y; }, () => {
              const box = document.querySelector('.vp-sight').getBoundingClientRect();
              return [4, box.height / 2, box.height - 6].every(dy => document.elementFromPoint(box.left + 200, box.top + dy)?.closest('[data-n]'));
            });
          },
        };
        """;
}
