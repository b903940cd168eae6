using ServerProcess = Capstan.TestKit.MdsProcess;
using System.Net.Sockets;
using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Capstan.Integration.Tests;

/// <summary>The MDS as a real process, over a line that can be cut.</summary>
public sealed class MdsProcessTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private ServerProcess _mds = null!;
    private DelayingTcpProxy _line = null!;
    private Gateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _mds = await ServerProcess.StartAsync(_directory.File("data"));
        _line = DelayingTcpProxy.Start(_mds.Port, TimeSpan.FromMilliseconds(2));
        _gateway = new Gateway(new GatewayOptions { Endpoint = _line.Address }, TimeProvider.System, NullLoggerFactory.Instance);
        _gateway.Start();
        await Eventually.OfAsync(_gateway.Opened, "the gateway's session");
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _line.DisposeAsync();
        await _mds.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Creates_MdsKilledAmongThem_EachHappensOnce()
    {
        PendingOperation[] first = Create(0, 500);
        await first[100].Ok();
        await _mds.KillAsync();
        PendingOperation[] second = Create(500, 500);
        await _mds.StartAgainAsync();
        foreach (PendingOperation create in (PendingOperation[])[.. first, .. second])
            await create.Ok();
        using IDirectoryView view = (await _gateway.Client.OpenDirectoryAsync(Caller.Root, InodeId.Root).Soon()).Ok();
        Assert.Equal(Enumerable.Range(0, 1000).Select(Name), (await view.ListAsync()).Select(row => row.Entry.Name.ToString()));
    }

    [Fact]
    public async Task Creates_LineCutAgainAndAgain_EachHappensOnce()
    {
        PendingOperation[] creates = Create(0, 2000);
        for (int i = 0; i < 5; i++)
        {
            await creates[(i + 1) * 100].Ok();
            _line.CutAll();
        }
        foreach (PendingOperation create in creates)
            await create.Ok();
        using IDirectoryView view = (await _gateway.Client.OpenDirectoryAsync(Caller.Root, InodeId.Root).Soon()).Ok();
        Assert.Equal(2000, view.Count);
    }

    [Fact]
    public async Task Stop_GatewayConnected_EndsAtOnceAndCleanly()
    {
        Assert.Equal(0, await _mds.StopAsync());
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.Throws<SocketException>(() => probe.Connect("127.0.0.1", _mds.Port));
    }

    private PendingOperation[] Create(int from, int count) =>
        [.. Enumerable.Range(from, count).Select(i => _gateway.Client.CreateFile(Caller.Root, InodeId.Root, FileName.Create(Name(i)), 0x1A4))];

    private static string Name(int i) => $"file-{i:D5}";
}
