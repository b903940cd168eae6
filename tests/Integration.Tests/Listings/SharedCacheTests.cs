using Capstan.ClientGateway;
using Capstan.ClientGateway.SharedCache;
using Capstan.Shared;
using Capstan.Shared.Pages;
using Capstan.TestKit;
using Microsoft.Extensions.Caching.Distributed;

namespace Capstan.Integration.Tests.Listings;

/// <summary>Pages that gateways share in a real Redis: what it spares the MDS, and that nothing which goes wrong there is seen by a reader.</summary>
public sealed class SharedCacheTests
{
    private const int Files = 9000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SecondGateway_WarmRedis_AsksTheMdsOnceAndRedisForTheRest()
    {
        await using Fixture f = await Fixture.StartAsync();
        Gateway second = await f.GatewayAsync();

        Assert.Equal(f.Names, await f.ListAsync(second));

        GatewaySnapshot snapshot = second.Client.Snapshot();
        Assert.Equal(1, snapshot.Requests);
        Assert.Equal(0, snapshot.SharedCache!.Rejected);
        Assert.True(snapshot.SharedCache.Reads.Hits >= 7, $"{snapshot.SharedCache}");
    }

    [Fact]
    public async Task ChangedDirectory_OldPagesInRedis_AreNeverAskedFor()
    {
        await using Fixture f = await Fixture.StartAsync();
        await f.Maker.Client.CreateFile(Caller.Root, f.Dir, "aaa".Name(), 0x1A4).Ok();
        Gateway second = await f.GatewayAsync();

        Assert.Equal(f.Names.Prepend("aaa"), await f.ListAsync(second));

        Assert.Equal(0, second.Client.Snapshot().SharedCache!.Reads.Hits);
    }

    [Fact]
    public async Task Poisoned_WrongInEveryWay_IsRejectedAndCounted()
    {
        await using Fixture f = await Fixture.StartAsync();
        int changed = 0;
        await f.ChangePagesAsync((key, page) => (changed++ % 8) switch
        {
            0 => [],
            1 => page[..(page.Length / 2)],
            2 => Flip(page),
            3 => new byte[page.Length],
            4 => f.Other, // a sound page under another page's key
            5 => Forged(page, header => header with { Total = header.Total + 1 }), // sound, and of a directory with more entries
            6 => Forged(page, header => header with { FirstRank = header.FirstRank - 1 }),
            _ => Forged(page, header => header), // sound, of the right directory, version and rank, with names of elsewhere
        });
        Gateway second = await f.GatewayAsync();

        Assert.Equal(f.Names, await f.ListAsync(second));

        SharedCacheSnapshot shared = second.Client.Snapshot().SharedCache!;
        Assert.True(shared.Rejected >= 1, $"{shared}");
    }

    [Fact]
    public async Task Gone_WhileInUse_IsBypassedAndTakenUpAgain()
    {
        await using Fixture f = await Fixture.StartAsync();
        await f.Redis.KillAsync();
        Gateway second = await f.GatewayAsync();
        Assert.Equal(f.Names, await f.ListAsync(second));
        await Eventually.TrueAsync(() => second.Client.Snapshot().SharedCache is { IsOn: false, Outages: > 0 }, "the cache is left alone");

        await f.Redis.StartAgainAsync();
        await Eventually.TrueAsync(() => second.Client.Snapshot().SharedCache is { IsOn: true }, "the cache is used again");
        Assert.Equal(f.Names, await f.ListAsync(await f.GatewayAsync()));
    }

    [Fact]
    public async Task StandingStill_IsBypassedAndCounted()
    {
        await using Fixture f = await Fixture.StartAsync();
        Gateway second = await f.GatewayAsync(timeout: TimeSpan.FromMilliseconds(5));
        f.Redis.Suspend();
        try
        {
            Assert.Equal(f.Names, await f.ListAsync(second));
            Assert.True(second.Client.Snapshot().SharedCache!.Bypassed > 0);
        }
        finally
        {
            f.Redis.Resume();
        }
    }

    [Fact]
    public async Task Full_WritesAreRefused_ReadersNoticeNothing()
    {
        await using Fixture f = await Fixture.StartAsync("--maxmemory", "1mb", "--maxmemory-policy", "noeviction");
        await Eventually.TrueAsync(() => f.Maker.Client.Snapshot().SharedCache is { WritesDropped: > 0 }, "writes were refused");
        Assert.Equal(f.Names, await f.ListAsync(await f.GatewayAsync()));
    }

