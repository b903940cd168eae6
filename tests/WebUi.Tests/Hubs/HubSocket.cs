using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using Capstan.ClientGateway.Hubs;

namespace Capstan.WebUi.Tests.Hubs;

/// <summary>A watcher that speaks SignalR's JSON protocol over a socket of its own, with a small window, so that it can stop reading.</summary>
internal sealed class HubSocket : IAsyncDisposable
{
    private const byte EndOfMessage = 0x1E;
    private const int Invocation = 1;
    private const int Completion = 3;

    private static readonly JsonSerializerOptions WithoutNulls = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly ClientWebSocket _socket = new();
    private readonly SocketsHttpHandler _handler = new() { ConnectCallback = ConnectAsync };
    private readonly HttpMessageInvoker _invoker;
    private readonly Channel<(string Method, JsonElement Message)> _received = Channel.CreateUnbounded<(string, JsonElement)>();
    private readonly Dictionary<string, TaskCompletionSource<JsonElement>> _calls = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _sending = new(1);
    private Task _reading = Task.CompletedTask;
    private Task _pinging = Task.CompletedTask;
    private int _callsMade;

    private HubSocket() => _invoker = new HttpMessageInvoker(_handler);

    public static async Task<HubSocket> ConnectAsync(Uri server, bool reads = true)
    {
        HubSocket hub = new();
        await hub._socket.ConnectAsync(new Uri($"ws://{server.Authority}{OperationsHub.Path}"), hub._invoker, hub._stop.Token);
        await hub.SendAsync("""{"protocol":"json","version":1}""");
        hub._pinging = hub.PingAsync();
        if (reads)
            hub.Read();
        return hub;
    }

    public void Read() => _reading = ReadAsync();

    public async Task<JsonElement> CallAsync(string method, params object[] arguments)
    {
        string id = $"{Interlocked.Increment(ref _callsMade)}";
        TaskCompletionSource<JsonElement> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_calls)
            _calls[id] = done;
        await TellAsync(method, id, arguments);
        return await done.Task;
    }

    /// <summary>Without waiting for an answer.</summary>
    public Task TellAsync(string method, params object[] arguments) => TellAsync(method, null, arguments);

    /// <summary>The next message that the hub sends of its own.</summary>
    public async Task<(string Method, JsonElement Message)> NextAsync() => await _received.Reader.ReadAsync(_stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _pinging.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _invoker.Dispose();
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 16 * 1024 };
        await socket.ConnectAsync(context.DnsEndPoint, cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private Task TellAsync(string method, string? id, object[] arguments) =>
        SendAsync(JsonSerializer.Serialize(new { type = Invocation, target = method, invocationId = id, arguments }, WithoutNulls));

    private async Task SendAsync(string message)
    {
        await _sending.WaitAsync(_stop.Token);
        try
        {
            await _socket.SendAsync(Encoding.UTF8.GetBytes(message + (char)EndOfMessage), WebSocketMessageType.Text, endOfMessage: true, _stop.Token);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>A client that says nothing for half a minute is taken for gone.</summary>
    private async Task PingAsync()
    {
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(5));
        while (await timer.WaitForNextTickAsync(_stop.Token))
            await SendAsync("""{"type":6}""");
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[64 * 1024];
        int filled = 0;
        while (true)
        {
            if (filled == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
            ValueWebSocketReceiveResult read = await _socket.ReceiveAsync(buffer.AsMemory(filled), _stop.Token);
            if (read.MessageType == WebSocketMessageType.Close)
                return;
            filled += read.Count;
            int start = 0;
            for (int end; (end = buffer.AsSpan(start, filled - start).IndexOf(EndOfMessage)) >= 0; start += end + 1)
                Take(buffer.AsSpan(start, end));
            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
        }
    }

    private void Take(ReadOnlySpan<byte> json)
    {
        JsonElement message = JsonSerializer.Deserialize<JsonElement>(json);
        if (!message.TryGetProperty("type", out JsonElement type))
            return; // The handshake's answer.
        if (type.GetInt32() == Invocation)
        {
            _received.Writer.TryWrite((message.GetProperty("target").GetString()!, message.GetProperty("arguments")[0]));
        }
        else if (type.GetInt32() == Completion)
        {
            TaskCompletionSource<JsonElement>? call;
            lock (_calls)
                _calls.Remove(message.GetProperty("invocationId").GetString()!, out call);
            if (message.TryGetProperty("error", out JsonElement error))
                call!.TrySetException(new InvalidOperationException(error.GetString()));
            else
                call!.TrySetResult(message.TryGetProperty("result", out JsonElement result) ? result : default);
        }
    }
}
