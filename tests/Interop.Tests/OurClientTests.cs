using Capstan.Interop.Tests.Protos;
using Capstan.Shared.Wire;
using Capstan.TestKit;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Capstan.Interop.Tests;

/// <summary>Our client, grpc-js as the server.</summary>
public sealed class OurClientTests : IAsyncLifetime
{
    private const int MiB = 1024 * 1024;

    private ChildProcess? _peer;
    private GrpcChannel? _channel;

    private Protos.Interop.InteropClient Client => new(_channel!);

    public async ValueTask InitializeAsync()
    {
        _peer = await Peer.StartAsync(@"^ready (\d+)$", "serve");
        _channel = WireChannel.Create($"http://127.0.0.1:{_peer.Ready.Groups[1].Value}");
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        if (_peer is not null)
            await _peer.DisposeAsync();
    }

    [Fact]
    public async Task Unary_Answers()
    {
        Packet answer = await Client.EchoAsync(new Packet { Number = 7, Text = "Grüße 🐟", Body = ByteString.CopyFrom(1, 2, 3) });
        Assert.Equal((7, "Grüße 🐟", 3), (answer.Number, answer.Text, answer.Body.Length));
        Assert.Equal(4, Client.Echo(new Packet { Number = 4 }).Number);
    }

    [Fact]
    public async Task Unary_ThreeMiB_ComesBack()
    {
        byte[] body = new byte[3 * MiB];
        new Random(1).NextBytes(body);
        Assert.Equal(body, (await Client.EchoAsync(new Packet { Body = ByteString.CopyFrom(body) })).Body.ToByteArray());
    }

    [Fact]
    public async Task Unary_AnswerTooLarge_ResourceExhausted() =>
        await FailsWith(StatusCode.ResourceExhausted, async () => await Client.EchoAsync(new Packet { Size = 5 * MiB }));

    [Fact]
    public async Task Unary_RequestTooLargeForPeer_ResourceExhausted()
    {
        using GrpcChannel unlimited = GrpcChannel.ForAddress("http://" + _channel!.Target);
        await FailsWith(
            StatusCode.ResourceExhausted,
            async () => await new Protos.Interop.InteropClient(unlimited).EchoAsync(new Packet { Body = ByteString.CopyFrom(new byte[5 * MiB]) }));
    }

    [Fact]
    public async Task Unary_StatusWithNonAsciiText_IsRead()
    {
        const string text = "Datei »ä/ß« fehlt: 100 %\nund 文件";
        RpcException e = await FailsWith(StatusCode.NotFound, async () => await Client.EchoAsync(new Packet { FailCode = 5, Text = text }));
        Assert.Equal(text, e.Status.Detail);
    }

    [Fact]
    public async Task Unary_Trailers_AreRead()
    {
        using AsyncUnaryCall<Packet> call = Client.EchoAsync(new Packet { Number = 3, Trailers = true });
        await call;
        AssertTrailers("seen 3", call.GetTrailers());
    }

    [Fact]
    public async Task Unary_TrailersOnly_AreRead()
    {
        RpcException e = await FailsWith(
            StatusCode.FailedPrecondition, async () => await Client.EchoAsync(new Packet { Number = 4, Trailers = true, FailCode = 9, Text = "no" }));
        Assert.Equal("no", e.Status.Detail);
        AssertTrailers("seen 4", e.Trailers);
    }

    [Fact]
    public async Task Unary_UnknownMethod_Unimplemented() =>
        await FailsWith(StatusCode.Unimplemented, async () => await Client.AbsentAsync(new Packet()));

    [Fact]
    public async Task Unary_Hangs_DeadlineExceeded() =>
        await FailsWith(StatusCode.DeadlineExceeded, async () => await Client.EchoAsync(new Packet { Hang = true }, deadline: In(200)));

    [Fact]
    public async Task ClientStreaming_Counts()
    {
        using var call = Client.Collect();
        for (int i = 0; i < 1000; i++)
            await call.RequestStream.WriteAsync(new Packet { Number = i, Body = ByteString.CopyFrom(new byte[100]) });
        await call.RequestStream.CompleteAsync();
        Packet answer = await call;
        Assert.Equal((1000, 100_000), (answer.Number, answer.Size));
    }

