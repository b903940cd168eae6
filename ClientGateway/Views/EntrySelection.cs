using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Views;

/// <summary>Chosen rows of an <see cref="Arrangement"/>, one bit each, with their count and size kept as rows come, change and go.</summary>
internal sealed class EntrySelection(Arrangement arrangement, Lock gate, RowTable table) : IRowSelection
{
    private readonly RowSet _rows = new();
    private long _version;
    private long _count;
    private long _bytes;
    private bool _isLost;

    public long Version => Volatile.Read(ref _version);

    public long Count => Now(() => _count);

    public long Bytes => Now(() => _bytes);

    public bool IsLost => arrangement.IsLost || Now(() => _isLost);

    public bool Contains(DirectoryEntry entry) => Now(() => TryFind(entry, out uint id) && _rows.Contains(id));

    public void Clear() => Now(() =>
    {
        _rows.Clear();
        _count = _bytes = 0;
        _version++;
        return true;
    });

    public void AddAll(ViewSpec spec) => Now(() =>
    {
        if (_isLost)
            return false;
        uint[] ids = table.Ids();
        if (spec.Filter.Length > 0)
            ids = RowScan.Filter(table, ids, new NameFilter(spec.Filter), CancellationToken.None);
        foreach (uint id in ids)
            Choose(id, table.Row(id));
        _version++;
        return true;
    });

    public bool AddRange(ViewSpec spec, long first, long past) => Now(() =>
    {
        if (_isLost || arrangement.Order(spec) is not { } order)
            return false;
        first = Math.Max(0, first);
        foreach (uint id in order.From(first))
        {
            if (first++ >= past)
                break;
            Choose(id, table.Row(id));
        }
        _version++;
        return true;
    });

    public void AddWhere(Func<DirectoryEntry, bool> predicate) => Now(() =>
    {
        if (_isLost)
            return false;
        foreach (uint id in table.Ids())
        {
            PageRow row = table.Row(id);
            if (predicate(new DirectoryEntry(table.Name(id), row.ToAttributes())))
                Choose(id, row);
        }
        _version++;
        return true;
    });

    public void Invert() => Now(() =>
    {
        if (_isLost)
            return false;
        foreach (uint id in table.Ids())
        {
            if (_rows.Contains(id))
                Drop(id, table.Row(id));
            else
                Choose(id, table.Row(id));
        }
        _version++;
        return true;
    });

    public bool Add(DirectoryEntry entry) => Now(() =>
    {
        bool chosen = TryFind(entry, out uint id) && Choose(id, table.Row(id));
        _version++;
        return chosen;
    });

    public bool Remove(DirectoryEntry entry) => Now(() =>
    {
        bool dropped = TryFind(entry, out uint id) && Drop(id, table.Row(id));
        _version++;
        return dropped;
    });

    public (IReadOnlyList<DirectoryEntry> Entries, DirectoryVersion Version) Resolve()
    {
        (EntryList entries, DirectoryVersion version) = Now(() =>
        {
            EntryList chosen = new((int)_count);
            foreach (uint id in _rows.Ids())
                chosen.Add(table.Name(id), table.Row(id));
            return (chosen, arrangement.Now());
        });
        // Rows of the pages are in order; those that came since are behind them.
        entries.Sort();
        arrangement.LeaveOutRemovals?.Invoke(entries);
        return (entries, version);
    }

    public void Dispose()
    {
        lock (gate)
            arrangement.Remove(this);
    }

    /// <summary>A row changed, came or went. Under the arrangement's lock.</summary>
    public void Follow(uint? old, in PageRow before, uint? replaced, in PageRow after)
    {
        if (old is not { } gone || !Drop(gone, before))
            return;
        if (replaced is { } id && before.Ino == after.Ino)
            Choose(id, after);
        _version++;
    }

    /// <summary>The table is void. Under the arrangement's lock.</summary>
    public void Lose()
    {
        _rows.Clear();
        _isLost = _count > 0;
        _count = _bytes = 0;
        _version++;
    }

    private T Now<T>(Func<T> read)
    {
        lock (gate)
        {
            arrangement.Now();
            return read();
        }
    }

    private bool TryFind(DirectoryEntry entry, out uint id) => table.TryFind(entry.Name, out id) && table.Row(id).Ino == entry.Attributes.Ino;

    private bool Choose(uint id, in PageRow row)
    {
        if (!_rows.Add(id))
            return false;
        _count++;
        _bytes += SizeOf(row);
        return true;
    }

    private bool Drop(uint id, in PageRow row)
    {
        if (!_rows.Remove(id))
            return false;
        _count--;
        _bytes -= SizeOf(row);
        return true;
    }

    private static long SizeOf(in PageRow row) => (FileKind)(row.Mode >> 12) == FileKind.File ? row.Size : 0;
}
