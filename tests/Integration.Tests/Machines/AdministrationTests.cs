using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests.Machines;

public sealed class AdministrationTests
{
    [Fact]
    public async Task Sessions_OfTwoGateways_AreListedForRootAndEvictedByHand()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        Gateway a = await mds.GatewayAsync(o => o with { ClientName = "gateway-a" });
        Gateway b = await mds.GatewayAsync(o => o with { ClientName = "gateway-b" });
        InodeId dir = await b.Client.FillAsync("held", 10);
        await b.Client.HoldAsync(dir);

        Assert.Equal(FsErrno.NotPermitted, (await a.Administration.SessionsAsync(new Caller(1000, 1000, [])).Soon()).Errno);
        IReadOnlyList<MdsSessionSnapshot> sessions = (await a.Administration.SessionsAsync(Caller.Root).Soon()).Ok();
        Assert.Equal(["gateway-a", "gateway-b"], sessions.Select(s => s.ClientName).Order());
        MdsSessionSnapshot other = sessions.Single(s => s.ClientName == "gateway-b");
        Assert.Equal((MdsSessionState.Open, true), (other.State, other.Caps > 0));

        Assert.Equal(FsErrno.NotPermitted, await a.Administration.EvictSessionAsync(new Caller(1000, 1000, []), other.Handle).Soon());
        Assert.Equal(FsErrno.NoEntry, await a.Administration.EvictSessionAsync(Caller.Root, "nobody").Soon());
        Assert.Equal(FsErrno.Ok, await a.Administration.EvictSessionAsync(Caller.Root, other.Handle).Soon());
        await Eventually.TrueAsync(() => b.Client.Session is { State: SessionState.Open, Id: var id } && id != other.Handle, "another session of the evicted gateway");
        Assert.Equal(10, (await b.Client.ListAsync(dir)).Count);
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task Drop_AndRelease_DoWhatTheyMeasured()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        Gateway gateway = await mds.GatewayAsync();
        IFileSystemClient client = gateway.Client;
        InodeId dir = await client.FillAsync("a", 50);
        InodeId below = (await client.MakeDirectory(Caller.Root, dir, "below".Name(), 0x1FF).Ok()).Ino;
        (await client.ResolveAsync(Caller.Root, "a/below".Path()).Soon()).Ok();
        await client.HoldAsync(dir);
        await client.HoldAsync(below);

        CacheExtent one = gateway.Administration.Measure("/a", subtree: false);
        Assert.Equal((1, 1, 1, 0), (one.Directories, one.Pages, one.Caps, one.InUse));
        Assert.Equal(2, gateway.Administration.Measure("/a", subtree: true).Directories);
        Assert.Equal(one, gateway.Administration.Drop("/a", subtree: false));
        Assert.Equal(0, gateway.Administration.Measure("/a", subtree: false).Pages);
        Assert.Equal(1, gateway.Administration.Figures().Evictions[EvictionCause.Manual]);
        Assert.Equal(CapBits.All, client.Caps(dir));
        Assert.Equal(51, (await client.ListAsync(dir)).Count);

