using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Views;

/// <summary>
/// The rows of a table that a spec lets through, in its order: 4 bytes a row, in chunks, so that a change moves a chunk and not a million. Not thread-safe.
/// </summary>
internal sealed class RowOrder
{
    private const int ChunkSize = 1024;

    private readonly RowTable _table;
    private readonly List<uint[]> _chunks = [];
    private readonly List<int> _counts = [];
    private long[] _starts = [];
    private bool _startsAreStale = true;

    public RowOrder(RowTable table, ViewSpec spec, ReadOnlySpan<uint> ids)
    {
        _table = table;
        Spec = spec;
        Filter = spec.Filter.Length == 0 ? null : new NameFilter(spec.Filter);
        Count = ids.Length;
        for (; !ids.IsEmpty; ids = ids[Math.Min(ChunkSize, ids.Length)..])
        {
            _chunks.Add(ids[..Math.Min(ChunkSize, ids.Length)].ToArray());
            _counts.Add(_chunks[^1].Length);
        }
    }

    public ViewSpec Spec { get; }

    public NameFilter? Filter { get; }

    public long Count { get; private set; }

    public long Bytes => _chunks.Sum(c => (long)c.Length * sizeof(uint));

    public uint this[long rank]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)rank, (ulong)Count);
            int chunk = ChunkOf(rank);
            return _chunks[chunk][rank - _starts[chunk]];
        }
    }

    /// <summary>Ids from <paramref name="first"/> on.</summary>
    public IEnumerable<uint> From(long first)
    {
        if (first >= Count)
            yield break;
        int chunk = ChunkOf(first);
        int index = (int)(first - _starts[chunk]);
        for (; chunk < _chunks.Count; chunk++, index = 0)
        {
            for (; index < _counts[chunk]; index++)
                yield return _chunks[chunk][index];
        }
    }

    /// <summary>How many rows come before a row of this name with these attributes, whether it is in the order or not.</summary>
    public long RankOf(FileName name, in PageRow row)
    {
        Locate(name, row, out int chunk, out int index);
        EnsureStarts();
        return chunk < _chunks.Count ? _starts[chunk] + index : Count;
    }

    public bool Lets(FileName name) => Filter is null || Filter.Matches(name.Span);

    /// <summary>Puts a row in its place.</summary>
    public void Insert(uint id, FileName name, in PageRow row)
    {
        Locate(name, row, out int chunk, out int index);
        if (chunk == _chunks.Count)
        {
            if (chunk > 0 && _counts[chunk - 1] < ChunkSize)
                index = _counts[--chunk];
            else
                AddChunk(chunk);
        }
        if (_counts[chunk] == ChunkSize)
        {
            Split(chunk);
            if (index > _counts[chunk])
                index -= _counts[chunk++];
        }
        uint[] ids = _chunks[chunk];
        if (_counts[chunk] == ids.Length)
        {
            Array.Resize(ref ids, Math.Min(ChunkSize, Math.Max(16, ids.Length * 2)));
            _chunks[chunk] = ids;
        }
        Array.Copy(ids, index, ids, index + 1, _counts[chunk] - index);
        ids[index] = id;
        _counts[chunk]++;
        Count++;
        _startsAreStale = true;
    }

    /// <summary>Takes a row out, by what it was when it was put in. False: it is not there.</summary>
    public bool Remove(uint id, FileName name, in PageRow row)
    {
        if (!TryLocate(id, name, row, out int chunk, out int index))
            return false;
        uint[] ids = _chunks[chunk];
        Array.Copy(ids, index + 1, ids, index, _counts[chunk] - index - 1);
        Count--;
        _startsAreStale = true;
        if (--_counts[chunk] == 0)
        {
            _chunks.RemoveAt(chunk);
            _counts.RemoveAt(chunk);
        }
        return true;
    }

    /// <summary>Exchanges the id of a row whose place is the same as before. False: the place is another.</summary>
    public bool TryReplace(uint id, uint replacement, FileName name, in PageRow before, in PageRow after)
    {
        Span<byte> one = stackalloc byte[RowKey.MaxLength], other = stackalloc byte[RowKey.MaxLength];
        if (!one[..RowKey.WritePrimary(Spec, name.Span, before, one)].SequenceEqual(other[..RowKey.WritePrimary(Spec, name.Span, after, other)])
            || !TryLocate(id, name, before, out int chunk, out int index))
            return false;
        _chunks[chunk][index] = replacement;
        return true;
    }

    public uint[] ToArray()
    {
        uint[] ids = new uint[Count];
        int at = 0;
        for (int chunk = 0; chunk < _chunks.Count; at += _counts[chunk++])
            _chunks[chunk].AsSpan(0, _counts[chunk]).CopyTo(ids.AsSpan(at));
        return ids;
    }

    private void AddChunk(int at)
    {
        _chunks.Insert(at, new uint[16]);
        _counts.Insert(at, 0);
        _startsAreStale = true;
    }

    private void Split(int chunk)
    {
        int half = ChunkSize / 2;
        uint[] upper = new uint[ChunkSize];
        Array.Copy(_chunks[chunk], half, upper, 0, ChunkSize - half);
        _chunks.Insert(chunk + 1, upper);
        _counts.Insert(chunk + 1, ChunkSize - half);
        _counts[chunk] = half;
        _startsAreStale = true;
    }

    private bool TryLocate(uint id, FileName name, in PageRow row, out int chunk, out int index)
    {
        Locate(name, row, out chunk, out index);
        return chunk < _chunks.Count && _chunks[chunk][index] == id;
    }

    /// <summary>The place of the first row that is not before this one.</summary>
    private void Locate(FileName name, in PageRow row, out int chunk, out int index)
    {
        Span<byte> buffer = stackalloc byte[RowKey.MaxLength];
        ReadOnlySpan<byte> key = buffer[..RowKey.Write(Spec, name.Span, row, buffer)];
        Span<byte> primary = stackalloc byte[RowKey.MaxLength];
        int primaryLength = RowKey.WritePrimary(Spec, name.Span, row, primary);
        int low = 0, high = _chunks.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (Compare(_chunks[middle][_counts[middle] - 1], key, primaryLength, name) < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        chunk = low;
        index = 0;
        if (chunk == _chunks.Count)
            return;
        uint[] ids = _chunks[chunk];
        int first = 0, last = _counts[chunk] - 1;
        while (first <= last)
        {
            int middle = (first + last) / 2;
            if (Compare(ids[middle], key, primaryLength, name) < 0)
                first = middle + 1;
            else
                last = middle - 1;
        }
        index = first;
    }

    /// <summary>The row under an id against a key. The name is decoded only when sizes or times leave it open.</summary>
    private int Compare(uint id, ReadOnlySpan<byte> key, int primaryLength, FileName name)
    {
        PageRow row = Spec.Sort == SortColumn.Stored ? default : _table.Row(id);
        Span<byte> theirs = stackalloc byte[RowKey.MaxLength];
        if (Spec.Sort is SortColumn.Size or SortColumn.Modified)
        {
            int length = RowKey.WritePrimary(Spec, default, row, theirs);
            int decided = theirs[..length].SequenceCompareTo(key[..primaryLength]);
            if (decided != 0)
                return decided;
        }
        Span<byte> other = stackalloc byte[FileName.MaxLength];
        ReadOnlySpan<byte> otherName = other[.._table.CopyName(id, other)];
        int order = theirs[..RowKey.Write(Spec, otherName, row, theirs)].SequenceCompareTo(key);
        return order != 0 ? order : otherName.SequenceCompareTo(name.Span);
    }

    private int ChunkOf(long rank)
    {
        EnsureStarts();
        int chunk = Array.BinarySearch(_starts, 0, _chunks.Count, rank);
        return chunk >= 0 ? chunk : ~chunk - 1;
    }

    private void EnsureStarts()
    {
        if (!_startsAreStale)
            return;
        if (_starts.Length < _chunks.Count)
            _starts = new long[Math.Max(16, _chunks.Count * 2)];
        long start = 0;
        for (int i = 0; i < _chunks.Count; i++)
        {
            _starts[i] = start;
            start += _counts[i];
        }
        _startsAreStale = false;
    }
}
