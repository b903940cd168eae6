using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>
/// One open directory as a user sees it: the window of rows that is drawn, the cursor, the selection. Everything follows
/// the view's changes in one place (<see cref="Sync"/>), so that all of them speak of the same moment.
/// Not thread-safe: lives on its circuit's dispatcher.
/// </summary>
public sealed partial class DirectoryViewModel : IDisposable
{
    private const int Overscan = 30;
    private static readonly TimeSpan SkeletonDelay = TimeSpan.FromMilliseconds(150);

    private readonly IDirectoryView _stored;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationToken _closed;
    private readonly List<DirectoryChange> _changes = [];
    private readonly List<DirectoryRow> _read = [];
    private IDirectoryView _view;
    private CancellationTokenSource? _reading;
    private long _moment;
    private long _drawnCounter;
    private DateTimeOffset? _waitingSince;

    public DirectoryViewModel(IDirectoryView view, TimeProvider time)
    {
        _stored = _view = view;
        _closed = _closing.Token;
        _time = time;
        _drawnCounter = view.ChangeCounter;
        _view.TryReadChanges(0, _changes, out _moment);
        VisibleCount = 40;
        _count = view.Count;
    }

    /// <summary>Something arrived that a redraw will show. Raised on any thread.</summary>
    public event Action? Arrived;

    /// <summary>Where a listing that was being resolved must go on, and whoever else holds ranks: told of each batch.</summary>
    internal event Action<ChangeBatch>? Changed;

    public InodeId Directory => _view.Directory;

    public InodeAttributes Attributes => _view.Attributes;

    public long Count => _count;

    public Freshness Freshness => _view.Freshness;

    public DateTimeOffset AsOf => _view.AsOf;

    public RowWindow Window { get; } = new();

    public IEntrySelection Selection => _chosen is null ? Ranges : _chosen;

    /// <summary>What is selected while rows are in the order of names: ranges between names, which need no row to be loaded.</summary>
    internal RowSelection Ranges { get; } = new();

    /// <summary>What is selected once rows are arranged: entries, kept by the gateway.</summary>
    internal ArrangedSelection? Chosen => _chosen;

    /// <summary>How the user wants the rows; while they are <see cref="IsArriving"/> they are in the order of names.</summary>
    public ViewSpec Spec { get; private set; } = ViewSpec.Stored;

    public bool IsArriving => _view is IArrangedView { State: ArrangementState.Arriving };

    /// <summary>Too many entries to sort or filter within the memory that is given to listings.</summary>
    public bool IsTooLarge => _view is IArrangedView { State: ArrangementState.TooLarge };

    /// <summary>Entries that have come so far, and all there are.</summary>
    public (long Arrived, long All) Progress => _view is IArrangedView arranged ? (arranged.Arrived, _stored.Count) : (_stored.Count, _stored.Count);

    /// <summary>Rank of the row that the keyboard is at.</summary>
    public long Cursor { get; private set; }

    /// <summary>How far the rows above what the user sees have moved it, in all: the viewport scrolls along.</summary>
    public long Origin { get; private set; }

    /// <summary>One more each time that <see cref="Cursor"/> must be brought into sight.</summary>
    public int Reveal { get; private set; }

    /// <summary>A read of rows failed; the rows shown are those known before.</summary>
    public FsErrno ReadError { get; private set; }

    /// <summary>The selection had to be dropped, because it is not known what changed.</summary>
    public bool SelectionLost { get; set; }

    /// <summary>Rows are awaited for long enough to say so.</summary>
    public bool ShowsSkeleton => _waitingSince is { } since && _time.GetUtcNow() - since >= SkeletonDelay;

    internal int VisibleCount { get; private set; }

    /// <summary>Rows side by side.</summary>
    internal int Columns { get; private set; } = 1;

    /// <summary>The list is drawn otherwise: the row at the cursor stays in sight.</summary>
    public void RevealCursor() => Reveal++;

