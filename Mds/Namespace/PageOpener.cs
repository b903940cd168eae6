using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Mds.Namespace;

/// <summary>Makes page readers: the loop pins the state and says from where; the seeking is the reader's, on its own thread.</summary>
internal sealed class PageOpener(INamespaceStore store, RankIndexTable ranks)
{
    /// <summary>Between groups, so that the snapshot is the state that the loop knows.</summary>
    public PageReader Open(DirectoryState directory, FileName after, long? rank, Epoch epoch)
    {
        INamespaceSnapshot snapshot = store.OpenSnapshot();
        try
        {
            RankIndexBuild? build = null;
            Func<INamespaceSnapshot, long> seek = rank is { } wanted ? ByRank(directory, wanted, out build) : ByName(directory, after, out build);
            return new PageReader(snapshot, directory.Record, epoch, seek, build);
        }
        catch
        {
            snapshot.Dispose();
            throw;
        }
    }

    private Func<INamespaceSnapshot, long> ByRank(DirectoryState directory, long rank, out RankIndexBuild? build)
    {
        build = null;
        InodeId dir = directory.Ino;
        long entries = directory.Record.Entries;
        rank = Math.Min(rank, entries);
        if (rank == 0)
            return FromStart(dir);
        if (ranks.Find(store, directory, out build) is { } index)
        {
            index.Locate(rank, out FileName from, out long skip);
            return snapshot => SeekRank(snapshot, dir, rank, from, skip);
        }
        RankIndexBuild? asked = build;
        return snapshot =>
        {
            RankIndex built = RankIndex.Build(snapshot, dir, entries);
            built.Locate(rank, out FileName from, out long skip);
            asked?.HandOver(built);
            return SeekRank(snapshot, dir, rank, from, skip);
        };
    }

    private Func<INamespaceSnapshot, long> ByName(DirectoryState directory, FileName after, out RankIndexBuild? build)
    {
        build = null;
        InodeId dir = directory.Ino;
        long entries = directory.Record.Entries;
        if (after.IsEmpty)
            return FromStart(dir);
        if (ranks.Find(store, directory, out build) is { } index)
        {
            index.Locate(after, out FileName first, out long before);
            return snapshot => SeekName(snapshot, dir, after, first, before);
        }
        RankIndexBuild? asked = build;
        return snapshot =>
        {
            RankIndex built = RankIndex.Build(snapshot, dir, entries);
            built.Locate(after, out FileName first, out long before);
            asked?.HandOver(built);
            return SeekName(snapshot, dir, after, first, before);
        };
    }

    private static Func<INamespaceSnapshot, long> FromStart(InodeId dir) => snapshot =>
    {
        snapshot.SeekAfter(dir, default);
        return 0;
    };

    private static long SeekRank(INamespaceSnapshot snapshot, InodeId dir, long rank, FileName from, long skip)
    {
        snapshot.SeekFrom(dir, from.Span, skip);
        return rank;
    }

    private static long SeekName(INamespaceSnapshot snapshot, InodeId dir, FileName after, FileName first, long before)
    {
        snapshot.SeekAfter(dir, after.Span);
        return before + snapshot.CountNames(dir, first.Span, after.Span);
    }
}
