using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;
using Capstan.TestKit;

namespace Capstan.Integration.Tests.Listings;

/// <summary>The table at the end of the design's section 6, each row exact. Requests are counted where they enter the connection; those that follow an answer, as round trips.</summary>
public sealed class RoundTripTests
{
    private const int Page = DirectoryPageBuilder.MaxEntries;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenAndFirstPaint_OneRequest()
    {
        await using Counted c = await Counted.StartAsync(5000);
        using IDirectoryView view = await c.OpenAsync();
        Assert.True(view.TryRead(0, 50, []));
        Assert.Equal((1, 1), c.Spent());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Page - 1)]
    [InlineData(Page)]
    [InlineData(Page + 1)]
    [InlineData(2 * Page)]
    public async Task EndOfDirectory_IsKnownWithTheLastPage(int files)
    {
        await using Counted c = await Counted.StartAsync(files);
        using IDirectoryView view = (await c.Gateway.Client.OpenDirectoryAsync(Caller.Root, c.Dir, whole: true, Stop).Soon()).Ok();
        Assert.Equal(files, (await view.ListAsync()).Count);
        Assert.Equal((1, 1), c.Spent());

        Assert.Empty((await view.ReadAsync(files, 50, Stop).Soon()).Ok());
        Assert.Empty((await view.ReadAsync(long.MaxValue - 100, 50, Stop).Soon()).Ok());
        Assert.True(view.TryRead(files, 1, []));
        Assert.Equal(files, view.Count);
        Assert.Equal((0, 0), c.Spent());
    }

    [Fact]
    public async Task ListAgainUnderFs_Nothing()
    {
        await using Counted c = await Counted.StartAsync(5000);
        await c.Gateway.Client.ListAsync(c.Dir);
        c.Spent();
        for (int i = 0; i < 3; i++)
            Assert.Equal(5000, (await c.Gateway.Client.ListAsync(c.Dir)).Count);
        Assert.Equal((0, 0), c.Spent());
    }

    [Fact]
    public async Task JumpToAnyRow_OneRequestOrNone()
    {
        await using Counted c = await Counted.StartAsync(30_000);
        using IDirectoryView view = await c.OpenAsync();
        c.Spent();
        foreach (long rank in new long[] { 15_000, 29_990, 7_000 })
        {
            Assert.Equal($"file-{rank:D5}", (await view.ReadAsync(rank, 10, Stop).Soon()).Ok()[0].Entry.Name.ToString());
            Assert.Equal((1, 1), c.Spent());
            Assert.Equal($"file-{rank:D5}", (await view.ReadAsync(rank, 10, Stop).Soon()).Ok()[0].Entry.Name.ToString());
            Assert.Equal((0, 0), c.Spent());
        }
    }

    [Fact]
    public async Task JumpToAName_OneRequestOrNone()
    {
        await using Counted c = await Counted.StartAsync(30_000);
        using IDirectoryView view = await c.OpenAsync();
        c.Spent();
        Assert.Equal(20_000, (await view.RankOfAsync("file-20000".Name(), Stop).Soon()).Ok());
        Assert.Equal((1, 1), c.Spent());
        Assert.Equal(20_010, (await view.RankOfAsync("file-20010".Name(), Stop).Soon()).Ok());
        Assert.Equal((0, 0), c.Spent());
    }

    [Fact]
    public async Task UnchangedAfterLosingFs_OneRequestAndNoPage()
    {
        await using Counted c = await Counted.StartAsync(5000);
        await c.Gateway.Client.ListAsync(c.Dir);
        c.LoseCaps();
        c.Spent();
        long misses = c.Gateway.Client.Snapshot().CachedPages;
        Assert.Equal(5000, (await c.Gateway.Client.ListAsync(c.Dir)).Count);
        Assert.Equal((1, 1), c.Spent());
        Assert.Equal(misses, c.Gateway.Client.Snapshot().CachedPages);
    }

    [Fact]
    public async Task ChangedAfterLosingFs_IsReadAnew()
    {
        await using Counted c = await Counted.StartAsync(500);
        await c.Gateway.Client.ListAsync(c.Dir);
        c.LoseCaps();
        Gateway other = await c.OtherAsync();
        await other.Client.CreateFile(Caller.Root, c.Dir, "new".Name(), 0x1A4).Ok();
        c.Spent();
        Assert.Equal(501, (await c.Gateway.Client.ListAsync(c.Dir)).Count);
        Assert.Equal((1, 1), c.Spent());
    }

    [Fact]
    public async Task OwnChange_VisibleAtOnceWithoutARequestOfItsOwn()
    {
        await using Counted c = await Counted.StartAsync(500);
        IFileSystemClient client = c.Gateway.Client;
        await client.ResolveAsync(Caller.Root, "d".Path(), Stop).Soon();
        List<DirectoryRow> rows = await client.ListAsync(c.Dir);
        c.Spent();
        await client.CreateFile(Caller.Root, c.Dir, "new".Name(), 0x1A4).Ok();
        await client.Remove(Caller.Root, c.Dir, rows[7].Entry).Ok();
        Assert.Equal(2, c.Spent().Requests); // the changes themselves

        Assert.Equal(rows.Where((_, i) => i != 7).Select(r => r.Entry.Name.ToString()).Append("new"), (await client.ListAsync(c.Dir)).Names());
        Assert.Equal(FsErrno.NoEntry, (await client.ResolveAsync(Caller.Root, [.. "d".Path(), rows[7].Entry.Name], Stop).Soon()).Errno);
        Assert.Equal((0, 0), c.Spent());
    }

    [Fact]
    public async Task Xattrs_WhereNone_Nothing_AndUnknownAroundAChange()
    {
        await using Counted c = await Counted.StartAsync(300);
        IFileSystemClient client = c.Gateway.Client;
        List<DirectoryRow> rows = await client.ListAsync(c.Dir);
        c.Spent();
        foreach (DirectoryRow row in rows)
        {
            InodeAddress address = new(c.Dir, row.Entry.Name, row.Entry.Attributes.Ino);
            Assert.Empty((await client.ListXattrsAsync(Caller.Root, address, Stop).Soon()).Ok());
            Assert.Equal(FsErrno.NoData, (await client.GetXattrAsync(Caller.Root, address, "user.a"u8.ToArray(), Stop).Soon()).Errno);
        }
        Assert.Equal((0, 0), c.Spent());

        // One's own change, another gateway's, and back to none: never "none" where there is one.
        InodeAddress one = new(c.Dir, rows[3].Entry.Name, rows[3].Entry.Attributes.Ino), two = new(c.Dir, rows[4].Entry.Name, rows[4].Entry.Attributes.Ino);
        Task<FsErrno> setting = client.SetXattrAsync(Caller.Root, one, "user.a"u8.ToArray(), "1"u8.ToArray(), XattrMode.Either, Stop);
        Assert.Equal("1"u8.ToArray(), (await client.GetXattrAsync(Caller.Root, one, "user.a"u8.ToArray(), Stop).Soon()).Ok()); // sent, not answered
        Assert.Equal(FsErrno.Ok, await setting.Soon());
        Assert.Single((await client.ListXattrsAsync(Caller.Root, one, Stop).Soon()).Ok());
        Gateway other = await c.OtherAsync();
        Assert.Equal(FsErrno.Ok, await other.Client.SetXattrAsync(Caller.Root, two, "user.b"u8.ToArray(), [], XattrMode.Either, Stop).Soon());
        Assert.Single((await client.ListXattrsAsync(Caller.Root, two, Stop).Soon()).Ok());
        Assert.Equal(FsErrno.Ok, await client.RemoveXattrAsync(Caller.Root, one, "user.a"u8.ToArray(), Stop).Soon());
        await client.ListAsync(c.Dir);
        c.Spent();
        Assert.Empty((await client.ListXattrsAsync(Caller.Root, one, Stop).Soon()).Ok());
        Assert.Equal((0, 0), c.Spent());
    }

    [Fact]
    public async Task WholeDirectory_OneRoundTripPlusTheTransfer()
    {
        await using Counted c = await Counted.StartAsync(50_000);
        using IDirectoryView view = (await c.Gateway.Client.OpenDirectoryAsync(Caller.Root, c.Dir, whole: true, Stop).Soon()).Ok();
        Assert.Equal(FsErrno.Ok, await view.LoadAsync(0, 50_000, Stop).Soon());
        Assert.Equal((1, 1), c.Spent());
        Assert.True(c.Gateway.Client.Snapshot().Directories.Single(d => d.Ino == c.Dir).IsComplete);
    }

    [Fact]
    public async Task AnotherOrderOfAWholeListing_Nothing()
    {
        await using Counted c = await Counted.StartAsync(5000);
        await c.Gateway.Client.ListAsync(c.Dir);
        using IDirectoryView stored = await c.OpenAsync();
        c.Spent();
        foreach (ViewSpec spec in new ViewSpec[] { new(SortColumn.Name), new(SortColumn.Size, true), new(SortColumn.Type, false, "12") })
        {
            using IArrangedView view = stored.Arranged(spec);
            Assert.Equal(FsErrno.Ok, await view.WhenReadyAsync(Stop).Soon());
            Assert.NotEmpty((await view.ReadAsync(0, 50, Stop).Soon()).Ok());
            Assert.True(view.RankOf((await view.ListAsync())[^1].Entry) == view.Count - 1);
        }
        Assert.Equal((0, 0), c.Spent());
    }

    [Fact]
    public async Task NameThatIsNotThere_Nothing()
    {
        await using Counted c = await Counted.StartAsync(5000);
        await c.Gateway.Client.ResolveAsync(Caller.Root, "d".Path(), Stop).Soon();
        await c.Gateway.Client.ListAsync(c.Dir);
        c.Spent();
        foreach (string name in new[] { "a", "file-00001x", "zzz" })
            Assert.Equal(FsErrno.NoEntry, (await c.Gateway.Client.ResolveAsync(Caller.Root, $"d/{name}".Path(), Stop).Soon()).Errno);
        Assert.Equal((0, 0), c.Spent());
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("d/absent")]
    public async Task NameThatIsNotThere_InADirectoryThatWasNeverListed_OneRequestUntilItIsMade(string path)
    {
        await using Counted c = await Counted.StartAsync(5);
        for (int i = 0; i < 3; i++)
            Assert.Equal(FsErrno.NoEntry, (await c.Gateway.Client.ResolveAsync(Caller.Root, path.Path(), Stop).Soon()).Errno);
        Assert.Equal((1, 1), c.Spent());
        GatewaySnapshot seen = c.Gateway.Client.Snapshot();
        Assert.Equal((2, 1), (seen.NegativeNames.Hits, seen.NegativeNames.Misses));

        Gateway other = await c.OtherAsync();
        InodeId dir = path.Contains('/') ? c.Dir : InodeId.Root;
        InodeId made = (await other.Client.CreateFile(Caller.Root, dir, "absent".Name(), 0x1A4).Completion.Soon()).Ok()!.Ino;
        Assert.Equal(made, (await c.Gateway.Client.ResolveAsync(Caller.Root, path.Path(), Stop).Soon()).Ok().Address.Ino);
    }

    /// <summary>A directory made by one gateway, looked at by another whose requests are counted.</summary>
    private sealed class Counted : IAsyncDisposable
    {
        private Rig _rig = null!;
        private long _requests;
        private long _roundTrips;

        public Gateway Gateway { get; private set; } = null!;

        public InodeId Dir { get; private set; }

        public static async Task<Counted> StartAsync(int files)
        {
            Counted c = new() { _rig = await Rig.StartAsync() };
            Gateway maker = await c._rig.GatewayAsync();
            c.Dir = await maker.Client.FillAsync("d", files);
            lock (maker.Core.Gate)
                maker.Core.ReleaseDownTo(0);
            c.Gateway = await c._rig.GatewayAsync(o => o with { AttributeTimeout = TimeSpan.Zero });
            c.Spent();
            return c;
        }

        public async Task<IDirectoryView> OpenAsync() => (await Gateway.Client.OpenDirectoryAsync(Caller.Root, Dir, cancellation: Stop).Soon()).Ok();

        public Task<Gateway> OtherAsync() => _rig.GatewayAsync();

        /// <summary>Since the last look.</summary>
        public (long Requests, long RoundTrips) Spent()
        {
            GatewaySnapshot now = Gateway.Client.Snapshot();
            var spent = (now.Requests - _requests, now.SequentialRoundTrips - _roundTrips);
            (_requests, _roundTrips) = (now.Requests, now.SequentialRoundTrips);
            // The first request of a connection follows no answer.
            return spent is (1, 0) ? (1, 1) : spent;
        }

        public void LoseCaps()
        {
            lock (Gateway.Core.Gate)
                Gateway.Core.ReleaseDownTo(0);
            Gateway.Client.Snapshot();
        }

        public ValueTask DisposeAsync() => _rig.DisposeAsync();
    }
}
