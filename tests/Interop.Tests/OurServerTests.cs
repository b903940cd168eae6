using Capstan.TestKit;

namespace Capstan.Interop.Tests;

/// <summary>grpc-js as the client, our server.</summary>
public sealed class OurServerTests(PeerCallsOurServer run) : IClassFixture<PeerCallsOurServer>
{
    [Theory]
    [InlineData("unary")]
    [InlineData("threeMiB")]
    [InlineData("requestTooLarge")]
    [InlineData("answerTooLarge")]
    [InlineData("statusWithNonAsciiText")]
    [InlineData("trailersWithMessage")]
    [InlineData("trailersOnly")]
    [InlineData("exceptionWithoutDetails")]
    [InlineData("unknownMethod")]
    [InlineData("clientStreaming")]
    [InlineData("serverStreaming")]
    [InlineData("serverStreamingThatFails")]
    [InlineData("serverStreamingOfNothing")]
    [InlineData("bidirectional")]
    [InlineData("bidirectionalAborted")]
    [InlineData("unaryDeadline")]
    [InlineData("bidirectionalDeadline")]
    [InlineData("bidirectionalCancel")]
    [InlineData("healthyAfterAll")]
    public void GrpcJs_Check_Holds(string check) => Assert.Equal("", run.Failures[check]);

    [Fact]
    public void GrpcJs_EveryCheck_IsNamedHere() => Assert.Equal(19, run.Failures.Count);

    [Fact]
    public async Task GrpcJs_ServerGoesDuringCall_Unavailable()
    {
        await using InteropServer server = await InteropServer.StartAsync();
        await using DelayingTcpProxy line = DelayingTcpProxy.Start(server.Port, TimeSpan.Zero);
        await using ChildProcess peer = await Peer.StartAsync("^talking$", "hold", $"{line.Port}");
        line.RefusesNew = true;
        line.CutAll();
        await Eventually.TrueAsync(() => peer.Output.Contains("ended"), "the peer to notice that the server is gone");
        Assert.Contains("ended 14", peer.Output);
    }
}
