using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Views;

/// <summary>
/// All rows of one directory, each under an id that it keeps while others come and go: what orders and selections are made of.
/// The pages of the cache, shared and never copied, and beside them the rows that came or changed since.
/// <code>
///   id  31    30..10       9..0
///       0     page         index in it            a row as it was when the table was made
///       1     slot                                a row added or changed since
/// </code>
/// Not thread-safe, but for this: pages, and added rows while <see cref="KeepsGone"/> is set, can be read outside the lock, so that an order is built beside changes.
/// </summary>
internal sealed class RowTable
{
    public const uint AddedBit = 0x8000_0000;
    private const int BlockBits = 10;

    private readonly DirectoryPage[] _pages;
    private readonly FileName[] _lows;
    private readonly ulong[] _gone;
    private readonly Dictionary<FileName, uint> _addedByName = [];
    private readonly Stack<uint> _free = [];
    private (FileName Name, PageRow Row)[][] _added = [];
    private uint _addedSlots;

    public RowTable(DirectoryPage[] pages)
    {
        _pages = pages;
        _lows = [.. pages.Select(p => p.Name(0))];
        _gone = new ulong[pages.Length << (BlockBits - 6)];
        Count = pages.Sum(p => (long)p.Count);
    }

    public long Count { get; private set; }

    /// <summary>Rows that are not in the pages: when they are many the table is better made anew.</summary>
    public int AddedCount => _addedByName.Count;

    public IReadOnlyList<DirectoryPage> Pages => _pages;

    /// <summary>What has gone keeps its content and its id is not given again: somebody reads beside the lock.</summary>
    public bool KeepsGone { get; set; }

    public static bool IsAdded(uint id) => (id & AddedBit) != 0;

    public static uint SlotOf(uint id) => id & ~AddedBit;

    public static uint IdOf(int page, int index) => (uint)(page << BlockBits) | (uint)index;

    public PageRow Row(uint id) => IsAdded(id) ? Added(id).Row : _pages[id >> BlockBits].Row((int)(id & 1023));

    public FileName Name(uint id) => IsAdded(id) ? Added(id).Name : _pages[id >> BlockBits].Name((int)(id & 1023));

    public int CopyName(uint id, Span<byte> buffer)
    {
        if (!IsAdded(id))
            return _pages[id >> BlockBits].CopyName((int)(id & 1023), buffer);
        ReadOnlySpan<byte> name = Added(id).Name.Span;
        name.CopyTo(buffer);
        return name.Length;
    }

    public bool TryFind(FileName name, out uint id)
    {
        if (_addedByName.TryGetValue(name, out id))
            return true;
        int page = Array.BinarySearch(_lows, name);
        if (page < 0)
            page = ~page - 1;
        if (page < 0)
            return false;
        int index = _pages[page].Find(name);
        id = IdOf(page, index);
        return index >= 0 && !IsGone(id);
    }

    public uint Add(FileName name, in PageRow row)
    {
        if (!_free.TryPop(out uint slot))
        {
            slot = _addedSlots++;
            if (slot >> BlockBits >= (uint)_added.Length)
                _added = [.. _added, new (FileName, PageRow)[1 << BlockBits]];
        }
        _added[slot >> BlockBits][slot & 1023] = (name, row);
        uint id = slot | AddedBit;
        _addedByName.Add(name, id);
        Count++;
        return id;
    }

    /// <summary>The row has gone. Its content can still be read until <see cref="Release"/>.</summary>
    public void Hide(uint id)
    {
        Count--;
        if (IsAdded(id))
            _addedByName.Remove(Added(id).Name);
        else
            _gone[id >> 6] |= 1UL << (int)id;
    }

    /// <summary>Nobody has the id any more.</summary>
    public void Release(uint id)
    {
        if (IsAdded(id) && !KeepsGone)
            _free.Push(SlotOf(id));
    }

    public bool IsGone(uint pagedId) => (_gone[pagedId >> 6] & (1UL << (int)pagedId)) != 0;

    /// <summary>Every row that is there now, those of the pages in bytewise order of names.</summary>
    public uint[] Ids()
    {
        uint[] ids = new uint[Count];
        int at = 0;
        for (int page = 0; page < _pages.Length; page++)
        {
            for (int index = 0; index < _pages[page].Count; index++)
            {
                if (!IsGone(IdOf(page, index)))
                    ids[at++] = IdOf(page, index);
            }
        }
        _addedByName.Values.CopyTo(ids, at);
        return ids;
    }

    private ref (FileName Name, PageRow Row) Added(uint id) => ref _added[SlotOf(id) >> BlockBits][id & 1023];
}
