using System.Globalization;
using Microsoft.AspNetCore.SignalR;

namespace Capstan.ClientGateway.Hubs;

/// <summary>
/// Pending operations for scripts and tools; docs/watching.md says how to use it. A watcher is sent <c>snapshot</c>, then <c>operations</c>, one
/// batch at most each 100 ms, numbered without gaps; one that reads too slowly is sent <c>stale</c> instead, and asks to watch again.
/// </summary>
public sealed class OperationsHub(OperationsBroadcaster broadcaster) : Hub
{
    public const string Path = "/hubs/operations";

    internal const string SnapshotMethod = "snapshot";
    internal const string BatchMethod = "operations";
    internal const string StaleMethod = "stale";

    public void Watch() => Watch(WatchScope.Everything);

    /// <param name="directory">Its inode number, as text.</param>
    public void WatchDirectory(string directory) => Watch(Scope($"directory:{directory}"));

    public void WatchJob(long job) => Watch(Scope(string.Create(CultureInfo.InvariantCulture, $"job:{job}")));

    /// <summary>After a connection broke: sends what has come since. False: that is not known any more; watch again.</summary>
    /// <param name="feed">As the snapshot named it.</param>
    /// <param name="sequence">Of the last snapshot or batch that was taken.</param>
    public bool Resume(string feed, long sequence) => broadcaster.TryResume(Context.ConnectionId, Scope(feed), sequence);

    public void Unwatch(string feed) => broadcaster.Forget(Context.ConnectionId, Scope(feed));

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        broadcaster.Forget(Context.ConnectionId);
        return base.OnDisconnectedAsync(exception);
    }

    private void Watch(WatchScope scope)
    {
        if (!broadcaster.TryWatch(Context.ConnectionId, scope))
            throw new HubException("Too many different directories and jobs are watched at once.");
    }

    private static WatchScope Scope(string feed) =>
        WatchScope.TryParse(feed, out WatchScope scope) ? scope : throw new HubException($"'{feed}' is no feed: say all, directory:NUMBER or job:NUMBER.");
}