    [Fact]
    public async Task ServerStreaming_AllInOrder()
    {
        using var call = Client.Spread(new Packet { Number = 2000, Size = 1000, Trailers = true });
        Assert.Equal(Enumerable.Range(0, 2000), await Numbers(call.ResponseStream));
        AssertTrailers("seen 2000", call.GetTrailers());
    }

    [Fact]
    public async Task ServerStreaming_FailsAfterSome_TheyAreReadFirst()
    {
        using var call = Client.Spread(new Packet { Number = 10, FailCode = 10, Text = "aborted" });
        for (int i = 0; i < 10; i++)
            Assert.True(await call.ResponseStream.MoveNext());
        await FailsWith(StatusCode.Aborted, () => call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task Bidirectional_FiveThousand_AllInOrder()
    {
        using var call = Client.Converse();
        Task<List<int>> numbers = Numbers(call.ResponseStream);
        for (int i = 0; i < 5000; i++)
            await call.RequestStream.WriteAsync(new Packet { Number = i });
        await call.RequestStream.CompleteAsync();
        Assert.Equal(Enumerable.Range(0, 5000), await Eventually.OfAsync(numbers, "5,000 answers"));
    }

    [Fact]
    public async Task Bidirectional_Deadline_DeadlineExceeded()
    {
        using var call = Client.Converse(deadline: In(200));
        await call.RequestStream.WriteAsync(new Packet { Hang = true });
        await FailsWith(StatusCode.DeadlineExceeded, () => call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task Bidirectional_Cancelled_Cancelled()
    {
        using CancellationTokenSource cancellation = new();
        using var call = Client.Converse(cancellationToken: cancellation.Token);
        await call.RequestStream.WriteAsync(new Packet());
        Assert.True(await call.ResponseStream.MoveNext());
        cancellation.Cancel();
        await FailsWith(StatusCode.Cancelled, () => call.ResponseStream.MoveNext());
        await FailsWith(StatusCode.Cancelled, () => call.RequestStream.WriteAsync(new Packet()));
    }

    [Fact]
    public async Task Bidirectional_AbortedByPeer_WritesFailWithItsStatus()
    {
        using var call = Client.Converse();
        await call.RequestStream.WriteAsync(new Packet { FailCode = 10, Text = "enough" });
        await FailsWith(StatusCode.Aborted, () => call.ResponseStream.MoveNext());
        await FailsWith(StatusCode.Aborted, () => call.RequestStream.WriteAsync(new Packet()));
    }

    [Fact]
    public async Task AnyCall_PeerKilled_Unavailable()
    {
        using var call = Client.Converse();
        await call.RequestStream.WriteAsync(new Packet());
        Assert.True(await call.ResponseStream.MoveNext());
        await _peer!.KillAsync();
        await FailsWith(StatusCode.Unavailable, () => call.ResponseStream.MoveNext());
        await FailsWith(StatusCode.Unavailable, async () => await Client.EchoAsync(new Packet()));
    }

    private static DateTime In(int milliseconds) => TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(milliseconds);

    private static async Task<List<int>> Numbers(IAsyncStreamReader<Packet> stream)
    {
        List<int> numbers = [];
        await foreach (Packet packet in stream.ReadAllAsync())
            numbers.Add(packet.Number);
        return numbers;
    }

    private static async Task<RpcException> FailsWith(StatusCode code, Func<Task> call)
    {
        RpcException e = await Assert.ThrowsAsync<RpcException>(() => Eventually.OfAsync(call(), $"status {code}"));
        Assert.True(code == e.StatusCode, e.ToString());
        return e;
    }

    private static void AssertTrailers(string expected, Metadata trailers)
    {
        Assert.Equal(expected, trailers.GetValue("x-interop"));
        Assert.Equal(InteropService.TrailerBytes, trailers.GetValueBytes("x-interop-bin"));
    }
}
