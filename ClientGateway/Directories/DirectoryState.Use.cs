namespace Capstan.ClientGateway.Directories;

// Whether anybody needs what is known of the directory.
internal sealed partial class DirectoryState
{
    private LinkedListNode<DirectoryState>? _byUse;

    /// <summary>Its place among the directories of the gateway, by when they were used last.</summary>
    public LinkedListNode<DirectoryState> ByUse => _byUse ??= new LinkedListNode<DirectoryState>(this);

    /// <summary>
    /// Somebody looks at it, waits for it, or is to be told of it. Operations and caps on it are known elsewhere. An arrangement that nobody looks at is no use: it goes with its rows.
    /// </summary>
    public bool IsInUse =>
        Viewers > 0 || Waiters.Count > 0 || StreamsUnderWay > 0 || Settling is not null || Leaving.Count > 0 || Shared.IsAnyOnItsWay || Follower is { IsIdle: false };

    /// <summary>It is not the gateway's any more: another one may be in its place, and this one is told nothing.</summary>
    public bool IsDropped { get; private set; }

    public void Drop(EvictionCause cause)
    {
        DropPages(cause);
        Follower = null;
        IsKnown = false;
        IsDropped = true;
    }

    private void ForgetNames()
    {
        if (Names.Count == 0)
            return;
        Names.Clear();
        Names.TrimExcess(); // There may have been thousands.
    }
}
