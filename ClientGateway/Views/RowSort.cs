using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Views;

/// <summary>
/// Sorts the rows of a table by their keys: eight bytes of a key at a time as one number, after what a run has in common has been skipped
/// (multikey quicksort with cached keys, after Bentley and Sedgewick, SODA 1997, and Ng and Kakehi, 2007). A million names with one long prefix cost no more than others.
/// </summary>
internal sealed class RowSort
{
    private const int BlockBits = 10;
    private const int FewRows = 16;

    private readonly RowTable _table;
    private readonly ViewSpec _spec;
    private readonly uint[] _ids;
    private readonly List<(byte[] Keys, int[] Ends)> _blocks;
    private readonly int[] _rows;
    private readonly ulong[] _prefixes;
    private readonly CancellationToken _cancellation;

    private RowSort(RowTable table, ViewSpec spec, uint[] ids, CancellationToken cancellation)
    {
        _table = table;
        _spec = spec;
        _ids = ids;
        _cancellation = cancellation;
        _blocks = new List<(byte[], int[])>((ids.Length >> BlockBits) + 1);
        _rows = new int[ids.Length];
        _prefixes = new ulong[ids.Length];
        for (int i = 0; i < _rows.Length; i++)
            _rows[i] = i;
    }

    /// <summary>The ids in the spec's order; its filter has been applied already.</summary>
    public static uint[] Sort(RowTable table, ViewSpec spec, uint[] ids, CancellationToken cancellation)
    {
        RowSort sort = new(table, spec, ids, cancellation);
        sort.MakeKeys();
        sort.SortRun(0, ids.Length, 0);
        return Array.ConvertAll(sort._rows, row => ids[row]);
    }

    private void MakeKeys()
    {
        byte[] text = [], block = new byte[64 * 1024];
        int[] ends = [];
        int textPage = -1;
        Span<byte> added = stackalloc byte[FileName.MaxLength];
        Span<byte> key = stackalloc byte[RowKey.MaxLength];
        for (int first = 0; first < _ids.Length; first += 1 << BlockBits)
        {
            _cancellation.ThrowIfCancellationRequested();
            int[] blockEnds = new int[Math.Min(1 << BlockBits, _ids.Length - first)];
            int used = 0;
            for (int i = 0; i < blockEnds.Length; i++)
            {
                uint id = _ids[first + i];
                scoped ReadOnlySpan<byte> name;
                if (RowTable.IsAdded(id))
                {
                    name = added[.._table.CopyName(id, added)];
                }
                else
                {
                    int page = (int)(id >> BlockBits), index = (int)(id & 1023);
                    if (page != textPage)
                        _table.Pages[textPage = page].CopyNames(ref text, ref ends);
                    int start = index == 0 ? 0 : ends[index - 1] + 1;
                    name = text.AsSpan(start, ends[index] - start);
                }
                int length = RowKey.Write(_spec, name, _spec.Sort == SortColumn.Stored ? default : _table.Row(id), key);
                if (used + length > block.Length)
                    Array.Resize(ref block, block.Length * 2);
                key[..length].CopyTo(block.AsSpan(used));
                blockEnds[i] = used += length;
            }
            _blocks.Add((block.AsSpan(0, used).ToArray(), blockEnds));
        }
    }

    private ReadOnlySpan<byte> Key(int row)
    {
        (byte[] keys, int[] ends) = CollectionsMarshal.AsSpan(_blocks)[row >> BlockBits];
        int index = row & ((1 << BlockBits) - 1);
        int start = index == 0 ? 0 : ends[index - 1];
        return keys.AsSpan(start, ends[index] - start);
    }

    /// <summary>Sorts rows [low, high), whose keys are alike up to <paramref name="depth"/>.</summary>
    private void SortRun(int low, int high, int depth)
    {
        if (high - low < 2)
            return;
        if (high - low <= FewRows)
        {
            InsertionSort(low, high, depth);
            return;
        }
        _cancellation.ThrowIfCancellationRequested();
        depth = CommonDepth(low, high, depth);
        bool ended = false;
        for (int i = low; i < high; i++)
        {
            ReadOnlySpan<byte> rest = Key(_rows[i])[depth..];
            ended |= rest.Length <= 8;
            _prefixes[i] = Prefix(rest);
        }
        Array.Sort(_prefixes, _rows, low, high - low);
        for (int start = low; start < high;)
        {
            int end = start + 1;
            while (end < high && _prefixes[end] == _prefixes[start])
                end++;
            if (end - start > 1)
            {
                // No key is another's beginning: where one of equals has ended, all have.
                if (ended && Key(_rows[start]).Length <= depth + 8)
                    _rows.AsSpan(start, end - start).Sort(CompareNames);
                else
                    SortRun(start, end, depth + 8);
            }
            start = end;
        }
    }

    private int CommonDepth(int low, int high, int depth)
    {
        ReadOnlySpan<byte> common = Key(_rows[low])[depth..];
        for (int i = low + 1; i < high && !common.IsEmpty; i++)
            common = common[..common.CommonPrefixLength(Key(_rows[i])[depth..])];
        return depth + common.Length;
    }

    private static ulong Prefix(ReadOnlySpan<byte> rest)
    {
        if (rest.Length >= 8)
            return BinaryPrimitives.ReadUInt64BigEndian(rest);
        ulong prefix = 0;
        foreach (byte b in rest)
            prefix = (prefix << 8) | b;
        return prefix << (8 * (8 - rest.Length));
    }

    private void InsertionSort(int low, int high, int depth)
    {
        for (int i = low + 1; i < high; i++)
        {
            int row = _rows[i], at = i;
            ReadOnlySpan<byte> key = Key(row)[depth..];
            for (; at > low; at--)
            {
                int order = Key(_rows[at - 1])[depth..].SequenceCompareTo(key);
                if (order < 0 || (order == 0 && CompareNames(_rows[at - 1], row) <= 0))
                    break;
                _rows[at] = _rows[at - 1];
            }
            _rows[at] = row;
        }
    }

    private int CompareNames(int one, int other) => _table.Name(_ids[one]).CompareTo(_table.Name(_ids[other]));
}
