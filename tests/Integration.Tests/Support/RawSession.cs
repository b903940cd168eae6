using System.Collections.Concurrent;
using Capstan.Shared.Wire;
using Capstan.TestKit;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Protos = Capstan.Shared.Protos;

namespace Capstan.Integration.Tests;

/// <summary>A session stream spoken by hand with the generated messages: no gateway looks at what is sent.</summary>
internal sealed class RawSession : IAsyncDisposable
{
    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<Protos.ClientFrame, Protos.ServerFrame> _call;
    private readonly ConcurrentQueue<Protos.ServerMessage> _received = [];
    private readonly Task<Status> _ended;
    private long _tid;

    private RawSession(string address)
    {
        _channel = WireChannel.Create(address);
        _call = new Protos.Metadata.MetadataClient(_channel).Session();
        _ended = ReadAsync();
    }

    public static readonly Protos.Caller Root = new();

    public Protos.SessionOpened Opened { get; private set; } = new();

    public ByteString Id => Opened.SessionId;

    /// <summary>The status with which the MDS ended the stream.</summary>
    public Task<Status> Ended => _ended;

    /// <summary>A connection on which nothing has been said.</summary>
    public static RawSession Connect(string address) => new(address);

    public static async Task<RawSession> OpenAsync(string address, ByteString? id = null, string name = "", bool strict = false)
    {
        RawSession session = new(address);
        await session.SendAsync(new Protos.ClientMessage { SessionOpen = new Protos.SessionOpen { SessionId = id ?? ByteString.Empty, ClientName = name.Length > 0 ? name : Guid.NewGuid().ToString(), Protocol = 1, StrictDeltas = strict } });
        session.Opened = (await session.ReceiveAsync(m => m.SessionOpened is not null, "SessionOpened")).SessionOpened;
        return session;
    }

    /// <summary>What the MDS no longer takes is not an error here: it has ended the stream, and the end says why.</summary>
    public async Task SendAsync(params Protos.ClientMessage[] messages)
    {
        Protos.ClientFrame frame = new();
        frame.Messages.AddRange(messages);
        try
        {
            await _call.RequestStream.WriteAsync(frame);
        }
        catch (RpcException)
        {
        }
    }

    public async Task<Protos.ServerMessage> ReceiveAsync(Func<Protos.ServerMessage, bool> which, string what)
    {
        Protos.ServerMessage? found = null;
        await Eventually.TrueAsync(() => (found = _received.FirstOrDefault(which)) is not null || _ended.IsCompleted, what, state: () => string.Join('\n', _received.TakeLast(5)));
        return found ?? _received.FirstOrDefault(which) ?? throw new InvalidOperationException($"The stream ended with {await _ended} before {what}.");
    }

    public int Count(Func<Protos.ServerMessage, bool> which) => _received.Count(which);

    /// <summary>Sends a request as root, under the next tid, and waits for its reply.</summary>
    public Task<Protos.Reply> CallAsync(Action<Protos.Request> body) => CallAsync(Root, body);

    public async Task<Protos.Reply> CallAsync(Protos.Caller? caller, Action<Protos.Request> body)
    {
        Protos.Request request = new() { Tid = ++_tid, OldestTid = 1, Caller = caller };
        body(request);
        await SendAsync(new Protos.ClientMessage { Request = request });
        return await ReplyAsync(request.Tid, request.OpCase.ToString());
    }

    public async Task<Protos.Reply> ReplyAsync(long tid, string what)
    {
        Protos.ServerMessage message = await ReceiveAsync(m => m.Reply?.Tid == tid || Covers(m.ReplyRun, tid), $"the reply to {what} (tid {tid})");
        return message.Reply ?? new Protos.Reply { Tid = tid };
    }

    public Task<Status> EndAsync() => Eventually.OfAsync(_ended, "the end of a session stream");

    public async ValueTask DisposeAsync()
    {
        _call.Dispose();
        await _ended;
        _channel.Dispose();
    }

    private static bool Covers(Protos.ReplyRun? run, long tid) => run is not null && run.FirstTid <= tid && tid < run.FirstTid + run.Count;

    private async Task<Status> ReadAsync()
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(CancellationToken.None))
            {
                foreach (Protos.ServerMessage message in _call.ResponseStream.Current.Messages)
                    _received.Enqueue(message);
            }
            return new Status(StatusCode.OK, "");
        }
        catch (RpcException e)
        {
            return e.Status;
        }
    }
}
