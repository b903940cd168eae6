using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Mds.Namespace;

/// <summary>
/// Where about every 1,024th entry of one directory is: runs of names with live counts, so that a rank becomes a name, and a
/// name a rank, without counting from the start. Kept true by every change; counts change, borders seldom do.
/// </summary>
internal sealed class RankIndex
{
    public const int RunLength = 1024;

    private readonly InodeId _dir;
    private readonly List<FileName> _firsts = [default];
    private readonly List<int> _counts = [0];

    private RankIndex(InodeId dir) => _dir = dir;

    public int Runs => _counts.Count;

    /// <summary>One pass inside the store over the names; <paramref name="entries"/> is the directory's maintained count.</summary>
    public static RankIndex Build(INamespaceReader reader, InodeId dir, long entries)
    {
        RankIndex index = new(dir);
        FileName first = default;
        long left = entries;
        while (left > RunLength && reader.TryGetNameAt(dir, first.Span, RunLength, out FileName next))
        {
            index._counts[^1] = RunLength;
            index._firsts.Add(next);
            index._counts.Add(0);
            first = next;
            left -= RunLength;
        }
        index._counts[^1] = (int)left;
        return index;
    }

    /// <summary>After the row was inserted, in the same transaction.</summary>
    public void OnAdded(INamespaceReader reader, FileName name)
    {
        int run = RunOf(name);
        if (++_counts[run] <= 2 * RunLength)
            return;
        Split(reader, run);
    }

    public void OnRemoved(FileName name)
    {
        int run = RunOf(name);
        _counts[run]--;
        int next = run + 1;
        if (next < _counts.Count && _counts[run] + _counts[next] <= RunLength / 2)
        {
            _counts[run] += _counts[next];
            _firsts.RemoveAt(next);
            _counts.RemoveAt(next);
        }
    }

    /// <summary>The entry of this rank is <paramref name="skip"/> names after the first one at or after <paramref name="from"/>.</summary>
    public void Locate(long rank, out FileName from, out long skip)
    {
        int run = 0;
        while (run + 1 < _counts.Count && rank >= _counts[run])
            rank -= _counts[run++];
        from = _firsts[run];
        skip = rank;
    }

    /// <summary>The run that <paramref name="name"/> is or would be in starts at <paramref name="first"/>, with <paramref name="before"/> entries before it.</summary>
    public void Locate(FileName name, out FileName first, out long before)
    {
        int run = RunOf(name);
        before = 0;
        for (int i = 0; i < run; i++)
            before += _counts[i];
        first = _firsts[run];
    }

    /// <summary>Applies changes that were made since the state that the index was built from; <paramref name="reader"/> has them all.</summary>
    public void CatchUp(INamespaceReader reader, List<(FileName Name, int By)> changes)
    {
        foreach ((FileName name, int by) in changes)
            _counts[RunOf(name)] += by;
        for (int run = 0; run < _counts.Count; run++)
        {
            if (_counts[run] > 2 * RunLength)
                Split(reader, run);
        }
    }

    /// <summary>The first thousand stay; the rest is a run of its own.</summary>
    private void Split(INamespaceReader reader, int run)
    {
        if (!reader.TryGetNameAt(_dir, _firsts[run].Span, RunLength, out FileName middle))
            throw new InvalidOperationException($"Directory {_dir} has fewer names than its rank index counts.");
        _firsts.Insert(run + 1, middle);
        _counts.Insert(run + 1, _counts[run] - RunLength);
        _counts[run] = RunLength;
    }

    private int RunOf(FileName name)
    {
        // The first run starts at the empty name, which is before every other.
        int low = 0, high = _firsts.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_firsts[middle].CompareTo(name) <= 0)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }
}
