using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;

namespace Capstan.ClientGateway.Hubs;

/// <summary>
/// Compares the operation log with what was told last, ten times a second, only when its counter has moved and only while
/// somebody watches, and tells the difference. What happens between two batches is one message, however much it is.
/// </summary>
public sealed class OperationsBroadcaster(IFileSystemClient client, IHubContext<OperationsHub> hub, TimeProvider time) : BackgroundService
{
    /// <summary>Scopes that are watched at once; each costs a look at the log with each batch.</summary>
    private const int MaxFeeds = 200;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a feed is kept up without watchers: one whose connection broke may come back.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<WatchScope, OperationFeed> _feeds = [];

    /// <summary>No feed ever begins below it: not after another was forgotten, and not after a restart.</summary>
    private long _sequence = time.GetUtcNow().ToUnixTimeMilliseconds();

    private long _counter = -1;

    /// <summary>Who watches, and how many of them have read too slowly and not asked anew.</summary>
    public (int Watching, int Stale) Watchers
    {
        get
        {
            lock (_gate)
                return (_feeds.Values.Sum(f => f.Watchers.Count), _feeds.Values.Sum(f => f.Watchers.Count(w => w.IsStale)));
        }
    }

    /// <summary>Tells the connection where the scope stands, and from then on what changes. False: too many scopes are watched.</summary>
    internal bool TryWatch(string connection, WatchScope scope)
    {
        lock (_gate)
        {
            if (!_feeds.TryGetValue(scope, out OperationFeed? feed))
            {
                if (_feeds.Count >= MaxFeeds)
                    return false;
                _feeds.Add(scope, feed = new OperationFeed(scope, _sequence));
            }
            feed.Advance(client.Operations);
            Add(feed, connection, scope).Post(feed.Snapshot());
            return true;
        }
    }

    /// <summary>Goes on behind what the connection has seen. False: that is not known any more, and a new snapshot is wanted.</summary>
    internal bool TryResume(string connection, WatchScope scope, long seen)
    {
        lock (_gate)
        {
            if (!_feeds.TryGetValue(scope, out OperationFeed? feed) || feed.Since(seen) is not { } missed)
                return false;
            Watcher watcher = Add(feed, connection, scope);
            missed.ForEach(watcher.Post);
            return true;
        }
    }

    internal void Forget(string connection, WatchScope? scope = null)
    {
        lock (_gate)
        {
            foreach ((WatchScope of, OperationFeed feed) in _feeds)
            {
                if ((scope is null || scope == of) && feed.Watchers.RemoveAll(w => w.Connection == connection) > 0 && feed.Watchers.Count == 0)
                    feed.AloneSince = time.GetTimestamp();
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Advance();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private Watcher Add(OperationFeed feed, string connection, WatchScope scope)
    {
        foreach (Watcher before in feed.Watchers.Where(w => w.Connection == connection))
            before.Stop();
        feed.Watchers.RemoveAll(w => w.Connection == connection);
        feed.AloneSince = 0;
        ISingleClientProxy receiver = hub.Clients.Client(connection);
        Watcher watcher = new(
            connection, SharedPayload.Of(OperationsHub.StaleMethod, new OperationsStaleMessage(scope.Name)), message => receiver.SendAsync(message.Method, message));
        feed.Watchers.Add(watcher);
        return watcher;
    }

    private void Advance()
    {
        lock (_gate)
        {
            if (_feeds.Count == 0)
                return;
            long counter = client.Operations.ChangeCounter;
            bool changed = counter != _counter;
            _counter = counter;
            foreach ((WatchScope scope, OperationFeed feed) in _feeds)
            {
                if (changed)
                    feed.Advance(client.Operations);
                _sequence = Math.Max(_sequence, feed.Sequence + 1);
                if (feed.AloneSince != 0 && time.GetElapsedTime(feed.AloneSince) > Linger)
                    _feeds.Remove(scope);
            }
        }
    }
}
