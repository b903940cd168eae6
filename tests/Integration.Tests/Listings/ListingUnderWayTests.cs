using System.Text;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;

namespace Capstan.Integration.Tests.Listings;

/// <summary>What happens to a listing while it is under way: it is given up, or its directory changes, goes, or is another one; and what a viewer sees until all of it has come.</summary>
public sealed class ListingUnderWayTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cancelled_AtAnyMoment_LeavesNothingAndHarmsNobody()
    {
        await using Rig rig = await Rig.StartAsync();
        Gateway maker = await rig.GatewayAsync(), here = await rig.GatewayAsync(o => o with { PageBudgetBytes = 200_000 });
        InodeId dir = await maker.Client.FillAsync("d", 20_000);
        Random random = new(1);
        int ended = 0, cancelled = 0;
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Task.Run(async () =>
        {
            using CancellationTokenSource soon = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            int spins = Spins();
            try
            {
                Task doing = DoAsync(i, soon.Token);
                Thread.SpinWait(spins);
                await soon.CancelAsync();
                await doing;
                Interlocked.Increment(ref ended);
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref cancelled);
            }
        })));
        Assert.True(cancelled > 0, $"{ended} ended, {cancelled} were cancelled");
        await Eventually.TrueAsync(() => IsIdle(here, dir), "nothing is under way, nobody waits and nobody looks", state: () => Describe(here, dir));
        Assert.Equal(20_000, (await maker.Client.ListAsync(dir)).Count);
        using IDirectoryView view = (await here.Client.OpenDirectoryAsync(Caller.Root, dir, cancellation: Stop).Soon()).Ok();
        Assert.Equal("file-19990", (await view.ReadAsync(19_990, 10, Stop).Soon()).Ok()[0].Entry.Name.ToString());

        int Spins()
        {
            lock (random)
                return random.Next(1 << random.Next(4, 20));
        }

        async Task DoAsync(int which, CancellationToken cancellation)
        {
            using IDirectoryView opened = (await here.Client.OpenDirectoryAsync(Caller.Root, dir, which % 2 == 0, cancellation)).Ok();
            switch (which % 4)
            {
                case 0:
                    await opened.ReadAsync(which * 60, 50, cancellation);
                    break;
                case 1:
                    await opened.LoadAsync(0, 4000, cancellation);
                    break;
                case 2:
                    await opened.RankOfAsync($"file-{which * 60:D5}".Name(), cancellation);
                    break;
                default:
                    using (IArrangedView arranged = opened.Arranged(new ViewSpec(SortColumn.Name, true)))
                        await arranged.WhenReadyAsync(cancellation);
                    break;
            }
        }
    }

    [Fact]
    public async Task EmptiedWhileItIsListed_EndsEmpty_AndNeverShowsARowTwice()
    {
        await using Rig rig = await Rig.StartAsync();
        Gateway here = await rig.GatewayAsync(), there = await rig.GatewayAsync();
        InodeId dir = await there.Client.FillAsync("d", 20_000);
        List<DirectoryRow> all = await there.Client.ListAsync(dir);
        using IDirectoryView view = (await here.Client.OpenDirectoryAsync(Caller.Root, dir, cancellation: Stop).Soon()).Ok();
        OperationJob job = there.Client.RemoveMany(Caller.Root, dir, [.. all.Select(row => row.Entry)]);
        while (view.Count > 0)
        {
            long first = view.Count / 2;
            IReadOnlyList<DirectoryRow> rows = (await view.ReadAsync(first, 2000, Stop).Soon()).Ok();
            Assert.Equal(rows.Count, rows.Select(row => row.Entry.Name).Distinct().Count());
            Assert.Equal(rows.Select(row => row.Entry.Name).Order(), rows.Select(row => row.Entry.Name));
        }
        await job.Completion.Soon();
        Assert.Empty((await view.ReadAsync(0, 50, Stop).Soon()).Ok());
        Assert.Equal(0, view.Count);
    }

    [Fact]
    public async Task ReplacedWhileItIsListed_TheOldViewSaysSo_AndThePathLeadsToTheNewOne()
    {
        await using Rig rig = await Rig.StartAsync();
        Gateway here = await rig.GatewayAsync(), there = await rig.GatewayAsync();
        InodeId dir = await there.Client.FillAsync("d", 5000);
        using IDirectoryView view = (await here.Client.OpenDirectoryAsync(Caller.Root, dir, cancellation: Stop).Soon()).Ok();
        Task<FsErrno> loading = view.LoadAsync(0, 5000, Stop);
        await there.Client.RemoveTree(Caller.Root, new InodeAddress(InodeId.Root, "d".Name(), dir)).Completion.Soon();
        InodeId another = (await there.Client.MakeDirectory(Caller.Root, InodeId.Root, "d".Name(), 0x1ED).Ok()).Ino;
        await there.Client.CreateFile(Caller.Root, another, "new".Name(), 0x1A4).Ok();

        Assert.Contains(await loading.Soon(), new[] { FsErrno.Ok, FsErrno.NoEntry, FsErrno.Stale });
        await Eventually.TrueAsync(() => here.Client.Caps(dir) == CapBits.None, "the caps have been taken back");
        Assert.Contains((await view.ReadAsync(0, 50, Stop).Soon()).Errno, new[] { FsErrno.NoEntry, FsErrno.Stale });
        Assert.False(view.TryRead(0, 1, []) && view.Count > 0, "the old rows are still shown");
        Assert.Equal(another, (await here.Client.ResolveAsync(Caller.Root, "d".Path(), Stop).Soon()).Ok().Attributes.Ino);
        Assert.Equal(["new"], (await here.Client.ListAsync(another)).Names());
    }

    [Fact]
    public async Task WhileRowsArrive_TheyAreShownAsTheMdsKeepsThem_AndTheRowInSightIsFoundAgain()
    {
        const int Files = 20_000;
        await using MdsUnderTest mds = await MdsUnderTest.StartAsync();
        await using DelayingTcpProxy proxy = DelayingTcpProxy.Start(mds.Port, TimeSpan.Zero);
        Gateway maker = await mds.GatewayAsync(), here = await mds.GatewayAsync(through: proxy);
        InodeId dir = await maker.Client.FillAsync("d", Files);
        using IDirectoryView stored = (await here.Client.OpenDirectoryAsync(Caller.Root, dir, cancellation: Stop).Soon()).Ok();
        proxy.Stalled = true;
        using IArrangedView view = stored.Arranged(new ViewSpec(SortColumn.Name, true));
        List<DirectoryRow> rows = [];
        Assert.Equal(ArrangementState.Arriving, view.State);
        Assert.True(view.TryRead(0, 50, rows));
        Assert.Equal("file-00000", rows[0].Entry.Name.ToString());
        Assert.Equal(Files, view.Count);
        Assert.InRange(view.Arrived, 50, Files / 2);
        Assert.Equal(0, view.RankOf(rows[0].Entry));
        Assert.Null(view.Select());
        proxy.Stalled = false;
        // Any row, the end and a name can be gone to before all has come.
        Assert.Equal("file-12345", (await stored.ReadAsync(12_345, 1, Stop).Soon()).Ok()[0].Entry.Name.ToString());
        Assert.Equal("file-19999", (await stored.ReadAsync(Files - 1, 1, Stop).Soon()).Ok()[0].Entry.Name.ToString());
        Assert.Equal(7000, (await stored.RankOfAsync("file-07000".Name(), Stop).Soon()).Ok());
        Assert.Equal(FsErrno.Ok, await view.WhenReadyAsync(Stop).Soon());
        Assert.Equal(Files - 1, view.RankOf(rows[0].Entry));
        Assert.Equal(Files, view.Arrived);
    }

    [Fact]
    public async Task NamesOfEveryKind_AreListedSortedFilteredAndFound()
    {
        await using Rig rig = await Rig.StartAsync();
        Gateway maker = await rig.GatewayAsync(), here = await rig.GatewayAsync();
        InodeId dir = await maker.Client.FillAsync("d", 0);
        string prefix = new('p', 245);
        List<FileName> names =
        [
            .. new[] { "😀", "😀1", "😀10", "👩‍👩‍👧‍👦", "עברית.txt", "\u202Egnp.exe", "عربي", new string('é', 127), new string('x', 255) }.Select(ClientExtensions.Name),
            FileName.Create((byte[])[0xFF, 0xFE, (byte)'a']), FileName.Create((byte[])[0xC3, 0x28]), FileName.Create((byte[])[1, 2, 3]), FileName.Create(Encoding.UTF8.GetBytes(" lead and trail ")),
            .. Enumerable.Range(0, 5000).Select(i => $"{prefix}-{i:D8}".Name()),
        ];
        foreach (PendingOperation create in names.Select(name => maker.Client.CreateFile(Caller.Root, dir, name, 0x1A4)).ToArray())
            await create.Ok();
        using IDirectoryView stored = (await here.Client.OpenDirectoryAsync(Caller.Root, dir, whole: true, Stop).Soon()).Ok();
        Assert.Equal(names.Order(), (await stored.ListAsync()).Select(row => row.Entry.Name));
        List<FileName> sorted = [.. names.Order()];
        foreach (int rank in new[] { 0, 5, 2500, sorted.Count - 1 })
            Assert.Equal(rank, (await stored.RankOfAsync(sorted[rank], Stop).Soon()).Ok());
        using IArrangedView view = stored.Arranged(new ViewSpec(SortColumn.Name));
        Assert.Equal(FsErrno.Ok, await view.WhenReadyAsync(Stop).Soon());
        List<DirectoryRow> rows = await view.ListAsync();
        Assert.Equal(names.Order(), rows.Select(row => row.Entry.Name).Order());
        for (int i = 0; i < rows.Count; i += 97)
            Assert.Equal(i, view.FindRank(rows[i].Entry.Name));
        using IArrangedView filtered = stored.Arranged(new ViewSpec(SortColumn.Name, false, "-00004"));
        Assert.Equal(FsErrno.Ok, await filtered.WhenReadyAsync(Stop).Soon());
        Assert.Equal(1000, filtered.Count);
        Assert.True(here.Client.Snapshot().Directories.Single(d => d.Ino == dir).Bytes < 5013 * 80, "a long common prefix is kept once in sixteen rows");
    }

    private static bool IsIdle(Gateway gateway, InodeId dir)
    {
        lock (gateway.Core.Gate)
        {
            return gateway.Core.Session.InFlight == 0
                && gateway.Core.Directories.Find(dir) is null or { StreamsUnderWay: 0, Streams.Count: 0, Waiters.Count: 0, Viewers: 0, Readers.Count: 0 };
        }
    }

    private static string Describe(Gateway gateway, InodeId dir)
    {
        lock (gateway.Core.Gate)
        {
            return gateway.Core.Directories.Find(dir) is { } d
                ? $"{gateway.Core.Session.InFlight} requests, {d.Streams.Count} streams, {d.Waiters.Count} waiters, {d.Viewers} viewers, {d.Readers.Count} readers" : "gone";
        }
    }
}
