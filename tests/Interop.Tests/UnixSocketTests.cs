using System.Net.Sockets;
using Capstan.Interop.Tests.Protos;
using Capstan.Shared.Wire;
using Capstan.TestKit;
using Grpc.Core;
using Grpc.Net.Client;

namespace Capstan.Interop.Tests;

/// <summary>Sessions over a Unix domain socket, and the file that it is.</summary>
public sealed class UnixSocketTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string Address => "unix:" + _directory.File("s");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Echo_UnixSocket_Answers()
    {
        await using InteropServer server = await InteropServer.StartAsync(Address);
        await AssertEchoAsync();
    }

    [Fact]
    public async Task Listen_FileOfAKilledServer_IsReplaced()
    {
        // Bound and not listening: nobody answers there, as after a kill.
        using Socket dead = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        dead.Bind(new UnixDomainSocketEndPoint(_directory.File("s")));
        await using InteropServer server = await InteropServer.StartAsync(Address);
        await AssertEchoAsync();
    }

    [Fact]
    public async Task Listen_FileOfALivingServer_IsRefused()
    {
        await using InteropServer server = await InteropServer.StartAsync(Address);
        await Assert.ThrowsAsync<InvalidOperationException>(() => InteropServer.StartAsync(Address));
        await AssertEchoAsync();
    }

    [Fact]
    public async Task Call_NoServer_Unavailable()
    {
        using GrpcChannel channel = WireChannel.Create(Address);
        RpcException e = await Assert.ThrowsAsync<RpcException>(async () => await new Protos.Interop.InteropClient(channel).EchoAsync(new Packet()));
        Assert.Equal(StatusCode.Unavailable, e.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("unix:")]
    [InlineData("127.0.0.1:80")]
    [InlineData("https://127.0.0.1:80")]
    public void Parse_NoAddress_SaysWhatOneIs(string text) => Assert.Contains("unix:", Assert.Throws<FormatException>(() => WireAddress.Parse(text)).Message);

    private async Task AssertEchoAsync()
    {
        using GrpcChannel channel = WireChannel.Create(Address);
        Packet answer = await new Protos.Interop.InteropClient(channel).EchoAsync(new Packet { Text = "über", Number = 7 });
        Assert.Equal(("über", 7), (answer.Text, answer.Number));
    }
}
