using System.Diagnostics;
using Capstan.Mds.Sessions;
using Capstan.Shared.Messages;
using Capstan.Shared.Wire;
using Grpc.Core;
using Protos = Capstan.Shared.Protos;

namespace Capstan.Mds.Hosting;

/// <summary>A session's stream on the server side: takes what is queued, one write a batch.</summary>
internal sealed class SessionLink(TimeProvider time) : ISessionLink
{
    /// <summary>An answer that took so long tells where its time went; one in so many of a batch at most, for those that tell are not packed.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(20);

    private const int SlowOnesToldOf = 8;

    /// <summary>Pages wait for room here; what the rules say never waits, it is bounded by the requests that a session may have out.</summary>
    private const int RoomyBytes = 4 * 1024 * 1024;

    /// <summary>A gateway that takes nothing for so long behind is cut off; it will come back and ask anew.</summary>
    private const int MaxBytes = 256 * 1024 * 1024;

    private readonly Lock _gate = new();
    private List<ServerMessage> _queue = [];
    private long _queuedBytes;
    private bool _isClosed;

    /// <summary>Requests that are not answered yet, but for runs: when they came, and their spans.</summary>
    private readonly Dictionary<long, (long At, Activity? Span)> _arrived = [];

    private TaskCompletionSource _wake = NewSignal();
    private TaskCompletionSource? _room;

    /// <summary>The session that this link opened; set by the loop.</summary>
    public MdsSession? Session { get; set; }

    public CancellationTokenSource Cut { get; } = new();

    public string CloseReason { get; private set; } = "";

    public bool IsClosed
    {
        get
        {
            lock (_gate)
                return _isClosed;
        }
    }

    public void Arrived(IReadOnlyList<ClientMessage> messages)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            foreach (ClientMessage message in messages)
            {
                if (message is Request request)
                    _arrived[request.Tid] = (now, MdsTracing.Begin(request));
            }
        }
    }

    public void Send(IReadOnlyList<ServerMessage> messages)
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            foreach (ServerMessage message in messages)
            {
                _queue.Add(message);
                _queuedBytes += SizeOf(message);
            }
            if (_queuedBytes > MaxBytes)
            {
                CloseReason = "the gateway reads too slowly";
                _isClosed = true;
                _room?.TrySetResult(); // A page stream that waits holds a snapshot of the store.
                Cut.Cancel();
            }
            _wake.TrySetResult();
        }
    }

    public void Close(string reason)
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            CloseReason = reason;
            _isClosed = true;
            _wake.TrySetResult();
            _room?.TrySetResult();
        }
    }

    /// <summary>Completes when a page may be queued.</summary>
    public Task RoomAsync()
    {
        lock (_gate)
        {
            if (_isClosed || _queuedBytes < RoomyBytes)
                return Task.CompletedTask;
            return (_room ??= NewSignal()).Task;
        }
    }

    /// <summary>Writes until the link is closed and what was queued before is out.</summary>
    public async Task WriteAsync(IServerStreamWriter<Protos.ServerFrame> stream, CancellationToken cancellation)
    {
        while (true)
        {
            Task wake;
            List<ServerMessage> batch;
            bool isClosed;
            lock (_gate)
            {
                wake = _wake.Task;
                batch = _queue;
                _queue = [];
                isClosed = _isClosed;
                if (batch.Count == 0 && !isClosed)
                    wake = (_wake = NewSignal()).Task;
            }
            if (batch.Count == 0)
            {
                if (isClosed)
                    return;
                await wake.WaitAsync(cancellation).ConfigureAwait(false);
                continue;
            }
            Time(batch);
            foreach (Protos.ServerFrame frame in ServerMessageCodec.Encode(batch))
                await stream.WriteAsync(frame, cancellation).ConfigureAwait(false);
            lock (_gate)
            {
                foreach (ServerMessage message in batch)
                    _queuedBytes -= SizeOf(message);
                if (_queuedBytes < RoomyBytes)
                {
                    _room?.TrySetResult();
                    _room = null;
                }
            }
        }
    }

    private void Time(List<ServerMessage> batch)
    {
        long now = time.GetTimestamp();
        int told = 0;
        lock (_gate)
        {
            for (int i = 0; i < batch.Count && _arrived.Count > 0; i++)
            {
                if (batch[i] is not Reply reply || !_arrived.Remove(reply.Tid, out (long At, Activity? Span) request))
                    continue;
                if (request.Span is not null)
                    MdsTracing.End(request.Span, reply);
                TimeSpan served = time.GetElapsedTime(request.At, now);
                if (served < Slow || told++ >= SlowOnesToldOf)
                    continue;
                RequestTimes times = new() { Served = served, Parked = reply.Times?.Parked ?? default, Held = reply.Times?.Held ?? default };
                batch[i] = reply with { Times = times };
            }
        }
    }

    private static int SizeOf(ServerMessage message) => message is PageMessage page ? page.Page.Length : 64;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
