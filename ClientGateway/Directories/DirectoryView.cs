using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Directories;

/// <summary>One viewer's window on a directory that all viewers share.</summary>
internal sealed class DirectoryView : IDirectoryView
{
    private const int MaxCounted = 512;

    private readonly GatewayCore _core;
    private readonly FileSystemClient _client;
    private readonly Caller _caller;
    private readonly List<(FileName Name, PageRow Row)> _read = [];
    private readonly ListingStart _start;
    private readonly (long Misses, long Mds, long Shared) _before;
    private readonly List<InodeId> _folders = [];
    private DirectoryState _state;
    private bool _isDisposed;

    /// <summary>Under the gateway's lock.</summary>
    public DirectoryView(GatewayCore core, FileSystemClient client, DirectoryState state, Caller caller)
    {
        _core = core;
        _client = client;
        _caller = caller;
        _state = state;
        Directory = state.Ino;
        state.Viewers++;
        _start = !state.IsKnown ? ListingStart.NeverSeen
            : !core.Directories.IsFresh(state) ? ListingStart.CapsLost
            : state.FirstMissing(0, 1) >= 0 ? ListingStart.RowsMissing
            : core.Directories.IsLive(state) ? ListingStart.WarmUnderCaps : ListingStart.WarmWithinTimeout;
        _before = (state.Misses, state.PagesFromMds, state.PagesFromSharedCache);
        state.Readers.Add(Readahead);
    }

    /// <summary>Under the gateway's lock. What was known when the view was closed may have been dropped since.</summary>
    public DirectoryState State => _state = _core.Directories.Current(_state);

    /// <summary>How far ahead of this viewer pages are brought.</summary>
    public ReadaheadWindow Readahead { get; } = new();

    public InodeId Directory { get; }

    public bool MayNotRead
    {
        get
        {
            using (_core.Turns.EnterAhead())
                return State.Attributes is { } own && !own.Allows(_caller, Access.Read);
        }
    }

    public InodeAttributes Attributes
    {
        get
        {
            using (_core.Turns.EnterAhead())
                return State.Attributes ?? new InodeAttributes { Ino = State.Ino, Mode = InodeAttributes.ModeOf(FileKind.Directory, 0) };
        }
    }

    public long Count
    {
        get
        {
            using (_core.Turns.EnterAhead())
                return State.Total;
        }
    }

    public long ChangeCounter
    {
        get
        {
            using (_core.Turns.EnterAhead())
                return State.ChangeCounter + (long)FreshnessNow();
        }
    }

    public long FolderCounts
    {
        get
        {
            using (_core.Turns.EnterAhead())
                return _core.Directories.Counts.MarkOf(_folders);
        }
    }

    public Freshness Freshness
    {
        get
        {
            using (_core.Turns.EnterAhead())
                return FreshnessNow();
        }
    }

    public DateTimeOffset AsOf
    {
        get
        {
            using (_core.Turns.EnterAhead())
                return _core.Time.GetUtcNow() - (_core.Directories.IsLive(State) ? TimeSpan.Zero : _core.Time.GetElapsedTime(State.ValidatedAt));
        }
    }

    public Task WhenChanged(long counter)
    {
        using (_core.Turns.EnterAhead())
            return State.ChangeCounter + (long)FreshnessNow() == counter ? State.NextChange : Task.CompletedTask;
    }

    public bool TryRead(long first, int count, List<DirectoryRow> rows)
    {
        bool read;
        int from = rows.Count;
        IReadOnlyList<LeavingRows> leaving;
        using (_core.Turns.EnterAhead())
        {
            read = ReadNow(first, count, rows);
            leaving = State.Leaving;
        }
        if (read)
            _client.Flush();
        MarkLeaving(rows, from, leaving);
        return read;
    }

    public async Task<FsResult<IReadOnlyList<DirectoryRow>>> ReadAsync(long first, int count, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        List<DirectoryRow> rows = new(Math.Min(count, 4096));
        Task<Reply>? settled;
        IReadOnlyList<LeavingRows> leaving;
        while (true)
        {
            RangeWaiter waiter;
            DirectoryState state;
            using (_core.Turns.EnterAhead())
            {
                if (_core.Directories.IsFresh(State) && ReadNow(first, count, rows))
                {
                    settled = _core.Directories.IsLive(State) ? _core.Directories.Settle(State, State.Version) : null;
                    leaving = State.Leaving;
                    break;
                }
                _core.Counters.PageMisses++;
                state = State;
                waiter = _core.Directories.Demand(state, _caller, first, count, window: Readahead);
            }
            _client.Flush();
            FsErrno errno = await _client.AwaitAsync(state, waiter, cancellation);
            if (errno != FsErrno.Ok)
                return errno;
        }
        _client.Flush();
        if (settled is not null && await _client.AwaitSettledAsync(settled, cancellation) is var unsettled and not FsErrno.Ok)
            return unsettled;
        MarkLeaving(rows, 0, leaving);
        return FsResult.Of<IReadOnlyList<DirectoryRow>>(rows);
    }