        using IDirectoryView viewed = (await client.OpenDirectoryAsync(Caller.Root, below).Soon()).Ok();
        CacheExtent released = gateway.Administration.ReleaseCaps("/a", subtree: true);
        Assert.Equal((2, 1), (released.Caps, released.InUse));
        Assert.Equal(CapBits.None, client.Caps(dir));
        Assert.NotEqual(CapBits.None, client.Caps(below));
        await Eventually.TrueAsync(() => Caps(gateway) == gateway.Administration.Figures().CapRecords, "the MDS to know");
        await mds.StopAndCheckAsync();
    }

    [Fact]
    public async Task Limits_SetWhileItRuns_HoldAtOnce()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        await using DelayingTcpProxy proxy = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        Gateway gateway = await mds.GatewayAsync(through: proxy);
        InodeId dir = await gateway.Client.FillAsync("many", 3000);
        await gateway.Client.ListAsync(dir);
        GatewayLimits configured = gateway.Administration.Limits;
        Assert.Equal(configured, gateway.Administration.ConfiguredLimits);

        gateway.Administration.Limits = configured with { PageBudgetBytes = 1, MaxInFlight = 3 };
        Assert.Equal(0, gateway.Administration.Figures().CachedPages);
        Assert.Throws<ArgumentOutOfRangeException>(() => gateway.Administration.Limits = configured with { MaxInFlight = 0 });

        proxy.Stalled = true;
        for (int i = 0; i < 10; i++)
            gateway.Client.MakeDirectory(Caller.Root, dir, $"new-{i}".Name(), 0x1FF);
        Assert.True(gateway.Administration.Figures().RequestsInFlight <= 3);
        Assert.Equal(10, gateway.Administration.Figures().PendingOperations);
        Task<(int Waited, int Failed)> flushed = gateway.Administration.FlushAsync();
        proxy.Stalled = false;
        Assert.Equal((10, 0), await flushed.Soon());
        Assert.Equal(0, gateway.Administration.Figures().PendingOperations);
    }

    [Fact]
    public async Task Trace_OfAPath_HasWhatTouchesItAndNothingElse()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        Gateway gateway = await mds.GatewayAsync();
        Gateway other = await mds.GatewayAsync();
        InodeId dir = await gateway.Client.FillAsync("traced", 3);
        await gateway.Client.FillAsync("silent", 3);
        await gateway.Client.HoldAsync(dir);
        using IPathTrace trace = (await gateway.Administration.TraceAsync(Caller.Root, "traced".Path()).Soon()).Ok();

        await gateway.Client.MakeDirectory(Caller.Root, dir, "made".Name(), 0x1FF).Ok();
        await gateway.Client.MakeDirectory(Caller.Root, InodeId.Root, "elsewhere".Name(), 0x1FF).Ok();
        Assert.Equal(4, (await other.Client.ListAsync(dir)).Count);
        await other.Client.CreateFile(Caller.Root, dir, "theirs".Name(), 0x1A4).Ok();
        await Eventually.TrueAsync(() => trace.Lines().Any(l => l.Contains("theirs", StringComparison.Ordinal)), "the other's change", state: () => string.Join('\n', trace.Lines()));

        string text = string.Join('\n', trace.Lines());
        Assert.Matches(@"→ mkdir made in /traced, request \d+, for uid 0\n.*← request \d+: done, version", text);
        Assert.Matches(@"← revoke \d+ of /traced: keep As, Ls, Xs, Fs|← revoke \d+ of /traced: keep As Ls Xs Fs|← revoke \d+ of /traced: keep Shared", text);
        Assert.Contains("answered", text);
        Assert.Contains("← theirs in /traced added", text);
        Assert.DoesNotContain("elsewhere", text);
        Assert.DoesNotContain("silent", text);
        Assert.True(trace.IsRunning);
        trace.Dispose();
        Assert.False(trace.IsRunning);
    }

    [Fact]
    public async Task SlowRequests_ThatWaitForAnotherGateway_TellHowLongTheyWereParked()
    {
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        await using DelayingTcpProxy far = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        Gateway holder = await mds.GatewayAsync(through: far);
        Gateway reader = await mds.GatewayAsync();
        InodeId dir = await holder.Client.FillAsync("held", 5);
        await holder.Client.HoldAsync(dir);
        far.RoundTrip = TimeSpan.FromMilliseconds(400);

        await reader.Client.ListAsync(dir);

        SlowRequest slow = Assert.Single(reader.Administration.SlowRequests(), s => s.Operation == "readdir" && s.Directory == dir);
        Assert.True(slow.Parked > TimeSpan.FromMilliseconds(200), $"{slow}");
        Assert.True(slow.Total >= slow.Parked);
    }

    private static int Caps(Gateway gateway) =>
        gateway.Administration.SessionsAsync(Caller.Root).GetAwaiter().GetResult().Value!.Sum(s => s.Caps);
}
