using Capstan.ClientGateway;
using Capstan.Mds;
using Capstan.Mds.Hosting;
using Capstan.Shared;

namespace Capstan.Integration.Tests;

/// <summary>An MDS in this process on a Unix socket of its own, and any number of gateways on it.</summary>
internal sealed class Rig : IAsyncDisposable
{
    private readonly GatewaySet _gateways = new();

    private Rig(string directory) => Directory = directory;

    public string Directory { get; }

    public MdsHost Mds { get; private set; } = null!;

    public string Address => $"unix:{Path.Combine(Directory, "mds.sock")}";

    public MdsOptions Options { get; init; } = null!;

    public static async Task<Rig> StartAsync(Func<MdsOptions, MdsOptions>? configure = null)
    {
        string directory = System.IO.Directory.CreateTempSubdirectory("capstan-").FullName;
        MdsOptions options = new() { DataDirectory = Path.Combine(directory, "data") };
        Rig rig = new(directory) { Options = configure?.Invoke(options) ?? options };
        await rig.StartMdsAsync();
        return rig;
    }

    public async Task StartMdsAsync() => Mds = await MdsHost.StartAsync(Options, Address, TimeProvider.System);

    public Task<Gateway> GatewayAsync(Func<GatewayOptions, GatewayOptions>? configure = null) => _gateways.StartAsync(Address, configure);

    public async ValueTask DisposeAsync()
    {
        await _gateways.DisposeAsync();
        await Mds.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
