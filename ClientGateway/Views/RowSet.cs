using System.Numerics;

namespace Capstan.ClientGateway.Views;

/// <summary>A set of row ids of a <see cref="RowTable"/>: one bit a row.</summary>
internal sealed class RowSet
{
    private ulong[] _paged = [];
    private ulong[] _added = [];

    public bool Contains(uint id)
    {
        ulong[] bits = RowTable.IsAdded(id) ? _added : _paged;
        uint at = RowTable.SlotOf(id);
        return at >> 6 < (uint)bits.Length && (bits[at >> 6] & (1UL << (int)at)) != 0;
    }

    /// <summary>True when it was not in the set.</summary>
    public bool Add(uint id)
    {
        ref ulong[] bits = ref RowTable.IsAdded(id) ? ref _added : ref _paged;
        uint at = RowTable.SlotOf(id);
        if (at >> 6 >= (uint)bits.Length)
            Array.Resize(ref bits, Math.Max((int)(at >> 6) + 1, bits.Length * 2));
        ref ulong word = ref bits[at >> 6];
        ulong bit = 1UL << (int)at;
        bool isNew = (word & bit) == 0;
        word |= bit;
        return isNew;
    }

    /// <summary>True when it was in the set.</summary>
    public bool Remove(uint id)
    {
        if (!Contains(id))
            return false;
        (RowTable.IsAdded(id) ? _added : _paged)[RowTable.SlotOf(id) >> 6] &= ~(1UL << (int)RowTable.SlotOf(id));
        return true;
    }

    public void Clear() => (_paged, _added) = ([], []);

    public IEnumerable<uint> Ids()
    {
        for (int word = 0; word < _paged.Length; word++)
        {
            for (ulong bits = _paged[word]; bits != 0; bits &= bits - 1)
                yield return (uint)(word << 6) + (uint)BitOperations.TrailingZeroCount(bits);
        }
        for (int word = 0; word < _added.Length; word++)
        {
            for (ulong bits = _added[word]; bits != 0; bits &= bits - 1)
                yield return RowTable.AddedBit | ((uint)(word << 6) + (uint)BitOperations.TrailingZeroCount(bits));
        }
    }
}
