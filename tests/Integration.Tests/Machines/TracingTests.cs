using System.Collections.Concurrent;
using System.Diagnostics;
using Capstan.ClientGateway;
using Capstan.Mds;
using Capstan.Mds.Hosting;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests.Machines;

public sealed class TracingTests
{
    private readonly ConcurrentQueue<Activity> _ended = new();

    [Fact]
    public async Task Requests_WhileSomebodyListens_MakeOneTraceOverGatewayAndMds()
    {
        using TempDirectory temp = new();
        await using MdsHost mds = await MdsHost.StartAsync(new MdsOptions { DataDirectory = temp.File("data") }, $"unix:{temp.File("mds.sock")}", TimeProvider.System);
        await using GatewaySet gateways = new();
        IFileSystemClient client = (await gateways.StartAsync(mds.Address)).Client;
        string mark = Guid.NewGuid().ToString();
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name is "Capstan.Gateway" or "Capstan.Mds" or "Test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using ActivitySource source = new("Test");
        ActivityTraceId trace;
        using (Activity test = source.StartActivity(mark)!)
        {
            trace = test.TraceId;
            await client.MakeDirectory(Caller.Root, InodeId.Root, "made".Name(), 0x1FF).Ok();
            Assert.Equal(test, Activity.Current);
            Assert.Equal(FsErrno.NoEntry, (await client.ResolveAsync(Caller.Root, "made/none".Path()).Soon()).Errno);
        }

        await Eventually.TrueAsync(() => Spans(trace, "Capstan.Mds").Count() == 2 && Spans(trace, "Capstan.Gateway").Count() == 2, "four spans");
        foreach ((string call, string request) in new[] { ("mkdir", "mkdir"), ("resolve", "lookup") })
        {
            Activity outer = Assert.Single(Spans(trace, "Capstan.Gateway"), a => a.DisplayName == call);
            Activity inner = Assert.Single(Spans(trace, "Capstan.Mds"), a => a.DisplayName == request);
            Assert.Equal(outer.SpanId, inner.ParentSpanId);
        }
        Assert.Equal("Ok", Spans(trace, "Capstan.Mds").First(a => a.DisplayName == "mkdir").GetTagItem("capstan.errno"));
    }

    private IEnumerable<Activity> Spans(ActivityTraceId trace, string source) => _ended.Where(a => a.TraceId == trace && a.Source.Name == source);
}
