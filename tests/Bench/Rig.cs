using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Capstan.Bench;

/// <summary>A real MDS process on a TCP port, a delaying proxy before it, and gateways in this process that reach it through the proxy.</summary>
internal sealed class Rig : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly List<Gateway> _gateways = [];
    private ChildProcess _mds = null!;

    public DelayingTcpProxy Proxy { get; private set; } = null!;

    /// <summary>Resident bytes of the MDS process.</summary>
    public long MdsResidentBytes
    {
        get
        {
            using Process process = Process.GetProcessById(_mds.Id);
            return process.WorkingSet64;
        }
    }

    public string DataDirectory => _directory.File("data");

    public static async Task<Rig> StartAsync(double rttMs, Func<string, Task>? prepare = null)
    {
        Rig rig = new();
        if (prepare is not null)
            await prepare(rig.DataDirectory);
        rig._mds = await ChildProcess.StartProjectAsync("Mds", ["serve", "--data", rig.DataDirectory, "--listen", "http://127.0.0.1:0"], @"ready: http://127\.0\.0\.1:([0-9]+)");
        int port = int.Parse(rig._mds.Ready.Groups[1].Value);
        rig.Proxy = DelayingTcpProxy.Start(port, TimeSpan.Zero);
        rig.Proxy.RoundTrip = TimeSpan.FromMilliseconds(rttMs);
        return rig;
    }

    /// <summary>Closes the gateways, stops the MDS and returns how many messages it took into a transaction, on average.</summary>
    public async Task<double> StopAsync()
    {
        foreach (Gateway gateway in _gateways)
            await gateway.DisposeAsync();
        _gateways.Clear();
        await _mds.StopAsync();
        Match served = Regex.Match(_mds.Output, "served ([0-9]+) messages in ([0-9]+) transactions");
        return double.Parse(served.Groups[1].Value) / double.Parse(served.Groups[2].Value);
    }

    public async Task<Gateway> GatewayAsync(Func<GatewayOptions, GatewayOptions>? configure = null)
    {
        GatewayOptions options = new() { Endpoint = Proxy.Address, PageBudgetBytes = 1L << 30, RequestTimeout = TimeSpan.FromMinutes(5) };
        Gateway gateway = new(configure?.Invoke(options) ?? options, TimeProvider.System, NullLoggerFactory.Instance);
        gateway.Start();
        _gateways.Add(gateway);
        await gateway.Opened;
        return gateway;
    }

    public async Task CloseAsync(Gateway gateway)
    {
        _gateways.Remove(gateway);
        await gateway.DisposeAsync();
    }

    public static FileName[] Names(int count, Func<int, string> name) => [.. Enumerable.Range(0, count).Select(i => FileName.Create(name(i)))];

    /// <summary>Makes a directory of empty files under the root, at no delay.</summary>
    public async Task<InodeId> FillAsync(IFileSystemClient client, string directory, FileName[] files)
    {
        TimeSpan roundTrip = Proxy.RoundTrip;
        Proxy.RoundTrip = TimeSpan.Zero;
        InodeId made = await CreateManyAsync(client, directory, files);
        Proxy.RoundTrip = roundTrip;
        return made;
    }

    public static async Task<InodeId> CreateManyAsync(IFileSystemClient client, string directory, FileName[] files)
    {
        FsResult<InodeAttributes?> made = await client.MakeDirectory(Caller.Root, InodeId.Root, FileName.Create(directory), 0x1FF).Completion;
        Must(made.Errno);
        InodeId dir = made.Value!.Ino;
        PendingOperation[] creates = Array.ConvertAll(files, name => client.CreateFile(Caller.Root, dir, name, 0x1A4));
        foreach (PendingOperation create in creates)
            Must((await create.Completion).Errno);
        return dir;
    }

    public static void Must(FsErrno errno)
    {
        if (errno != FsErrno.Ok)
            throw new InvalidOperationException($"The operation failed with {errno}.");
    }

    public static async Task<List<DirectoryEntry>> ListAsync(IFileSystemClient client, InodeId directory)
    {
        using IDirectoryView view = (await client.OpenDirectoryAsync(Caller.Root, directory)).Value!;
        FsResult<IReadOnlyList<DirectoryRow>> rows = await view.ReadAsync(0, (int)view.Count);
        Must(rows.Errno);
        return [.. rows.Value!.Select(r => r.Entry)];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Gateway gateway in _gateways)
            await gateway.DisposeAsync();
        await Proxy.DisposeAsync();
        await _mds.DisposeAsync();
        _directory.Dispose();
    }
}