    internal IDirectoryView View => _view;

    private DirectoryRow? CursorRow { get; set; }

    private DirectoryRow? Anchor { get; set; }

    private long _count;
    private long _drawnCounts;
    private long _visibleFirst;

    /// <summary>What the viewport shows and wants drawn. Returns at once; missing rows arrive later.</summary>
    /// <param name="columns">Rows side by side, as tiles are.</param>
    public void Look(long first, int count, long visibleFirst, int visibleCount, int columns = 1)
    {
        if (_closed.IsCancellationRequested)
            return; // It is still drawn while the next one is opened.
        Columns = Math.Max(1, columns);
        _visibleFirst = visibleFirst;
        VisibleCount = Math.Max(1, visibleCount);
        if (!IsComing(visibleFirst, visibleCount))
            MoveWindow(first, count);
    }

    /// <summary>Follows what changed since the last call. True when something drawn is different.</summary>
    public bool Tick()
    {
        bool skeletonDue = _waitingSince is not null && ShowsSkeleton;
        if (skeletonDue)
            Window.MoveTo(_wanted.First, _wanted.Count);
        bool changed = _view.ChangeCounter != _drawnCounter || _view.FolderCounts != _drawnCounts;
        if (changed)
            Refresh();
        return IsToDraw(changed || skeletonDue);
    }

    /// <summary>Reads the window again, as after an error.</summary>
    public void Refresh()
    {
        _drawnCounter = _view.ChangeCounter;
        _drawnCounts = _view.FolderCounts;
        Sync();
        MoveWindow(_wanted.First, Math.Max(_wanted.Count, VisibleCount + (2 * Overscan)));
    }

    /// <summary>A row by rank, from the cache or from afar, at the moment that selection and cursor are at. Null past the end, or with an error.</summary>
    public async Task<DirectoryRow?> RowAtAsync(long rank)
    {
        for (int attempt = 0; attempt < 20; attempt++)
        {
            Sync();
            long moment = _moment;
            _read.Clear();
            if (rank < 0 || rank >= _count)
                return null;
            if (_view.TryRead(rank, 1, _read))
            {
                Sync();
                if (_moment != moment)
                    continue;
                return _read.Count > 0 ? _read[0] : null;
            }
            FsResult<IReadOnlyList<DirectoryRow>> rows = await _view.ReadAsync(rank, 1, _closed);
            ReadError = rows.Errno;
            if (!rows.IsOk)
                return null;
            if (attempt >= 3 && rows.Value.Count > 0)
                return rows.Value[0]; // a cache without room drops it at once
        }
        return null;
    }

    /// <summary>Puts the cursor on a row and, as asked, selects.</summary>
    public async Task MoveCursorAsync(long rank, CursorMode mode)
    {
        if (_count == 0)
            return;
        if (await RowAtAsync(Math.Clamp(rank, 0, _count - 1)) is { } row)
            PutCursor(row, mode, reveal: true);
    }

    /// <summary>The user pointed at a row that is drawn. Ignored when it is not there any more.</summary>
    public void Point(FileName name, InodeId ino, CursorMode mode)
    {
        Sync();
        if (Drawn(name, ino) is { } row)
            PutCursor(row, mode, reveal: false);
    }

    /// <summary>The user has drawn a rectangle over runs of drawn rows. A run whose ends are not both there any more is left out.</summary>
    public void Mark(IReadOnlyList<(FileName FromName, InodeId FromIno, FileName ToName, InodeId ToIno)> runs, bool keep)
    {
        Sync();
        if (!keep)
            Selection.Clear();
        foreach ((FileName fromName, InodeId fromIno, FileName toName, InodeId toIno) in runs)
        {
            if (Drawn(fromName, fromIno) is { } from && Drawn(toName, toIno) is { } to)
                Selection.SelectBetween(from, to, keep: true);
        }
    }

