using Capstan.ClientGateway;
using Capstan.Mds;
using Capstan.Mds.Hosting;
using Capstan.TestKit;

namespace Capstan.Integration.Tests;

/// <summary>An MDS in this process, on a Unix socket or a port of its own, and any number of gateways on it. All go by one clock, which can be put forward.</summary>
internal sealed class Rig : IAsyncDisposable
{
    private readonly GatewaySet _gateways = new();
    private bool _isStopped;

    private Rig(string directory, string address)
    {
        Directory = directory;
        Address = address;
    }

    public string Directory { get; }

    public MdsHost Mds { get; private set; } = null!;

    public string Address { get; private set; }

    /// <summary>Of one on TCP.</summary>
    public int Port => new Uri(Address).Port;

    public string ContentDirectory => Path.Combine(Options.DataDirectory, "content");

    public LeapingTime Time { get; } = new();

    public MdsOptions Options { get; init; } = null!;

    /// <param name="onTcp">So that a proxy can stand between.</param>
    public static async Task<Rig> StartAsync(Func<MdsOptions, MdsOptions>? configure = null, bool onTcp = false)
    {
        string directory = System.IO.Directory.CreateTempSubdirectory("capstan-").FullName;
        MdsOptions options = new() { DataDirectory = Path.Combine(directory, "data") };
        Rig rig = new(directory, onTcp ? "http://127.0.0.1:0" : $"unix:{Path.Combine(directory, "mds.sock")}") { Options = configure?.Invoke(options) ?? options };
        await rig.StartMdsAsync();
        return rig;
    }

    public async Task StartMdsAsync()
    {
        Mds = await MdsHost.StartAsync(Options, Address, Time);
        Address = Mds.Address;
    }

    /// <summary>A gateway, straight or by way of a proxy.</summary>
    public Task<Gateway> GatewayAsync(Func<GatewayOptions, GatewayOptions>? configure = null, DelayingTcpProxy? through = null) =>
        _gateways.StartAsync(through?.Address ?? Address, configure, Time);

    /// <summary>
    /// So much time passes for everybody. Who is present has renewed after each step, before the next: of them no lease ends, and what they owe an answer to is
    /// answered, however slow the machine is.
    /// </summary>
    public async Task PassAsync(TimeSpan time, params IFileSystemClient[] present)
    {
        TimeSpan step = TimeSpan.FromSeconds(15);
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += step)
        {
            Time.Leap(step);
            foreach (IFileSystemClient client in present)
                await Eventually.TrueAsync(() => client.Snapshot().Session.LeaseRemaining > Options.Lease - step, "a renewal");
        }
    }

    /// <summary>Closes the gateways, stops the MDS and has every count and reference verified.</summary>
    public async Task StopAndCheckAsync()
    {
        await _gateways.DisposeAsync();
        await Mds.DisposeAsync();
        _isStopped = true;
        FinishedProgram check = await FinishedProgram.RunProjectAsync("Mds", ["check", "--data", Options.DataDirectory]);
        Assert.True(check.ExitCode == 0, $"check exited with {check.ExitCode}: {check.Output}");
    }

    /// <summary>Content files on disk, those being written not counted.</summary>
    public int ContentFiles() => System.IO.Directory.EnumerateFiles(ContentDirectory, "*", SearchOption.AllDirectories).Count(f => !f.Contains("STAGING"));

    /// <summary>Content files that are being written: of each the MDS knows where its bytes go.</summary>
    public int ContentFilesUnderWay() => System.IO.Directory.EnumerateFiles(Path.Combine(ContentDirectory, "STAGING")).Count();

    public async ValueTask DisposeAsync()
    {
        await _gateways.DisposeAsync();
        if (!_isStopped)
            await Mds.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
