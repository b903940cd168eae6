using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Views;

// How orders are made beside changes, and how changes reach table, orders and selections.
internal sealed partial class Arrangement
{
    /// <summary>Makes the order of a spec unless there is one. Off any lock but for moments; what changes meanwhile is applied at the end.</summary>
    public void Build(ViewSpec spec, CancellationToken cancellation)
    {
        RowTable table;
        uint[] ids;
        bool isSorted;
        List<RowChange> log = [];
        lock (_gate)
        {
            if (_table is null || Find(spec) is not null)
                return;
            DrainNow(int.MaxValue);
            table = _table;
            // A filter over what is sorted already is a walk through it.
            RowOrder? whole = Find(spec with { Filter = "" });
            ids = whole?.ToArray() ?? table.Ids();
            isSorted = whole is not null || (spec.Sort == SortColumn.Stored && table.AddedCount == 0);
            table.KeepsGone = true;
            _logs.Add(log);
        }
        try
        {
            if (spec.Filter.Length > 0)
                ids = RowScan.Filter(table, ids, new NameFilter(spec.Filter), cancellation);
            if (!isSorted)
                ids = RowSort.Sort(table, spec, ids, cancellation);
            RowOrder order = new(table, spec, ids);
            for (int done = 0; ;)
            {
                lock (_gate)
                {
                    if (table != _table)
                        return;
                    int end = Math.Min(log.Count, done + Batch);
                    for (; done < end; done++)
                        Apply(order, log[done]);
                    if (done < log.Count)
                        continue;
                    Publish(order);
                    return;
                }
            }
        }
        finally
        {
            lock (_gate)
            {
                if (_logs.Remove(log) && _logs.Count == 0)
                    table.KeepsGone = false;
            }
        }
    }

    private bool DrainNow(int most)
    {
        for (; most > 0; most--)
        {
            DirectoryDelta? delta;
            lock (_mailGate)
            {
                if (!_mail.TryDequeue(out delta))
                    return false;
            }
            Apply(delta);
        }
        return true;
    }

    private void Apply(DirectoryDelta delta)
    {
        if (delta.To <= _version)
            return;
        _version = delta.To;
        if (delta.Kind == DeltaKind.Self)
            return;
        bool had = _table!.TryFind(delta.Name, out uint old);
        RowChange change = new(delta.Name, had ? old : null, had ? _table.Row(old) : default, null, default);
        if (!had && delta.Kind != DeltaKind.Added)
        {
            Void(); // The table and the deltas contradict each other: it is made anew.
            return;
        }
        // The old row stays readable until the orders have let go of it.
        if (had)
            _table.Hide(old);
        if (delta.Kind != DeltaKind.Removed)
        {
            PageRow after = PageRow.Of(delta.Attributes!);
            change = change with { New = _table.Add(delta.Name, after), After = after };
        }
        foreach (RowOrder order in _orders)
            Apply(order, change);
        foreach (EntrySelection selection in _selections)
            selection.Follow(change.Old, change.Before, change.New, change.After);
        foreach (List<RowChange> log in _logs)
            log.Add(change);
        if (had)
            _table.Release(old);
        Interlocked.Increment(ref _changes);
    }

    private static void Apply(RowOrder order, in RowChange change)
    {
        if (!order.Lets(change.Name))
            return;
        if (change is { Old: { } old, New: { } replaced } && order.TryReplace(old, replaced, change.Name, change.Before, change.After))
            return;
        if (change.Old is { } gone)
            order.Remove(gone, change.Name, change.Before);
        if (change.New is { } added)
            order.Insert(added, change.Name, change.After);
    }

    private void Publish(RowOrder order)
    {
        _orders.Add(order);
        Interlocked.Increment(ref _changes);
    }

    private void Void()
    {
        _isVoid = true;
        lock (_mailGate)
        {
            _isLost = true;
            _mail.Clear();
        }
        Interlocked.Increment(ref _changes);
        Wake();
    }
}
