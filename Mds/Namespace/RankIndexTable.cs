using Capstan.Mds.Storage;

namespace Capstan.Mds.Namespace;

/// <summary>
/// The rank indexes in memory, made when a directory is first jumped in, the least recently used ones dropped over a bound.
/// Small directories are indexed at once; a large one by its first reader, so that the loop never waits for a full pass.
/// </summary>
internal sealed class RankIndexTable
{
    /// <summary>Indexed by the loop itself in less than a millisecond.</summary>
    public const int SmallDirectory = 32 * RankIndex.RunLength;

    /// <summary>Some 100 bytes each.</summary>
    private const int MaxRuns = 256 * 1024;

    private readonly LinkedList<DirectoryState> _byUse = [];
    private readonly List<DirectoryState> _building = [];

    /// <summary>Between groups. Null: there is none yet, and <paramref name="build"/>, unless somebody else is at it, asks for one.</summary>
    public RankIndex? Find(INamespaceReader reader, DirectoryState directory, out RankIndexBuild? build)
    {
        build = null;
        if (directory.Ranks is { } known)
        {
            _byUse.Remove(directory);
            _byUse.AddFirst(directory);
            return known;
        }
        if (directory.Record.Entries <= SmallDirectory)
            return Keep(directory, RankIndex.Build(reader, directory.Ino, directory.Record.Entries));
        if (directory.Building is { Built: { } built } done)
        {
            built.CatchUp(reader, done.Changes);
            return Keep(directory, built);
        }
        if (directory.Building is not { IsAbandoned: false })
        {
            directory.Building = build = new RankIndexBuild();
            _building.Add(directory);
        }
        return null;
    }

    /// <summary>Between groups: what has been built is taken over at once, so that nothing is collected for somebody who may never come.</summary>
    public void TakeBuilt(INamespaceReader reader)
    {
        for (int i = _building.Count - 1; i >= 0; i--)
        {
            DirectoryState directory = _building[i];
            if (directory.Building is { Built: null, IsAbandoned: false })
                continue;
            _building.RemoveAt(i);
            if (directory.Building is not { Built: { } built } done)
            {
                directory.Building = null;
                continue;
            }
            try
            {
                built.CatchUp(reader, done.Changes);
                Keep(directory, built);
            }
            catch (StoreException)
            {
                directory.Building = null; // The next jump asks for another.
            }
        }
    }

    public void Drop(DirectoryState directory)
    {
        if (directory.Ranks is not null)
            _byUse.Remove(directory);
        directory.Ranks = null;
        directory.Building = null;
    }

    public void Clear()
    {
        foreach (DirectoryState directory in _byUse)
            directory.Ranks = null;
        _byUse.Clear();
        _building.Clear();
    }

    private RankIndex Keep(DirectoryState directory, RankIndex index)
    {
        directory.Ranks = index;
        directory.Building = null;
        _byUse.AddFirst(directory);
        while (_byUse.Count > 1 && _byUse.Sum(d => (long)d.Ranks!.Runs) > MaxRuns)
            Drop(_byUse.Last!.Value);
        return index;
    }
}
