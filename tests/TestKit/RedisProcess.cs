namespace Capstan.TestKit;

/// <summary>A redis-server of the test's own on a free port, in memory alone.</summary>
public sealed class RedisProcess : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private ChildProcess _process = null!;

    public int Port { get; private set; }

    public string Address => $"127.0.0.1:{Port}";

    public static bool IsInstalled => ExternalTool.Find("redis-server") is not null;

    public static async Task<RedisProcess> StartAsync(params string[] settings)
    {
        RedisProcess redis = new() { Port = FreePort.Next() };
        await redis.StartAgainAsync(settings);
        return redis;
    }

    public async Task StartAgainAsync(params string[] settings) => _process = await ChildProcess.StartAsync(
        "redis-server", ["--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _directory.Path, .. settings], "Ready to accept connections");

    /// <summary>It stands still: connections live, nothing is answered.</summary>
    public void Suspend() => _process.Suspend();

    public void Resume() => _process.Resume();

    public async Task KillAsync()
    {
        await _process.KillAsync();
        await _process.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _directory.Dispose();
    }
}
