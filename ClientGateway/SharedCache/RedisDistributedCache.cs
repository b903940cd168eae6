using Microsoft.Extensions.Caching.Distributed;
using StackExchange.Redis;

namespace Capstan.ClientGateway.SharedCache;

/// <summary>
/// <see cref="IDistributedCache"/> on Redis: one string a key, with its time to live. Connects when it is first used and again by itself; while there is no
/// connection calls fail at once. Stands where AddStackExchangeRedisCache would be.
/// </summary>
/// <param name="address">host:port, with further options as StackExchange.Redis writes them.</param>
public sealed class RedisDistributedCache(string address) : IDistributedCache, IDisposable
{
    private readonly Lazy<Task<ConnectionMultiplexer>> _connection = new(() => ConnectionMultiplexer.ConnectAsync(OptionsOf(address)));

    /// <summary>Throws <see cref="ArgumentException"/> when the address cannot be read.</summary>
    public static void Check(string address) => OptionsOf(address);

    public byte[]? Get(string key) => GetAsync(key).GetAwaiter().GetResult();

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default) =>
        await (await DatabaseAsync(token).ConfigureAwait(false)).StringGetAsync(key).WaitAsync(token).ConfigureAwait(false);

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => SetAsync(key, value, options).GetAwaiter().GetResult();

    public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) =>
        await (await DatabaseAsync(token).ConfigureAwait(false)).StringSetAsync(key, value, LifetimeOf(options)).WaitAsync(token).ConfigureAwait(false);

    /// <summary>Nothing: a time to live counts from the writing.</summary>
    public void Refresh(string key)
    {
    }

    public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask;

    public void Remove(string key) => RemoveAsync(key).GetAwaiter().GetResult();

    public async Task RemoveAsync(string key, CancellationToken token = default) =>
        await (await DatabaseAsync(token).ConfigureAwait(false)).KeyDeleteAsync(key).WaitAsync(token).ConfigureAwait(false);

    public void Dispose()
    {
        if (_connection is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            _connection.Value.Result.Dispose();
    }

    private static TimeSpan? LifetimeOf(DistributedCacheEntryOptions options) =>
        options.AbsoluteExpirationRelativeToNow ?? options.SlidingExpiration;

    private static ConfigurationOptions OptionsOf(string address)
    {
        ConfigurationOptions options = ConfigurationOptions.Parse(address);
        if (options.EndPoints.Count == 0)
            throw new ArgumentException($"\"{address}\" names no Redis server; host:port is wanted.", nameof(address));
        options.AbortOnConnectFail = false;
        options.KeepAlive = 5;
        options.ConnectTimeout = 3000;
        return options;
    }

    private async Task<IDatabase> DatabaseAsync(CancellationToken token) => (await _connection.Value.WaitAsync(token).ConfigureAwait(false)).GetDatabase();
}
