using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.Integration.Tests.Listings;

/// <summary>Many gateways open one large directory at once.</summary>
public sealed class CrowdTests
{
    private const int Gateways = 100;
    private const int Entries = 60_000;
    private const int MaxListings = 16;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HundredGateways_OpenALargeDirectory_AllGetIt_AndWhoeverLooksIsServedBeforeThem()
    {
        await using Rig rig = await Rig.StartAsync(o => o with { MaxListings = MaxListings });
        Gateway maker = await rig.GatewayAsync(), viewer = await rig.GatewayAsync();
        InodeId dir = await maker.Client.FillAsync("crowded", Entries);
        using IDirectoryView looked = (await viewer.Client.OpenDirectoryAsync(Caller.Root, dir, cancellation: Stop).Soon()).Ok();
        Gateway[] crowd = await Task.WhenAll(Enumerable.Range(0, Gateways).Select(_ => rig.GatewayAsync(o => o with { RequestTimeout = TimeSpan.FromMinutes(2) })));

        Task<bool>[] loading = [.. crowd.Select(LoadAsync)];
        int unserved = 0;
        for (int i = 1; i <= 20; i++)
        {
            long row = i * 2500;
            Assert.Equal($"file-{row:D5}", (await looked.ReadAsync(row, 50, Stop).Soon()).Ok()[0].Entry.Name.ToString());
            unserved = loading.Count(task => !task.IsCompleted);
        }
        await Task.WhenAll(loading).Soon();

        // Twenty jumps, one after the other, cost the MDS as much as one of the crowd: they are done long before it is.
        Assert.True(unserved > Gateways / 4, $"{unserved} of {Gateways} were still loading after the last jump");
        Assert.InRange(rig.Mds.Counters.MostListings, 1, MaxListings);
        Assert.True(rig.Mds.Counters.ListingsCutShort > 0, "nobody had to make way");

        async Task<bool> LoadAsync(Gateway gateway)
        {
            using IDirectoryView view = (await gateway.Client.OpenDirectoryAsync(Caller.Root, dir, whole: true, Stop).Soon()).Ok();
            Assert.Equal(FsErrno.Ok, await view.LoadAsync(0, Entries, Stop).Soon());
            Assert.True(view.TryRead(Entries - 1, 1, []));
            gateway.Administration.Limits = gateway.Administration.Limits with { PageBudgetBytes = 0 };
            return true;
        }
    }

    [Fact]
    public async Task ScanOfManyDirectories_StaysWithinTheBudget_AndLeavesWhatIsInUse()
    {
        const long Budget = 2 << 20;
        await using Rig rig = await Rig.StartAsync();
        Gateway maker = await rig.GatewayAsync(), here = await rig.GatewayAsync(o => o with { PageBudgetBytes = Budget });
        InodeId hot = await maker.Client.FillAsync("hot", 4000);
        InodeId[] scanned = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => maker.Client.FillAsync($"scanned-{i}", 8000)));
        using IDirectoryView inUse = (await here.Client.OpenDirectoryAsync(Caller.Root, hot, whole: true, Stop).Soon()).Ok();
        Assert.Equal(FsErrno.Ok, await inUse.LoadAsync(0, 4000, Stop).Soon());
        long before = here.Client.Snapshot().Requests;

        int next = -1, lost = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ScanAsync())).Soon();

        Assert.Equal(0, lost);
        GatewaySnapshot end = here.Client.Snapshot();
        Assert.True(end.Directories.Single(d => d.Ino == hot).IsComplete);
        Assert.True(end.ReadaheadUseful > 9 * end.ReadaheadWasted, $"useful {end.ReadaheadUseful}, wasted {end.ReadaheadWasted}");
        Assert.True(end.Requests - before < 20 * 8, $"{end.Requests - before} requests for {20 * 8} pages");

        async Task ScanAsync()
        {
            for (int i = Interlocked.Increment(ref next); i < scanned.Length; i = Interlocked.Increment(ref next))
            {
                using IDirectoryView view = (await here.Client.OpenDirectoryAsync(Caller.Root, scanned[i], cancellation: Stop).Soon()).Ok();
                for (long row = 0; row < view.Count; row += 100)
                {
                    Assert.Equal(100, (await view.ReadAsync(row, 100, Stop).Soon()).Ok().Count);
                    GatewaySnapshot now = here.Client.Snapshot();
                    Assert.True(now.CachedBytes <= Budget * 11 / 10, $"{now.CachedBytes} bytes of {Budget}");
                    Assert.True(now.ReadaheadUnreadBytes <= Budget / 4, $"{now.ReadaheadUnreadBytes} bytes nobody has read");
                    if (!inUse.TryRead(row % 4000 / 100 * 100, 100, []))
                        Interlocked.Increment(ref lost);
                }
            }
        }
    }
}
