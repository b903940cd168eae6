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
        if (!reader.TryGetNameAt(_dir, _firsts[run].Span, RunLength, out FileName middle))
            throw new InvalidOperationException($"Directory {_dir} has fewer names than its rank index counts.");
        _firsts.Insert(run + 1, middle);
        _counts.Insert(run + 1, _counts[run] - RunLength);
        _counts[run] = RunLength;
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

    /// <summary>How many entries are at or before <paramref name="name"/>: the rank of the one after it.</summary>
    public long RankAfter(INamespaceReader reader, FileName name)
    {
        int run = RunOf(name);
        long before = 0;
        for (int i = 0; i < run; i++)
            before += _counts[i];
        return before + reader.CountNames(_dir, _firsts[run].Span, name.Span);
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
