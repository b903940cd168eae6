using System.Text;
using Capstan.ClientGateway;
using Capstan.Mds;
using Capstan.Mds.Hosting;
using Capstan.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace Capstan.Integration.Tests;

/// <summary>An MDS in this process on a Unix socket of its own, and any number of gateways on it.</summary>
internal sealed class Rig : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<Gateway> _gateways = [];

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

    public async Task<Gateway> GatewayAsync(Func<GatewayOptions, GatewayOptions>? configure = null)
    {
        GatewayOptions options = new() { Endpoint = Address };
        Gateway gateway = new(configure?.Invoke(options) ?? options, TimeProvider.System, NullLoggerFactory.Instance);
        gateway.Start();
        _gateways.Add(gateway);
        await gateway.Opened.WaitAsync(Patience);
        return gateway;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Gateway gateway in _gateways)
            await gateway.DisposeAsync();
        await Mds.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}

internal static class RigExtensions
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Patience);

    public static Task Soon(this Task task) => task.WaitAsync(Patience);

    public static T Ok<T>(this FsResult<T> result)
    {
        Assert.Equal(FsErrno.Ok, result.Errno);
        return result.Value!;
    }

    public static async Task<InodeAttributes> Ok(this PendingOperation operation)
    {
        FsResult<InodeAttributes?> outcome = await operation.Completion.Soon();
        Assert.Equal(FsErrno.Ok, outcome.Errno);
        return outcome.Value!;
    }

    public static FileName Name(this string text) => FileName.Create(Encoding.UTF8.GetBytes(text));

    public static FileName[] Path(this string path) => [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Name)];

    /// <summary>Makes a directory of files file-00000 ... under the root and returns its number.</summary>
    public static async Task<InodeId> FillAsync(this IFileSystemClient client, string directory, int files)
    {
        InodeAttributes made = await client.MakeDirectory(Caller.Root, InodeId.Root, directory.Name(), 0x1FF).Ok();
        PendingOperation[] creates = [.. Enumerable.Range(0, files).Select(i => client.CreateFile(Caller.Root, made.Ino, $"file-{i:D5}".Name(), 0x1A4))];
        foreach (PendingOperation create in creates)
            await create.Ok();
        return made.Ino;
    }

    public static async Task<List<DirectoryRow>> ListAsync(this IDirectoryView view) => [.. (await view.ReadAsync(0, (int)view.Count).Soon()).Ok()];
}
