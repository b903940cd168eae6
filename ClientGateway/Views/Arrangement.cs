using Capstan.ClientGateway.Directories;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Views;

/// <summary>
/// The rows of one directory arranged for its viewers: a table of rows, an order for each spec that somebody looks at, and the selections. Deltas are put into its mail
/// under the gateway's lock and applied under its own, by its loop or by the next reader, so that no reader sees an older state than the gateway has.
/// </summary>
/// <remarks>Lock order: the gateway's lock, or this one's; then the mail's. Never one of the first two inside the other.</remarks>
internal sealed partial class Arrangement(InodeId directory) : IDirectoryFollower
{
    /// <summary>Deltas applied under one hold of the lock by the loop: readers get their turn between.</summary>
    private const int Batch = 128;

    /// <summary>Orders kept that nobody looks at: going back to one costs nothing.</summary>
    private const int UnusedOrders = 2;

    private readonly Lock _gate = new();
    private readonly Lock _mailGate = new();
    private readonly Queue<DirectoryDelta> _mail = [];
    private readonly List<RowOrder> _orders = [];
    private readonly List<List<RowChange>> _logs = [];
    private readonly List<EntrySelection> _selections = [];
    private readonly SemaphoreSlim _wake = new(0, 1);
    private RowTable? _table;
    private DirectoryVersion _version;
    private bool _isVoid = true;
    private bool _isLost = true;
    private bool _isIdle;
    private long _changes;

    /// <summary>What a delta did to the table.</summary>
    private readonly record struct RowChange(FileName Name, uint? Old, PageRow Before, uint? New, PageRow After);

    public InodeId Directory => directory;

    /// <summary>Bumped at each change of a row. Read without a lock.</summary>
    public long ChangeCounter => Volatile.Read(ref _changes);

    /// <summary>Takes out entries whose removal is under way. Called under no lock.</summary>
    public Action<EntryList>? LeaveOutRemovals { get; init; }

    public bool IsIdle
    {
        get => Volatile.Read(ref _isIdle);
        set => Volatile.Write(ref _isIdle, value);
    }

    /// <summary>The directory is larger than may be arranged.</summary>
    public bool IsTooLarge { get; set; }

    /// <summary>4 bytes for each row of each order.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
                return _orders.Sum(o => o.Bytes);
        }
    }

    /// <summary>The rows must be taken from the cache anew.</summary>
    public bool IsLost
    {
        get
        {
            lock (_mailGate)
                return _isLost;
        }
    }

    // Told by the directory, under the gateway's lock.

    public void OnChange(DirectoryDelta delta)
    {
        lock (_mailGate)
        {
            if (_isLost)
                return;
            _mail.Enqueue(delta);
        }
        Wake();
    }

    public void OnDropped()
    {
        lock (_mailGate)
        {
            _isLost = true;
            _mail.Clear();
        }
        Interlocked.Increment(ref _changes);
        Wake();
    }

    /// <summary>From now on changes are kept for the rows that have just been taken from the cache.</summary>
    public void BeginFollowing()
    {
        lock (_mailGate)
        {
            _isLost = false;
            _mail.Clear();
        }
    }

    /// <summary>There is something to do. From any thread, never blocks.</summary>
    public void Wake()
    {
        if (_wake.CurrentCount > 0)
            return;
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else has woken it: that is enough.
        }
    }

    public Task WaitAsync(CancellationToken cancellation) => _wake.WaitAsync(cancellation);

    /// <summary>New rows, of which nothing is arranged yet. Orders and selections of the old ones are void.</summary>
    public void Replace(DirectoryPage[] pages, DirectoryVersion version)
    {
        RowTable table = new(pages);
        lock (_gate)
        {
            _table = table;
            _version = version;
            _isVoid = false;
            _orders.Clear();
            _logs.Clear();
            foreach (EntrySelection selection in _selections)
                selection.Lose();
            _selections.Clear();
            _changes++;
        }
    }

    /// <summary>Applies some of the mail; true when there is more.</summary>
    public bool Drain()
    {
        lock (_gate)
            return _table is not null && DrainNow(Batch);
    }

    public bool Has(ViewSpec spec)
    {
        lock (_gate)
            return _table is not null && Find(spec) is not null;
    }

    /// <summary>Drops what nobody looks at.</summary>
    public void Forget(IReadOnlyCollection<ViewSpec> wanted)
    {
        lock (_gate)
        {
            int unused = 0;
            for (int i = _orders.Count - 1; i >= 0; i--)
            {
                if (!wanted.Contains(_orders[i].Spec) && ++unused > UnusedOrders)
                    _orders.RemoveAt(i);
            }
        }
    }

    public int OrderCount
    {
        get
        {
            lock (_gate)
                return _orders.Count;
        }
    }

    public void Drop(ViewSpec spec)
    {
        lock (_gate)
            _orders.RemoveAll(o => o.Spec == spec);
    }

    /// <summary>Runs <paramref name="read"/> on the order of a spec as it is now. False: there is none.</summary>
    public bool TryRead<T>(ViewSpec spec, Func<RowTable, RowOrder, T> read, out T result)
    {
        lock (_gate)
        {
            if (TryGet(spec) is { } order)
            {
                result = read(_table!, order);
                return true;
            }
        }
        result = default!;
        return false;
    }

    /// <summary>Up to <paramref name="count"/> rows of an order from <paramref name="first"/> on, all of one moment. False: there is no such order.</summary>
    public bool TryRead(ViewSpec spec, long first, int count, List<DirectoryRow> rows)
    {
        lock (_gate)
        {
            if (TryGet(spec) is not { } order)
                return false;
            RowTable table = _table!;
            for (long rank = first; rank < Math.Min(first + count, order.Count); rank++)
            {
                uint id = order[rank];
                rows.Add(new DirectoryRow(rank, new DirectoryEntry(table.Name(id), table.Row(id).ToAttributes()), RowState.Normal, null));
            }
            return true;
        }
    }

    public long? Count(ViewSpec spec)
    {
        lock (_gate)
            return TryGet(spec)?.Count;
    }

    public EntrySelection? Select()
    {
        lock (_gate)
        {
            if (_table is null || _isVoid || IsLost)
                return null;
            EntrySelection selection = new(this, _gate, _table);
            _selections.Add(selection);
            return selection;
        }
    }

    // For selections, which share the lock.

    public DirectoryVersion Now()
    {
        DrainNow(int.MaxValue);
        return _version;
    }

    public RowOrder? Order(ViewSpec spec) => TryGet(spec);

    public void Remove(EntrySelection selection) => _selections.Remove(selection);

    private RowOrder? Find(ViewSpec spec) => _orders.Find(o => o.Spec == spec);

    private RowOrder? TryGet(ViewSpec spec)
    {
        if (_table is null || _isVoid || IsLost || Find(spec) is not { } order)
            return null;
        DrainNow(int.MaxValue);
        return _isVoid ? null : order;
    }
}
