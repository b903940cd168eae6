using System.Diagnostics;
using Capstan.Mds.Sessions;
using Capstan.Shared.Messages;
using Capstan.Shared.Wire;
using Grpc.Core;
using Protos = Capstan.Shared.Protos;

namespace Capstan.Mds.Hosting;

/// <summary>A session's stream on the server side: takes what is queued, one write a batch.</summary>
internal sealed class SessionLink : ISessionLink
{
    /// <summary>An answer that took so long tells where its time went; one in so many of a batch at most, for those that tell are not packed.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(20);

    private const int SlowOnesToldOf = 8;

    /// <summary>A gateway that takes nothing for so long behind is cut off; it will come back and ask anew. What the rules say never waits; it is bounded by the requests that a session may have out.</summary>
    private const int MaxBytes = 256 * 1024 * 1024;

    /// <summary>Taken out of the queue at once: what is in a batch cannot be overtaken any more.</summary>
    private const int BatchBytes = 512 * 1024;

    private readonly TimeProvider _time;
    private readonly PageRoom _room;
    private readonly Lock _gate = new();
    private List<ServerMessage> _queue = [];
    private long _queuedBytes;
    private bool _isClosed;

    /// <summary>Requests that are not answered yet, but for runs: when they came, and their spans.</summary>
    private readonly Dictionary<long, (long At, Activity? Span)> _arrived = [];

    private TaskCompletionSource _wake = NewSignal();

    public SessionLink(TimeProvider time, PageRoom room)
    {
        _time = time;
        _room = room;
        room.Opened();
    }

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
        long now = _time.GetTimestamp();
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
            _wake.TrySetResult();
            if (_queuedBytes <= MaxBytes)
                return;
            CloseReason = "the gateway reads too slowly";
            _isClosed = true;
        }
        Cut.Cancel();
        _room.Closed(); // A page stream that waits holds a snapshot of the store.
    }

    public void SendPage(PageMessage page, bool isWaitedFor)
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            int at = _queue.Count;
            while (isWaitedFor && at > 0 && _queue[at - 1] is PageMessage other && other.Tid != page.Tid)
                at--;
            _queue.Insert(at, page);
            _queuedBytes += SizeOf(page);
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
        }
        _room.Closed();
    }

    /// <summary>A page may be queued. Those of a closed link are dropped.</summary>
    public bool HasRoom(bool isWaitedFor)
    {
        lock (_gate)
            return _isClosed || _queuedBytes < (isWaitedFor ? PageRoom.MostWaitedFor : _room.Share);
    }

    /// <summary>Writes until the link is closed and what was queued before is out.</summary>
    public async Task WriteAsync(IServerStreamWriter<Protos.ServerFrame> stream, CancellationToken cancellation)
    {
        while (true)
        {
            Task wake;
            bool isClosed;
            List<ServerMessage> batch;
            long bytes;
            lock (_gate)
            {
                wake = _wake.Task;
                isClosed = _isClosed;
                (batch, bytes) = TakeBatch();
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
                _queuedBytes -= bytes;
            _room.Taken();
        }
    }

    private void Time(List<ServerMessage> batch)
    {
        long now = _time.GetTimestamp();
        int told = 0;
        lock (_gate)
        {
            for (int i = 0; i < batch.Count && _arrived.Count > 0; i++)
            {
                if (batch[i] is not Reply reply || !_arrived.Remove(reply.Tid, out (long At, Activity? Span) request))
                    continue;
                if (request.Span is not null)
                    MdsTracing.End(request.Span, reply);
                TimeSpan served = _time.GetElapsedTime(request.At, now);
                if (served < Slow || told++ >= SlowOnesToldOf)
                    continue;
                RequestTimes times = new() { Served = served, Parked = reply.Times?.Parked ?? default, Held = reply.Times?.Held ?? default };
                batch[i] = reply with { Times = times };
            }
        }
    }

    private (List<ServerMessage> Batch, long Bytes) TakeBatch()
    {
        long bytes = 0;
        int count = 0;
        while (bytes < BatchBytes && count < _queue.Count)
            bytes += SizeOf(_queue[count++]);
        List<ServerMessage> batch = _queue;
        _queue = [.. batch.Skip(count)];
        batch.RemoveRange(count, batch.Count - count);
        return (batch, bytes);
    }

    private static int SizeOf(ServerMessage message) => message is PageMessage page ? page.Page.Length : 64;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
