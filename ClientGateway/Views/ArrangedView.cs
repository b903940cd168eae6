using Capstan.ClientGateway.Directories;
using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Views;

/// <summary>One viewer's window on an arrangement that all viewers of the same spec share.</summary>
internal sealed class ArrangedView : IArrangedView
{
    private readonly GatewayCore _core;
    private readonly Arranger _arranger;
    private readonly ArrangedDirectory _arranged;
    private readonly DirectoryView _stored;
    private bool _isDisposed;

    /// <param name="stored">A view of its own on the same directory, which is disposed with this one.</param>
    public ArrangedView(GatewayCore core, Arranger arranger, DirectoryView stored, Caller caller, ViewSpec spec)
    {
        _core = core;
        _arranger = arranger;
        _stored = stored;
        Spec = spec;
        _arranged = arranger.Open(stored.Directory, caller, spec);
    }

    public ViewSpec Spec { get; }

    public InodeId Directory => _stored.Directory;

    public InodeAttributes Attributes => _stored.Attributes;

    public Freshness Freshness => _stored.Freshness;

    public DateTimeOffset AsOf => _stored.AsOf;

    public ArrangementState State =>
        _arranged.Rows.Count(Spec) is not null ? ArrangementState.Ready : _arranged.Rows.IsTooLarge ? ArrangementState.TooLarge : ArrangementState.Arriving;

    public long Count => _arranged.Rows.Count(Spec) ?? _stored.Count;

    public long ChangeCounter => _stored.ChangeCounter + _arranged.Rows.ChangeCounter;

    public long FolderCounts => _stored.FolderCounts;

    public Task WhenChanged(long counter)
    {
        long stored = _stored.ChangeCounter;
        return stored + _arranged.Rows.ChangeCounter == counter ? _stored.WhenChanged(stored) : Task.CompletedTask;
    }

    public IDisposable ShowLeaving(Func<DirectoryEntry, bool> which) => _stored.ShowLeaving(which);

    public long Arrived
    {
        get
        {
            using (_core.Turns.EnterAhead())
                return _stored.State.CachedEntries;
        }
    }

    public bool TryRead(long first, int count, List<DirectoryRow> rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        int from = rows.Count;
        if (!_arranged.Rows.TryRead(Spec, first, count, rows))
            return _stored.TryRead(first, count, rows);
        IReadOnlyList<LeavingRows> leaving;
        using (_core.Turns.EnterAhead())
        {
            _core.Counters.PageHits++;
            _core.Counters.RoundTripsSaved++;
            _stored.State.Hits++;
            _stored.Mark(rows, from);
            leaving = _stored.State.Leaving;
        }
        _stored.Flush();
        DirectoryView.MarkLeaving(rows, from, leaving);
        return true;
    }

    public async Task<FsResult<IReadOnlyList<DirectoryRow>>> ReadAsync(long first, int count, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (State == ArrangementState.Ready)
        {
            // Live it costs nothing; otherwise it asks whether the listing is still the same.
            FsErrno errno = await _stored.LoadAsync(0, 1, cancellation);
            if (errno != FsErrno.Ok)
                return errno;
            List<DirectoryRow> rows = new(Math.Min(count, 4096));
            if (TryRead(first, count, rows))
                return FsResult.Of<IReadOnlyList<DirectoryRow>>(rows);
        }
        return await _stored.ReadAsync(first, count, cancellation);
    }

    public Task<FsErrno> LoadAsync(long first, long count, CancellationToken cancellation = default) =>
        State == ArrangementState.Ready ? _stored.LoadAsync(0, 1, cancellation) : _stored.LoadAsync(first, count, cancellation);

    public bool TryReadChanges(long since, List<DirectoryChange> changes, out long upTo) => _stored.TryReadChanges(since, changes, out upTo);

    /// <summary>Rank of the entry of this name, -1 when the arrangement has none.</summary>
    public long FindRank(FileName name) =>
        _arranged.Rows.TryRead(Spec, (table, order) => table.TryFind(name, out uint id) && order.Lets(name) ? order.RankOf(name, table.Row(id)) : -1, out long rank)
            ? rank : _stored.FindRank(name);

    public async Task<FsResult<long>> RankOfAsync(FileName name, CancellationToken cancellation = default) =>
        State == ArrangementState.Ready ? FindRank(name) : await _stored.RankOfAsync(name, cancellation);

    public long RankOf(DirectoryEntry seen) =>
        _arranged.Rows.TryRead(Spec, (_, order) => order.RankOf(seen.Name, PageRow.Of(seen.Attributes)), out long rank) ? rank : _stored.FindRank(seen.Name);

    public async Task<long> FindPrefixAsync(string prefix, long from, CancellationToken cancellation = default)
    {
        if (prefix.Length == 0 || !_arranged.Rows.TryRead(Spec, (table, _) => table, out RowTable table))
            return -1;
        NameFilter filter = new(prefix, isPrefix: true);
        RowSet matches = await Task.Run(() => RowScan.Paged(table, filter, cancellation), cancellation);
        return _arranged.Rows.TryRead(Spec, (now, order) => now == table ? Find(now, order) : -1, out long rank) ? rank : -1;

        long Find(RowTable now, RowOrder order)
        {
            from = Math.Clamp(from, 0, order.Count);
            long at = from;
            foreach (uint id in order.From(from).Concat(order.From(0).Take((int)from)))
            {
                if (RowTable.IsAdded(id) ? filter.Matches(now.Name(id).Span) : matches.Contains(id))
                    return at % order.Count;
                at++;
            }
            return -1;
        }
    }

    public IRowSelection? Select() => _arranged.Rows.Select();

    public async Task<FsErrno> WhenReadyAsync(CancellationToken cancellation = default)
    {
        while (true)
        {
            Task turn = _arranged.Turn;
            switch (State)
            {
                case ArrangementState.Ready:
                    return FsErrno.Ok;
                case ArrangementState.TooLarge:
                    return FsErrno.NoSpace;
            }
            await turn.WaitAsync(cancellation);
        }
    }

    public ListingSnapshot Describe() => _stored.Describe();

    public IArrangedView Arranged(ViewSpec spec) => _stored.Arranged(spec);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        _arranger.Close(_arranged, Spec);
        _stored.Dispose();
    }
}
