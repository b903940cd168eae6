using Capstan.Mds.Storage;

namespace Capstan.Mds.Namespace;

/// <summary>The rank indexes in memory, built when a directory is first jumped in, the least recently used ones dropped over a bound.</summary>
internal sealed class RankIndexTable
{
    /// <summary>Some 100 bytes each.</summary>
    private const int MaxRuns = 256 * 1024;

    private readonly LinkedList<DirectoryState> _byUse = [];

    public RankIndex Get(INamespaceReader reader, DirectoryState directory)
    {
        if (directory.Ranks is { } known)
        {
            if (_byUse.First?.Value != directory)
            {
                _byUse.Remove(directory);
                _byUse.AddFirst(directory);
            }
            return known;
        }
        RankIndex index = RankIndex.Build(reader, directory.Ino, directory.Record.Entries);
        directory.Ranks = index;
        _byUse.AddFirst(directory);
        while (_byUse.Count > 1 && _byUse.Sum(d => (long)d.Ranks!.Runs) > MaxRuns)
            Drop(_byUse.Last!.Value);
        return index;
    }

    public void Drop(DirectoryState directory)
    {
        if (directory.Ranks is null)
            return;
        directory.Ranks = null;
        _byUse.Remove(directory);
    }

    public void Clear()
    {
        foreach (DirectoryState directory in _byUse)
            directory.Ranks = null;
        _byUse.Clear();
    }
}
