using System.Globalization;
using Capstan.ClientGateway;
using Capstan.TestKit;

namespace Capstan.Integration.Tests;

/// <summary>An MDS in a process of its own, with its data directory: it can be killed and started again at the same address.</summary>
internal sealed class MdsUnderTest : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly GatewaySet _gateways = new();
    private readonly double _lease;
    private ChildProcess? _process;

    private MdsUnderTest(double lease) => _lease = lease;

    public string DataDirectory => _directory.File("data");

    public string ContentDirectory => Path.Combine(DataDirectory, "content");

    public string Address { get; private set; } = "http://127.0.0.1:0";

    public int Port => new Uri(Address).Port;

    public ChildProcess Process => _process ?? throw new InvalidOperationException("The MDS does not run.");

    /// <param name="lease">Seconds.</param>
    public static async Task<MdsUnderTest> StartAsync(double lease = 60)
    {
        MdsUnderTest mds = new(lease);
        await mds.StartAgainAsync();
        return mds;
    }

    public async Task StartAgainAsync()
    {
        _process = await ChildProcess.StartProjectAsync(
            "Mds", ["serve", "--data", DataDirectory, "--listen", Address, "--lease", _lease.ToString(CultureInfo.InvariantCulture)], "Capstan MDS is ready: (.*)");
        Address = _process.Ready.Groups[1].Value.Trim();
    }

    public async Task KillAsync()
    {
        await Process.KillAsync();
        await Process.DisposeAsync();
        _process = null;
    }

    public async Task StopAsync()
    {
        Assert.Equal(0, await Process.StopAsync());
        await Process.DisposeAsync();
        _process = null;
    }

    /// <summary>A gateway, straight or by way of a proxy.</summary>
    public Task<Gateway> GatewayAsync(Func<GatewayOptions, GatewayOptions>? configure = null, DelayingTcpProxy? through = null) =>
        _gateways.StartAsync(through?.Address ?? Address, configure);

    /// <summary>Closes the gateways, stops the MDS and has every count and reference verified.</summary>
    public async Task StopAndCheckAsync()
    {
        await _gateways.DisposeAsync();
        await StopAsync();
        await CheckAsync();
    }

    /// <summary>Has every count and reference verified; stops it first, if it runs.</summary>
    public async Task CheckAsync()
    {
        if (_process is not null)
            await StopAsync();
        FinishedProgram check = await FinishedProgram.RunProjectAsync("Mds", ["check", "--data", DataDirectory]);
        Assert.True(check.ExitCode == 0, $"check exited with {check.ExitCode}: {check.Output}");
    }

    /// <summary>Content files on disk, those being written not counted.</summary>
    public int ContentFiles() => Directory.EnumerateFiles(ContentDirectory, "*", SearchOption.AllDirectories).Count(f => !f.Contains("STAGING"));

    public async ValueTask DisposeAsync()
    {
        await _gateways.DisposeAsync();
        if (_process is { } process)
            await process.DisposeAsync();
        _directory.Dispose();
    }
}
