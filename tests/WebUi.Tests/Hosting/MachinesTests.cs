using System.Diagnostics.Metrics;
using System.Net;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Capstan.WebUi.Tests.Hosting;

public sealed class MachinesTests
{
    [Fact]
    public async Task Web_WithAnEmbeddedMds_TellsTheFiguresOfBoth()
    {
        if (!Promtool.IsInstalled && !ExternalTool.MustExist)
            Assert.Skip("promtool is not installed.");
        using TempDirectory temp = new();
        await using WebUnderTest web = await WebUnderTest.StartAsync(temp.File("data"));
        Assert.Equal("ok\n", await web.Http.GetStringAsync("/healthz"));
        Assert.Equal("ok\n", await web.Http.GetStringAsync("/readyz"));
        Assert.Equal(FsErrno.Ok, (await web.Client.MakeDirectory(Caller.Root, InodeId.Root, FileName.Create("made"), 0x1FF).Completion).Errno);

        string text = await web.Http.GetStringAsync("/metrics");

        Assert.Contains("capstan_gateway_session_state{state=\"open\"} 1\n", text);
        Assert.Contains("capstan_gateway_request_duration_seconds_count{operation=\"mkdir\"} 1\n", text);
        Assert.Contains($"capstan_gateway_requests_total {web.Client.Snapshot().Requests}\n", text);
        Assert.Contains("capstan_mds_epoch 1\n", text);
        FinishedProgram verdict = await Promtool.CheckMetricsAsync(text);
        Assert.True(verdict.ExitCode == 0, verdict.Output);
    }

    [Fact]
    public async Task Web_WhoseMdsIsNotThere_IsAliveAndNotReady()
    {
        using TempDirectory temp = new();
        await using WebUnderTest web = await WebUnderTest.StartAsync(temp.File("data"), "--mds", $"unix:{temp.File("nobody.sock")}");

        Assert.Equal("ok\n", await web.Http.GetStringAsync("/healthz"));
        HttpResponseMessage ready = await web.Http.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("the metadata server cannot be reached\n", await ready.Content.ReadAsStringAsync());
    }

    /// <summary>Instruments, units and words in docs/metrics.md are those of the program.</summary>
    [Fact]
    public async Task Instruments_EachOne_IsDocumentedWithItsUnit()
    {
        using TempDirectory temp = new();
        List<string> wanted = [];
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name is GatewayMetrics.MeterName or "Capstan.Mds")
                    wanted.Add($"| `{instrument.Name}` | {instrument.Unit} |");
            },
        };
        await using (WebUnderTest web = await WebUnderTest.StartAsync(temp.File("data")))
            listener.Start();
        string documented = await File.ReadAllTextAsync(Path.Combine(BuiltProgram.RepositoryRoot, "docs", "metrics.md"));

        Assert.NotEmpty(wanted);
        Assert.All(wanted.Distinct(), line => Assert.Contains(line, documented));
    }
}
