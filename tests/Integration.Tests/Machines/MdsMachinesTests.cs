using System.Net;
using System.Text.RegularExpressions;
using Capstan.ClientGateway;
using Capstan.TestKit;

namespace Capstan.Integration.Tests.Machines;

public sealed class MdsMachinesTests
{
    [Fact]
    public async Task Mds_AtWork_TellsScrapersAndProbes()
    {
        if (!Promtool.IsInstalled && !ExternalTool.MustExist)
            Assert.Skip("promtool is not installed.");
        using TempDirectory temp = new();
        await using MdsProcess mds = await MdsProcess.StartAsync(temp.File("data"), arguments: ["--status", "http://127.0.0.1:0"]);
        await using GatewaySet gateways = new();
        IFileSystemClient client = (await gateways.StartAsync(mds.Address)).Client;
        await client.FillAsync("filled", 100);
        using HttpClient http = new() { BaseAddress = new Uri(Regex.Match(mds.Output, @"/readyz at (http://\S+)").Groups[1].Value) };

        Assert.Equal("ok\n", await http.GetStringAsync("/healthz"));
        Assert.Equal("ok\n", await http.GetStringAsync("/readyz"));
        await Eventually.TrueAsync(() => Scrape(http).Contains("capstan_mds_sessions{state=\"open\"} 1\n"), "the session in the figures");
        string text = Scrape(http);
        Assert.Matches(@"capstan_mds_messages_total [1-9][0-9]*\n", text);
        Assert.Matches(@"capstan_mds_commit_duration_seconds_count [1-9]", text);
        Assert.Contains("capstan_mds_epoch 1\n", text);
        FinishedProgram verdict = await Promtool.CheckMetricsAsync(text);
        Assert.True(verdict.ExitCode == 0, verdict.Output);
    }

    [Fact]
    public async Task Mds_OverItsOwnPort_TellsThoseWhoSpeakHttp2()
    {
        using TempDirectory temp = new();
        await using MdsProcess mds = await MdsProcess.StartAsync(temp.File("data"));
        using HttpClient http = new() { BaseAddress = new Uri(mds.Address), DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

        Assert.Equal("ok\n", await http.GetStringAsync("/healthz"));
    }

    [Fact]
    public async Task Mds_AfterAKill_IsReadyWhenItsSessionsAreBack()
    {
        using TempDirectory temp = new();
        await using MdsProcess mds = await MdsProcess.StartAsync(temp.File("data"), arguments: ["--status", "http://127.0.0.1:0"]);
        await using DelayingTcpProxy proxy = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        await using GatewaySet gateways = new();
        Gateway gateway = await gateways.StartAsync(proxy.Address);
        await mds.KillAsync();
        proxy.RefusesNew = true;
        proxy.CutAll();
        await mds.StartAgainAsync();
        using HttpClient http = new() { BaseAddress = new Uri(Regex.Match(mds.Output, @"/readyz at (http://\S+)").Groups[1].Value) };

        HttpResponseMessage waiting = await http.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, waiting.StatusCode);
        Assert.Contains("waits for the sessions", await waiting.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/healthz")).StatusCode);

        proxy.RefusesNew = false;
        await Eventually.TrueAsync(() => http.GetAsync("/readyz").GetAwaiter().GetResult().IsSuccessStatusCode, "readiness");
        await Eventually.TrueAsync(() => gateway.Client.Session.State == SessionState.Open, "the session");
    }

    private static string Scrape(HttpClient http) => http.GetStringAsync("/metrics").GetAwaiter().GetResult();
}