    /// <summary>The drawn row, if it still is the one that the user saw.</summary>
    public DirectoryRow? Drawn(FileName name, InodeId ino) =>
        Window.Find(name) is { } row && row.Entry.Attributes.Ino == ino ? row : null;

    /// <summary>The row under the cursor.</summary>
    public DirectoryRow? AtCursor() => Window.At(Cursor) ?? CursorRow;

    /// <summary>The one selected row, when it is one and is drawn or under the cursor.</summary>
    public DirectoryRow? Single()
    {
        if (Selection.Count != 1)
            return null;
        if (AtCursor() is { } row && Selection.Contains(row.Entry))
            return row;
        return Window.Rows.FirstOrDefault(r => r is { } drawn && Selection.Contains(drawn.Entry));
    }

    public void SelectAll()
    {
        Sync();
        Selection.SelectAll(_count);
    }

    /// <summary>Selects what is not selected, and nothing else. Only names taken out of a range may have to be looked up for it.</summary>
    public async Task InvertSelectionAsync()
    {
        for (int attempt = 0; attempt < 20; attempt++)
        {
            Sync();
            if (_chosen is { } chosen)
            {
                chosen.Invert();
                return;
            }
            FileName missing = Ranges.Excluded.FirstOrDefault(name => _view.FindRank(name) < 0);
            if (missing.IsEmpty)
            {
                Ranges.Invert(_count, _view.FindRank);
                return;
            }
            await RankOfAsync(missing);
        }
    }

    /// <summary>What the selection means now: names with their inodes. Tells how many were found so far.</summary>
    public async Task<FsResult<IReadOnlyList<DirectoryEntry>>> ReadSelectionAsync(Action<int>? progress = null, CancellationToken cancellation = default)
    {
        using SelectionResolver resolver = new(this);
        return await resolver.ResolveAsync(() => progress?.Invoke(resolver.Found), cancellation);
    }

    /// <summary>Rank of the first row not before <paramref name="name"/>, in an arrangement of the row with that name; -1: there is none, or it could not be read.</summary>
    public async Task<long> RankOfAsync(FileName name)
    {
        FsResult<long> rank = await _view.RankOfAsync(name, _closed);
        return rank.IsOk ? rank.Value : -1;
    }

    /// <summary>Letters typed: the next row whose name begins with them, over the whole directory. Null where rows are not arranged: then by <see cref="RankOfAsync"/>.</summary>
    public async Task<long?> FindPrefixAsync(string prefix, long from) =>
        _isArranged && _view is IArrangedView arranged ? await arranged.FindPrefixAsync(prefix, from, _closed) : null;

    public async Task FocusAsync(FileName name)
    {
        long rank = await RankOfAsync(name);
        bool found = await RowAtAsync(rank) is { } row && row.Entry.Name == name;
        await MoveCursorAsync(found ? rank : 0, found ? CursorMode.Select : CursorMode.Move);
    }

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
        _chosen?.Dispose();
        _chosen = null;
        if (_view != _stored)
            _view.Dispose();
        _stored.Dispose();
    }

    private void PutCursor(DirectoryRow row, CursorMode mode, bool reveal)
    {
        Cursor = row.Rank;
        CursorRow = row;
        switch (mode)
        {
            case CursorMode.Select:
                Selection.SelectOnly(row);
                Anchor = row;
                break;
            case CursorMode.Toggle:
                Selection.Toggle(row);
                Anchor = row;
                break;
            case CursorMode.Extend or CursorMode.ExtendMore:
                Anchor ??= row;
                Selection.SelectBetween(Anchor.Value, row, keep: mode == CursorMode.ExtendMore);
                break;
        }
        if (!reveal)
            return;
        Reveal++;
        if (row.Rank < _wanted.First + 1 || row.Rank >= _wanted.First + _wanted.Count - 1)
            MoveWindow(row.Rank - (VisibleCount / 2) - Overscan, VisibleCount + (2 * Overscan));
    }
}