    [Fact]
    public void Key_OfAnotherGenerationVersionOrRank_IsAnother()
    {
        PageKey one = new(Guid.NewGuid(), new InodeId(7), new DirectoryVersion(3), 1024);
        Assert.NotEqual(one.ToString(), (one with { Generation = Guid.NewGuid() }).ToString());
        Assert.NotEqual(one.ToString(), (one with { Version = new DirectoryVersion(4) }).ToString());
        Assert.NotEqual(one.ToString(), (one with { FirstRank = 0 }).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(",abortConnect=false")]
    public void Check_AddressWithoutServer_SaysSo(string address) => Assert.Throws<ArgumentException>(() => RedisDistributedCache.Check(address));

    private static byte[] Flip(byte[] page)
    {
        byte[] flipped = [.. page];
        flipped[page.Length / 2] ^= 0x10;
        return flipped;
    }

    private static byte[] Forged(byte[] bytes, Func<PageHeader, PageHeader> change)
    {
        DirectoryPage page = DirectoryPage.TryOpen(bytes)!;
        DirectoryPageBuilder builder = new();
        for (int i = 0; i < page.Count; i++)
            builder.TryAdd($"aaa-{i:D6}".Name().Span, page.Row(i));
        return builder.Build(change(page.Header));
    }

    /// <summary>An MDS, a Redis, a directory, and a gateway that has listed it, so that its pages are in both.</summary>
    private sealed class Fixture : IAsyncDisposable
    {
        private Rig _rig = null!;
        private RedisDistributedCache _cache = null!;

        public RedisProcess Redis { get; private set; } = null!;

        public Gateway Maker { get; private set; } = null!;

        public InodeId Dir { get; private set; }

        public string[] Names { get; private set; } = [];

        public byte[] Other { get; private set; } = [];

        public static async Task<Fixture> StartAsync(params string[] settings)
        {
            if (!RedisProcess.IsInstalled && !ExternalTool.MustExist)
                Assert.Skip("redis-server is not installed.");
            Fixture f = new() { _rig = await Rig.StartAsync(), Redis = await RedisProcess.StartAsync(settings) };
            f._cache = new RedisDistributedCache(f.Redis.Address);
            Gateway writer = await f._rig.GatewayAsync();
            f.Dir = await writer.Client.FillAsync("d", Files);
            InodeId other = await writer.Client.FillAsync("other", 100);
            f.Names = [.. Enumerable.Range(0, Files).Select(i => $"file-{i:D5}")];
            f.Maker = await f.GatewayAsync();
            Assert.Equal(f.Names, await f.ListAsync(f.Maker));
            await f.Maker.Client.ListAsync(other);
            await Eventually.TrueAsync(() => f.Maker.Client.Snapshot().SharedCache is { } s && s.Writes + s.WritesDropped >= 10, "every page was written, or not");
            f.Other = await f._cache.GetAsync(f.KeyOf(other, 0).ToString(), Stop) ?? [];
            return f;
        }

        /// <summary>With patience, so that a stalled machine is not taken for a slow Redis.</summary>
        public Task<Gateway> GatewayAsync(TimeSpan? timeout = null) =>
            _rig.GatewayAsync(o => o with { Redis = Redis.Address, SharedCacheTimeout = timeout ?? TimeSpan.FromSeconds(20) });

        public async Task<string[]> ListAsync(Gateway gateway) => [.. (await gateway.Client.ListAsync(Dir)).Names()];

        /// <summary>Exchanges every page of the directory but the first in Redis.</summary>
        public async Task ChangePagesAsync(Func<PageKey, byte[], byte[]> change)
        {
            for (long rank = 0; rank < Files;)
            {
                PageKey key = KeyOf(Dir, rank);
                byte[] page = (await _cache.GetAsync(key.ToString(), Stop))!;
                await _cache.SetAsync(key.ToString(), change(key, page), new DistributedCacheEntryOptions(), Stop);
                rank += DirectoryPage.TryOpen(page)!.Count;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _rig.DisposeAsync();
            _cache.Dispose();
            await Redis.DisposeAsync();
        }

        private PageKey KeyOf(InodeId dir, long rank) =>
            new(Maker.Core.Session.Generation, dir, Maker.Client.Snapshot().Directories.Single(d => d.Ino == dir).Version, rank);
    }
}
