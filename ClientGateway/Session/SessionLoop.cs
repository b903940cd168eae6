using Capstan.Shared.Messages;
using Capstan.Shared.Wire;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Protos = Capstan.Shared.Protos;

namespace Capstan.ClientGateway.Session;

/// <summary>The connection: keeps a session stream to the MDS, sends the outbox, feeds what arrives to the rules, renews the lease, comes back after a cut.</summary>
internal sealed partial class SessionLoop(GatewayCore core, GrpcChannel channel, ILogger<SessionLoop> logger) : IAsyncDisposable
{
    /// <summary>About a millisecond.</summary>
    private const int RepliesATurn = 512;

    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(250);

    private readonly Protos.Metadata.MetadataClient _client = new(channel);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly TaskCompletionSource _firstOpened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;
    private CancellationTokenSource? _cut;
    private volatile bool _isClosing;

    /// <summary>Completes when the session is open for the first time.</summary>
    public Task FirstOpened => _firstOpened.Task;

    public void Start() => _running = RunAsync(_stop.Token);

    /// <summary>There may be mail to send. From any thread, never blocks.</summary>
    public void Flush()
    {
        if (_wake.CurrentCount > 0)
            return;
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else has woken it: that is enough.
        }
    }

    /// <summary>Cuts the connection; the session comes back by itself.</summary>
    public void Reconnect() => _cut?.Cancel();

    public async ValueTask DisposeAsync()
    {
        _isClosing = true;
        lock (core.Gate)
            core.Close();
        Flush();
        // The close message gets a moment to leave; a server that takes nothing is not waited for.
        await Task.Delay(TimeSpan.FromMilliseconds(50), core.Time).ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        TimeSpan delay = core.Options.ReconnectDelay;
        while (!_isClosing)
        {
            bool wasOpen = false;
            try
            {
                wasOpen = await RunConnectionAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (e is RpcException or OperationCanceledException or IOException or HttpRequestException)
            {
                if (!_isClosing)
                    LogCut(core.Options.Endpoint, e is RpcException rpc ? rpc.Status.Detail : e.Message);
            }
            catch (Exception e)
            {
                LogBroken(e);
            }
            lock (core.Gate)
            {
                wasOpen |= core.Session.State is SessionState.Open or SessionState.Reclaiming;
                core.Disconnected();
            }
            delay = wasOpen ? core.Options.ReconnectDelay : delay * 2 < core.Options.MaxReconnectDelay ? delay * 2 : core.Options.MaxReconnectDelay;
            await Task.Delay(delay, core.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> RunConnectionAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource connection = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _cut = connection;
        using AsyncDuplexStreamingCall<Protos.ClientFrame, Protos.ServerFrame> call = _client.Session(cancellationToken: connection.Token);
        lock (core.Gate)
            core.Connected();
        Task sending = CutAfterAsync(SendAsync(call.RequestStream, connection.Token), connection);
        Task ticking = CutAfterAsync(TickAsync(connection.Token), connection);
        try
        {
            bool isOpen = false;
            while (await call.ResponseStream.MoveNext(connection.Token).ConfigureAwait(false))
            {
                List<ServerMessage> messages = InTurns(ServerMessageCodec.Decode(call.ResponseStream.Current));
                for (int next = 0; next < messages.Count;)
                {
                    core.Turns.LetOthersAhead(); // A thousand replies are bulk work, too: what they have let go must be sent meanwhile.
                    using (core.Turns.EnterAhead())
                    {
                        next = Receive(messages, next);
                        isOpen |= core.Session.State == SessionState.Open;
                    }
                }
                if (isOpen)
                    _firstOpened.TrySetResult();
                Flush();
            }
            return isOpen;
        }
        finally
        {
            _cut = null;
            await connection.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(sending, ticking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static List<ServerMessage> InTurns(IReadOnlyList<ServerMessage> messages)
    {
        List<ServerMessage> turns = new(messages.Count);
        foreach (ServerMessage message in messages)
        {
            if (message is ReplyRun { Count: > RepliesATurn } run)
                turns.AddRange(run.InPartsOf(RepliesATurn));
            else
                turns.Add(message);
        }
        return turns;
    }

    /// <summary>One turn: at least so much that the turn was worth it, all when nobody waits. Returns the next message.</summary>
    private int Receive(List<ServerMessage> messages, int next)
    {
        int replies = 0;
        do
        {
            replies += messages[next] is ReplyRun run ? run.Count : 1;
            core.Receive(messages[next++]);
        }
        while (next < messages.Count && !(replies >= RepliesATurn && core.Turns.IsAwaited));
        return next;
    }

    /// <summary>A connection on which nothing is sent any more must not pass for open.</summary>
    private async Task CutAfterAsync(Task work, CancellationTokenSource connection)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (Exception e) when (!connection.IsCancellationRequested)
        {
            if (e is not (RpcException or IOException))
                LogBroken(e);
            await connection.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task SendAsync(IClientStreamWriter<Protos.ClientFrame> stream, CancellationToken cancellation)
    {
        while (true)
        {
            List<ClientMessage> mail;
            using (core.Turns.EnterAhead())
                mail = core.Session.TakeOutbox();
            if (mail.Count == 0)
            {
                await _wake.WaitAsync(cancellation).ConfigureAwait(false);
                continue;
            }
            foreach (Protos.ClientFrame frame in ClientMessageCodec.Encode(mail))
                await stream.WriteAsync(frame, cancellation).ConfigureAwait(false);
        }
    }

    private async Task TickAsync(CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(TickInterval, core.Time);
        long renewedAt = 0;
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
        {
            lock (core.Gate)
            {
                // Four times a lease is enough to keep it; once a second keeps the round-trip time current for those who watch.
                TimeSpan interval = TimeSpan.FromSeconds(Math.Min(1, core.Session.Lease.TotalSeconds / 4));
                if (core.Session.State is SessionState.Open or SessionState.Reclaiming && core.Time.GetElapsedTime(renewedAt) >= interval)
                {
                    renewedAt = core.Time.GetTimestamp();
                    core.Session.Renew();
                }
            }
            Flush();
        }
    }

    [LoggerMessage(3101, LogLevel.Warning, "The connection to the MDS at {Endpoint} was cut: {Reason}")]
    private partial void LogCut(string endpoint, string reason);

    [LoggerMessage(3102, LogLevel.Error, "The session met a broken invariant; it is resumed on a new connection.")]
    private partial void LogBroken(Exception e);
}
