using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Directories;

/// <summary>One viewer's window on a directory that all viewers share.</summary>
internal sealed class DirectoryView : IDirectoryView
{
    private readonly GatewayCore _core;
    private readonly FileSystemClient _client;
    private readonly Caller _caller;
    private bool _isDisposed;

    /// <summary>Under the gateway's lock.</summary>
    public DirectoryView(GatewayCore core, FileSystemClient client, DirectoryState state, Caller caller)
    {
        _core = core;
        _client = client;
        _caller = caller;
        State = state;
        state.Viewers++;
    }

    public DirectoryState State { get; }

    public InodeId Directory => State.Ino;

    public bool MayNotRead
    {
        get
        {
            lock (_core.Gate)
                return State.Attributes is { } own && !own.Allows(_caller, Access.Read);
        }
    }

    public InodeAttributes Attributes
    {
        get
        {
            lock (_core.Gate)
                return State.Attributes ?? new InodeAttributes { Ino = State.Ino, Mode = InodeAttributes.ModeOf(FileKind.Directory, 0) };
        }
    }

    public long Count
    {
        get
        {
            lock (_core.Gate)
                return State.Total;
        }
    }

    public long ChangeCounter
    {
        get
        {
            lock (_core.Gate)
                return State.ChangeCounter + (long)FreshnessNow();
        }
    }

    public Freshness Freshness
    {
        get
        {
            lock (_core.Gate)
                return FreshnessNow();
        }
    }

    public DateTimeOffset AsOf
    {
        get
        {
            lock (_core.Gate)
                return _core.Time.GetUtcNow() - (_core.Directories.IsLive(State) ? TimeSpan.Zero : _core.Time.GetElapsedTime(State.ValidatedAt));
        }
    }

    public bool TryRead(long first, int count, List<DirectoryRow> rows)
    {
        bool read;
        lock (_core.Gate)
            read = ReadNow(first, count, rows);
        if (read)
            _client.Flush();
        return read;
    }

    public async Task<FsResult<IReadOnlyList<DirectoryRow>>> ReadAsync(long first, int count, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        List<DirectoryRow> rows = new(Math.Min(count, 4096));
        Task<Reply>? settled;
        while (true)
        {
            RangeWaiter waiter;
            lock (_core.Gate)
            {
                if (_core.Directories.IsFresh(State) && ReadNow(first, count, rows))
                {
                    settled = _core.Directories.IsLive(State) ? _core.Directories.Settle(State, State.Version) : null;
                    break;
                }
                _core.Counters.PageMisses++;
                waiter = _core.Directories.Demand(State, _caller, first, count);
            }
            _client.Flush();
            FsErrno errno = await _client.AwaitAsync(State, waiter, cancellation);
            if (errno != FsErrno.Ok)
                return errno;
        }
        _client.Flush();
        if (settled is not null && await _client.AwaitSettledAsync(settled, cancellation) is var unsettled and not FsErrno.Ok)
            return unsettled;
        return FsResult.Of<IReadOnlyList<DirectoryRow>>(rows);
    }

    public async Task<FsErrno> LoadAsync(long first, long count, CancellationToken cancellation = default)
    {
        RangeWaiter waiter;
        lock (_core.Gate)
            waiter = _core.Directories.Demand(State, _caller, first, count);
        _client.Flush();
        return await _client.AwaitAsync(State, waiter, cancellation);
    }

    public bool TryReadChanges(long since, List<DirectoryChange> changes, out long upTo)
    {
        lock (_core.Gate)
            return State.TryReadRowChanges(since, changes, out upTo);
    }

    public long FindRank(FileName name)
    {
        lock (_core.Gate)
            return State.RankOf(name);
    }

    public void Dispose()
    {
        lock (_core.Gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            State.Viewers--;
        }
    }

    private Freshness FreshnessNow() =>
        _core.Directories.IsLive(State) ? Freshness.Live : _core.Session.State == SessionState.Open ? Freshness.AsOf : Freshness.Offline;

    private bool ReadNow(long first, int count, List<DirectoryRow> rows)
    {
        List<(FileName Name, PageRow Row)> read = new(Math.Min(count, 1024));
        if (!State.IsKnown || !State.Read(first, count, read))
            return false;
        _core.Counters.PageHits++;
        _core.Counters.RoundTripsSaved++;
        State.Hits++;
        bool quiet = _core.Operations.PendingCount == 0 && _core.Operations.FailedCount == 0;
        foreach ((FileName name, PageRow row) in read)
        {
            TrackedOperation? operation = quiet ? null : _core.Operations.Find(State.Ino, name);
            RowState state = operation is null ? RowState.Normal : operation.State == OperationState.Failed ? RowState.Failed : RowState.Pending;
            rows.Add(new DirectoryRow(first++, new DirectoryEntry(name, row.ToAttributes()), state, operation));
        }
        _core.Directories.OnRead(State, _caller, first - read.Count, read.Count);
        return true;
    }
}
