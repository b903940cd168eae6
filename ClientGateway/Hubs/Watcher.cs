namespace Capstan.ClientGateway.Hubs;

/// <summary>
/// One connection that watches one feed. What it has not taken yet waits here, in order and bounded: a watcher that reads too slowly is told so
/// instead of the rest, and gets nothing more until it watches anew. Posted to under the broadcaster's lock; sends by itself.
/// </summary>
/// <param name="send">Completes when the connection has room again.</param>
internal sealed class Watcher(string connection, SharedPayload stale, Func<SharedPayload, Task> send)
{
    private const int MaxWaiting = 32;

    private readonly Lock _gate = new();
    private readonly Queue<SharedPayload> _waiting = [];
    private bool _isSending;

    public string Connection => connection;

    /// <summary>It has missed something, and must ask anew.</summary>
    public bool IsStale { get; private set; }

    /// <summary>Another takes its place: what it has not sent is not sent.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            IsStale = true;
            _waiting.Clear();
        }
    }

    public static bool HoldsAtOnce(int messages) => messages <= MaxWaiting;

    public void Post(SharedPayload message)
    {
        lock (_gate)
        {
            if (IsStale)
                return;
            if (_waiting.Count >= MaxWaiting)
            {
                IsStale = true;
                _waiting.Clear();
                message = stale;
            }
            _waiting.Enqueue(message);
            if (_isSending)
                return;
            _isSending = true;
        }
        _ = SendAsync();
    }

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                SharedPayload? next;
                lock (_gate)
                {
                    if (!_waiting.TryDequeue(out next))
                    {
                        _isSending = false;
                        return;
                    }
                }
                await send(next).ConfigureAwait(false);
            }
        }
        catch (Exception)
        {
            // The connection is gone, whatever it died of; the hub forgets the watcher when it hears of it.
            lock (_gate)
            {
                IsStale = true;
                _waiting.Clear();
            }
        }
    }
}
