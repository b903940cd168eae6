using System.Net;
using System.Net.Sockets;
using System.Text;
using Capstan.Interop.Tests.Protos;
using Capstan.TestKit;
using Grpc.Net.Client;

namespace Capstan.Interop.Tests;

/// <summary>What is not HTTP/2, or not gRPC, at the port: refused, and the server lives on.</summary>
public sealed class GarbageTests : IAsyncLifetime
{
    private const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private InteropServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await InteropServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        using (GrpcChannel channel = _server.CreateChannel())
            Assert.Equal(5, (await new Protos.Interop.InteropClient(channel).EchoAsync(new Packet { Number = 5 })).Number);
        await _server.DisposeAsync();
    }

    public static TheoryData<string, byte[]> Garbage()
    {
        byte[] random = new byte[100_000];
        new Random(42).NextBytes(random);
        return new TheoryData<string, byte[]>
        {
            { "random bytes", random },
            { "zeros", new byte[1000] },
            { "HTTP/1.1", Encoding.ASCII.GetBytes("POST /capstan.interop.Interop/Echo HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n") },
            { "preface and garbage", [.. Encoding.ASCII.GetBytes(Preface), .. random] },
            { "a frame longer than allowed", [.. Encoding.ASCII.GetBytes(Preface), 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 1] },
            { "headers that are no HPACK", [.. Encoding.ASCII.GetBytes(Preface), 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 4, 1, 5, 0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF] },
        };
    }

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Connection_Garbage_IsClosed(string what, byte[] bytes)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _server.Port);
        await Eventually.OfAsync(SendAndReadToEndAsync(socket, bytes), $"the end of a connection that sent {what}");
    }

    [Theory]
    [InlineData("/capstan.interop.Interop/Echo", "application/json", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("/capstan.interop.Interop/Echo", "application/grpc-web", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("/elsewhere/entirely", "application/json", HttpStatusCode.NotFound)]
    public async Task Request_NotGrpc_IsRefused(string path, string contentType, HttpStatusCode expected)
    {
        using HttpClient http = new() { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using HttpResponseMessage response = await http.PostAsync(_server.Address + path, new StringContent("{}", Encoding.UTF8, contentType));
        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 }, "13")]           // shorter than it says
    [InlineData(new byte[] { 0, 0, 0 }, "13")]                    // no whole header
    [InlineData(new byte[] { 1, 0, 0, 0, 0 }, "12")]              // compressed
    [InlineData(new byte[] { 0, 0, 0, 0, 2, 0xFF, 0xFF }, "13")]  // not the message
    [InlineData(new byte[] { 0, 0xFF, 0xFF, 0xFF, 0xFF }, "8")]   // 4 GiB to come
    [InlineData(new byte[] { }, "13")]                            // no message
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, "13")] // two messages
    public async Task Request_BodyIsNoMessage_StatusTellsWhy(byte[] body, string status)
    {
        using HttpClient http = new() { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using ByteArrayContent content = new(body);
        content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        using HttpResponseMessage response = await http.PostAsync(_server.Address + "/capstan.interop.Interop/Echo", content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(status, response.Headers.GetValues("grpc-status").Single());
    }

    private static async Task SendAndReadToEndAsync(Socket socket, byte[] bytes)
    {
        try
        {
            await socket.SendAsync(bytes);
            socket.Shutdown(SocketShutdown.Send);
            byte[] buffer = new byte[4096];
            while (await socket.ReceiveAsync(buffer) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Reset: closed as well.
        }
    }
}
