using Capstan.Interop.Tests.Protos;
using Capstan.TestKit;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Capstan.Interop.Tests;

/// <summary>Our client against our server: what no peer could tell apart.</summary>
public sealed class LoopbackTests : IAsyncLifetime
{
    private InteropServer _server = null!;
    private GrpcChannel _channel = null!;
    private Protos.Interop.InteropClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await InteropServer.StartAsync();
        _channel = _server.CreateChannel();
        _client = new Protos.Interop.InteropClient(_channel);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public void Echo_Blocking_Answers() => Assert.Equal(3, _client.Echo(new Packet { Number = 3 }).Number);

    [Fact]
    public async Task Echo_HandlerThrows_UnknownWithoutDetails()
    {
        RpcException e = await Assert.ThrowsAsync<RpcException>(async () => await _client.EchoAsync(new Packet { FailCode = -1 }));
        Assert.Equal(StatusCode.Unknown, e.StatusCode);
        Assert.DoesNotContain("secret", e.Status.Detail);
    }

    [Fact]
    public async Task Converse_BeforeFirstMessage_HeadersArrive()
    {
        using var call = _client.Converse();
        await Eventually.OfAsync(call.ResponseHeadersAsync, "the response headers");
        await call.RequestStream.WriteAsync(new Packet { Number = 1 });
        Assert.True(await call.ResponseStream.MoveNext());
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Converse_BufferedWrites_ArriveWithTheFlushedOne()
    {
        using var call = _client.Converse();
        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
        for (int i = 0; i < 9; i++)
            await call.RequestStream.WriteAsync(new Packet { Number = i });
        call.RequestStream.WriteOptions = null;
        await call.RequestStream.WriteAsync(new Packet { Number = 9 });
        for (int i = 0; i < 10; i++)
        {
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal(i, call.ResponseStream.Current.Number);
        }
    }

    [Fact]
    public async Task Converse_SecondWriteDuringFirst_IsRefused()
    {
        using var call = _client.Converse();
        byte[] body = new byte[3 * 1024 * 1024];
        Task first = call.RequestStream.WriteAsync(new Packet { Body = ByteString.CopyFrom(body) });
        Task second = call.RequestStream.WriteAsync(new Packet());
        if (!second.IsFaulted)
            Assert.True(first.IsCompleted);
        else
            await Assert.ThrowsAsync<InvalidOperationException>(() => second);
    }

    [Fact]
    public async Task Converse_RequestTooLarge_ResourceExhausted()
    {
        using var call = _client.Converse();
        // The channel's own limit would refuse it: a client without one meets the server's.
        using GrpcChannel unlimited = GrpcChannel.ForAddress(_server.Address);
        using var large = new Protos.Interop.InteropClient(unlimited).Converse();
        try
        {
            await large.RequestStream.WriteAsync(new Packet { Body = UnsafeByteOperations.UnsafeWrap(new byte[64 * 1024 * 1024]) });
        }
        catch (RpcException)
        {
            // The server may have answered and closed before the last byte.
        }
        RpcException e = await Assert.ThrowsAsync<RpcException>(() => large.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
        RpcException own = await Assert.ThrowsAsync<RpcException>(
            () => call.RequestStream.WriteAsync(new Packet { Body = UnsafeByteOperations.UnsafeWrap(new byte[5 * 1024 * 1024]) }));
        Assert.Equal(StatusCode.ResourceExhausted, own.StatusCode);
        // The refused message was never on its way: the call goes on.
        await call.RequestStream.WriteAsync(new Packet { Number = 5 });
        Assert.True(await call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task Echo_AnswerTooLarge_RefusedByItsHeaderAlone()
    {
        EndlessBody body = new(declared: 64 * 1024 * 1024);
        using GrpcChannel channel = GrpcChannel.ForAddress("http://127.0.0.1", new GrpcChannelOptions { HttpHandler = new EndlessBodyHandler(body) });
        RpcException e = await Assert.ThrowsAsync<RpcException>(async () => await new Protos.Interop.InteropClient(channel).EchoAsync(new Packet()));
        Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
        Assert.InRange(body.Taken, 1, 128 * 1024);
    }

    [Fact]
    public async Task Converse_HangsPastDeadline_DeadlineExceeded()
    {
        using var call = _client.Converse(deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(100));
        RpcException e = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await call.RequestStream.WriteAsync(new Packet { Hang = true }); // on a slow machine it is over by now
            await call.ResponseStream.MoveNext();
        });
        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
    }

    [Fact]
    public async Task Echo_DeadlinePassed_EndsWithoutRequest()
    {
        RpcException e = await Assert.ThrowsAsync<RpcException>(
            async () => await _client.EchoAsync(new Packet(), deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(-1)));
        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
    }

    [Fact]
    public async Task Echo_CancelledToken_Cancelled()
    {
        using CancellationTokenSource cancellation = new();
        var call = _client.EchoAsync(new Packet { Hang = true }, cancellationToken: cancellation.Token);
        cancellation.Cancel();
        RpcException e = await Assert.ThrowsAsync<RpcException>(async () => await call);
        Assert.Equal(StatusCode.Cancelled, e.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Converse_ClientGivesUpOrDeadlinePasses_HandlerIsCancelled(bool deadline)
    {
        DateTime? at = deadline ? TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(1) : null;
        using var call = _client.Converse(deadline: at);
        await call.RequestStream.WriteAsync(new Packet { Hang = true });
        await Eventually.OfAsync(_server.Probe.Hanging, "the handler to hang");
        if (!deadline)
            call.Dispose();
        await Eventually.OfAsync(_server.Probe.Cancelled, "the handler to be cancelled");
    }

    [Fact]
    public async Task Spread_ClientDoesNotRead_ServerWaitsAndOtherCallsGoOn()
    {
        using var call = _client.Spread(new Packet { Number = 200, Size = 1024 * 1024 });
        // The window is 4 MiB: about so much is on its way, and then the handler waits.
        await Eventually.TrueAsync(() => _server.Probe.Spread >= 4, "the first messages");
        for (int i = 0; i < 100; i++)
            Assert.Equal(i, (await _client.EchoAsync(new Packet { Number = i })).Number);
        Assert.InRange(_server.Probe.Spread, 4, 20);
        int read = 0;
        while (await call.ResponseStream.MoveNext())
            read++;
        Assert.Equal(200, read);
    }

    [Fact]
    public async Task Spread_HandlerSendsHeaders_TheyArriveWithTheResponse()
    {
        using var call = _client.Spread(new Packet { Number = 1, Text = "first" });
        Assert.Equal("first", (await call.ResponseHeadersAsync).GetValue("x-text"));
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task Converse_ServerStops_CallFails()
    {
        using var call = _client.Converse();
        await call.RequestStream.WriteAsync(new Packet { Number = 1 });
        Assert.True(await call.ResponseStream.MoveNext());
        await _server.StopAsync();
        await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        RpcException e = await Assert.ThrowsAsync<RpcException>(async () => await _client.EchoAsync(new Packet()));
        Assert.Equal(StatusCode.Unavailable, e.StatusCode);
    }

    [Fact]
    public async Task Channel_Disposed_EndsItsCalls()
    {
        using var call = _client.Converse();
        Task<bool> read = call.ResponseStream.MoveNext();
        _channel.Dispose();
        RpcException e = await Assert.ThrowsAsync<RpcException>(() => read);
        Assert.Equal(StatusCode.Cancelled, e.StatusCode);
    }
}
