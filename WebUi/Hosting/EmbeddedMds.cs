using System.Diagnostics.Metrics;
using Capstan.Mds;
using Capstan.Mds.Admin;
using Capstan.Mds.Hosting;

namespace Capstan.WebUi.Hosting;

/// <summary>The metadata server in this process, when no other is configured: the same program, reached over a Unix socket like any other.</summary>
internal sealed class EmbeddedMds : IHostedService
{
    /// <summary>Longest path that a Unix socket address holds, on Linux.</summary>
    private const int MaxSocketPath = 107;

    private readonly CapstanOptions _options;
    private readonly IMeterFactory _meters;
    private MdsHost? _host;

    /// <param name="meters">Of the web: the figures of both are told together.</param>
    public EmbeddedMds(CapstanOptions options, IMeterFactory meters)
    {
        _options = options;
        _meters = meters;
    }

    /// <summary>What is wrong so that only a new start mends it; null: nothing.</summary>
    public string? Health => _host?.Health;

    public static string AddressOf(CapstanOptions options)
    {
        string beside = Path.Combine(Path.GetFullPath(options.Data), "mds.sock");
        return $"unix:{(beside.Length <= MaxSocketPath ? beside : Path.Combine(Path.GetTempPath(), $"capstan-{Environment.ProcessId}.sock"))}";
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        string data = Path.GetFullPath(_options.Data);
        if (_options.Import is { } source)
        {
            // The console shows its progress; a tree that could only be read in part is served, one that could not be read at all is not.
            int exitCode = AdminCommands.RunImport(TimeProvider.System, data, source, "/", onlyIfEmpty: true, cancellationToken);
            if (exitCode > 1)
                throw new InvalidOperationException($"'{source}' could not be imported.");
        }
        MdsOptions mds = new() { DataDirectory = data, TrashRetention = TimeSpan.FromDays(_options.TrashRetention) };
        _host = await MdsHost.StartAsync(mds, AddressOf(_options), TimeProvider.System, meters: _meters);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_host is not null)
            await _host.DisposeAsync();
    }
}
