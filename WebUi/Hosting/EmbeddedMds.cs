using Capstan.Mds;
using Capstan.Mds.Hosting;

namespace Capstan.WebUi.Hosting;

/// <summary>The metadata server in this process, when no other is configured: the same program, reached over a Unix socket like any other.</summary>
internal sealed class EmbeddedMds : IHostedService
{
    /// <summary>Longest path that a Unix socket address holds, on Linux.</summary>
    private const int MaxSocketPath = 107;

    private readonly CapstanOptions _options;
    private readonly string _socket;
    private MdsHost? _host;

    public EmbeddedMds(CapstanOptions options)
    {
        _options = options;
        string beside = Path.Combine(Path.GetFullPath(options.Data), "mds.sock");
        _socket = beside.Length <= MaxSocketPath ? beside : Path.Combine(Path.GetTempPath(), $"capstan-{Environment.ProcessId}.sock");
    }

    public string Address => $"unix:{_socket}";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        string data = Path.GetFullPath(_options.Data);
        _host = await MdsHost.StartAsync(new MdsOptions { DataDirectory = data }, Address, TimeProvider.System);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_host is not null)
            await _host.DisposeAsync();
    }
}
