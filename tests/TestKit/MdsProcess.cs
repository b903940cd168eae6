namespace Capstan.TestKit;

/// <summary>The MDS as a program of its own, on a data directory and an address that outlive it: it can be killed and started again.</summary>
public sealed class MdsProcess : IAsyncDisposable
{
    private readonly string _dataDirectory;
    private readonly string[] _arguments;
    private ChildProcess _process;

    private MdsProcess(string dataDirectory, string[] arguments, ChildProcess process)
    {
        _dataDirectory = dataDirectory;
        _arguments = arguments;
        _process = process;
        Address = process.Ready.Groups["address"].Value;
    }

    /// <summary>As a channel takes it; the same after a restart.</summary>
    public string Address { get; }

    /// <summary>Of an MDS that listens on TCP.</summary>
    public int Port => new Uri(Address).Port;

    /// <summary>What the running one has printed.</summary>
    public string Output => _process.Output;

    public static async Task<MdsProcess> StartAsync(string dataDirectory, string listen = "http://127.0.0.1:0", params string[] arguments) =>
        new(dataDirectory, arguments, await LaunchAsync(dataDirectory, listen, arguments));

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>SIGTERM, and the exit code.</summary>
    public Task<int> StopAsync() => _process.StopAsync();

    public void Suspend() => _process.Suspend();

    public void Resume() => _process.Resume();

    /// <summary>On the same data and the same address.</summary>
    public async Task StartAgainAsync()
    {
        await _process.DisposeAsync();
        _process = await LaunchAsync(_dataDirectory, Address, _arguments);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static Task<ChildProcess> LaunchAsync(string dataDirectory, string listen, string[] arguments) =>
        ChildProcess.StartProjectAsync("Mds", ["serve", "--data", dataDirectory, "--listen", listen, .. arguments], "MDS is ready: (?<address>.+)$");
}
