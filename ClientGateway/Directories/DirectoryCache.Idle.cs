using Capstan.Shared;

namespace Capstan.ClientGateway.Directories;

// Of directories that nobody uses only the last ones are kept: what is remembered does not grow with the tree. The rule that makes it safe: one is dropped for want of room between two messages
// alone, when nothing else goes on under the gateway's lock. So whoever has found a state may go on with it as long as it holds the lock; who needs it for longer is seen to use it (IsInUse), or looks it up anew.
internal sealed partial class DirectoryCache
{
    /// <summary>Looked at after one message, at most: many more than a message can add.</summary>
    private const int LooksAtOnce = 16;

    private readonly LinkedList<DirectoryState> _byUse = []; // The last used comes first.

    /// <summary>Directories that are kept, with those in use.</summary>
    public int MaxDirectories { get; } = options.MaxDirectories;

    /// <summary>Whether operations in a directory have not ended.</summary>
    public Func<InodeId, bool>? HasOperations { get; set; }

    /// <summary>Told of each directory that is dropped: for a simulation, which sees to it that nothing happens to it any more.</summary>
    public Action<DirectoryState>? Dropped { get; set; }

    /// <summary>What is too much goes, the least recently used first, with its pages and its caps. Between two messages, and never else.</summary>
    public void DropIdle()
    {
        for (int looks = 0; _directories.Count > MaxDirectories && looks < LooksAtOnce; looks++)
        {
            DirectoryState last = _byUse.Last!.Value;
            if (MayGo(last) && GiveBackCaps(last.Ino))
                Drop(last, EvictionCause.Unused);
            else
                Use(last);
        }
    }

    private bool MayGo(DirectoryState directory) => !directory.IsInUse && directory.Ino != InodeId.Root && HasOperations?.Invoke(directory.Ino) != true;

    /// <summary>False: a reference, or a session that is not open, keeps them.</summary>
    private bool GiveBackCaps(InodeId ino)
    {
        if (caps.Find(ino) is null)
            return true;
        if (session.State == SessionState.Open)
            caps.Release(ino);
        return caps.Find(ino) is null;
    }

    private void Drop(DirectoryState directory, EvictionCause cause)
    {
        directory.Drop(cause);
        _directories.Remove(directory.Ino);
        _byUse.Remove(directory.ByUse);
        if (_found == directory)
            _found = null;
        counters.DirectoriesDropped++;
        Dropped?.Invoke(directory);
    }

    private void Use(DirectoryState directory)
    {
        if (directory.ByUse.Previous is null)
            return;
        _byUse.Remove(directory.ByUse);
        _byUse.AddFirst(directory.ByUse);
    }
}
