using Microsoft.AspNetCore.SignalR;

namespace Capstan.ClientGateway.Hubs;

/// <summary>
/// Pending operations for scripts and tools. <c>Watch</c> returns a snapshot and subscribes to <c>operations</c>, one batch
/// at most each 100 ms; a gap in the sequence is closed by calling <c>Watch</c> again.
/// </summary>
public sealed class OperationsHub(OperationsBroadcaster broadcaster) : Hub
{
    public const string Path = "/hubs/operations";

    internal const string Watchers = "watchers";
    internal const string BatchMethod = "operations";

    public async Task<OperationsSnapshotMessage> Watch()
    {
        // Subscribed before the snapshot is taken: a batch may come twice, none is missed.
        await Groups.AddToGroupAsync(Context.ConnectionId, Watchers, Context.ConnectionAborted);
        return broadcaster.Snapshot();
    }

    public Task Unwatch() => Groups.RemoveFromGroupAsync(Context.ConnectionId, Watchers, Context.ConnectionAborted);
}