    public async Task<FsErrno> LoadAsync(long first, long count, CancellationToken cancellation = default)
    {
        RangeWaiter waiter;
        DirectoryState state;
        using (_core.Turns.EnterAhead())
        {
            state = State;
            waiter = _core.Directories.Demand(state, _caller, first, count, window: Readahead);
        }
        _client.Flush();
        return await _client.AwaitAsync(state, waiter, cancellation);
    }

    public bool TryReadChanges(long since, List<DirectoryChange> changes, out long upTo)
    {
        using (_core.Turns.EnterAhead())
            return State.TryReadRowChanges(since, changes, out upTo);
    }

    public long FindRank(FileName name)
    {
        using (_core.Turns.EnterAhead())
            return State.RankOf(name);
    }

    public async Task<FsResult<long>> RankOfAsync(FileName name, CancellationToken cancellation = default)
    {
        ReaddirStream? stream = null;
        // What is found may be pushed out again before we look.
        for (int attempt = 0; attempt < 8; attempt++)
        {
            using (_core.Turns.EnterAhead())
            {
                if (stream is { IsPastTheEnd: true })
                    return State.Total;
                long rank = _core.Directories.IsFresh(State) ? State.RankOf(name) : -1;
                if (rank >= 0)
                    return rank;
                stream = _core.Directories.DemandAround(State, _caller, name);
            }
            _client.Flush();
            FsErrno errno = await _client.WaitAsync(stream.Ended, cancellation);
            if (errno == FsErrno.Ok)
                errno = await stream.Ended;
            if (errno != FsErrno.Ok)
                return errno;
        }
        return FsErrno.TryAgain;
    }

    /// <summary>Sends what reading has asked for.</summary>
    public void Flush() => _client.Flush();

    public ListingSnapshot Describe()
    {
        using (_core.Turns.EnterAhead())
        {
            return new ListingSnapshot
            {
                Start = _start,
                Caps = _core.Caps.Find(State.Ino)?.Issued ?? CapBits.None,
                Version = State.Version,
                CachedEntries = State.CachedEntries,
                Entries = State.Total,
                Requests = State.Misses - _before.Misses,
                PagesFromMds = State.PagesFromMds - _before.Mds,
                PagesFromSharedCache = State.PagesFromSharedCache - _before.Shared,
            };
        }
    }

    public IDisposable ShowLeaving(Func<DirectoryEntry, bool> which)
    {
        LeavingRows rows = new(which);
        using (_core.Turns.EnterAhead())
        {
            DirectoryState state = State;
            state.Announce(rows);
            return new Announced(_core, state, rows);
        }
    }

    public IArrangedView Arranged(ViewSpec spec) => _client.Arrange(Directory, _caller, spec);

    /// <summary>Tells rows, from index <paramref name="from"/> on, of what is in the folders among them, and of the operations on them. Under the gateway's lock.</summary>
    public void Mark(List<DirectoryRow> rows, int from)
    {
        // What is drawn is a few dozen rows; who reads more wants names.
        if (rows.Count - from <= MaxCounted)
        {
            _folders.Clear();
            _core.Directories.Counts.Count(State, rows, from, _folders);
        }
        if (_core.Operations.PendingCount == 0 && _core.Operations.FailedCount == 0)
            return;
        for (int i = from; i < rows.Count; i++)
        {
            if (_core.Operations.Find(State.Ino, rows[i].Entry.Name) is { } operation)
                rows[i] = rows[i] with { State = operation.State == OperationState.Failed ? RowState.Failed : RowState.Pending, Operation = operation };
        }
    }

    /// <summary>Outside of the lock: <paramref name="leaving"/> was taken with the rows. A row that an operation is under way on is its business.</summary>
    public static void MarkLeaving(List<DirectoryRow> rows, int from, IReadOnlyList<LeavingRows> leaving)
    {
        if (leaving.Count == 0)
            return;
        for (int i = from; i < rows.Count; i++)
        {
            DirectoryRow row = rows[i];
            if (row.State != RowState.Pending && leaving.Any(l => l.Has(row.Entry)))
                rows[i] = row with { State = RowState.Leaving, Operation = null };
        }
    }

    public void Dispose()
    {
        using (_core.Turns.EnterAhead())
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            State.Viewers--;
            _core.Directories.Leave(State, Readahead);
        }
        _client.Flush();
    }

    private Freshness FreshnessNow() =>
        _core.Directories.IsLive(State) ? Freshness.Live : _core.Session.State == SessionState.Open ? Freshness.AsOf : Freshness.Offline;

    private bool ReadNow(long first, int count, List<DirectoryRow> rows)
    {
        _read.Clear();
        if (!State.IsKnown || !State.Read(first, count, _read))
            return false;
        _core.Counters.PageHits++;
        _core.Counters.RoundTripsSaved++;
        State.Hits++;
        int from = rows.Count;
        foreach ((FileName name, PageRow row) in _read)
            rows.Add(new DirectoryRow(first++, new DirectoryEntry(name, row.ToAttributes()), RowState.Normal, null));
        Mark(rows, from);
        _core.Directories.OnRead(State, Readahead, _caller, first - _read.Count, _read.Count);
        return true;
    }

    private sealed class Announced(GatewayCore core, DirectoryState state, LeavingRows rows) : IDisposable
    {
        public void Dispose()
        {
            using (core.Turns.EnterAhead())
                state.Withdraw(rows);
        }
    }
}
