using Capstan.ClientGateway.Directories;
using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Walks;

/// <summary>
/// The walk of a search, and what it has found. Lock order: the gateway's lock first, for it calls <see cref="OnChange"/>; nothing here takes it while holding its own.
/// </summary>
internal sealed class TreeSearch : TreeWalk, ISearch, IChangeFollower
{
    public const int MaxHits = 100_000;
    private const int MaxUnreadableNamed = 1000;

    // What is found meanwhile stands at the end until then.
    private static readonly TimeSpan SortEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly SearchMatcher _matcher;
    private readonly Dictionary<(InodeId Directory, FileName Name), SearchHit> _byName = [];
    private readonly List<(IReadOnlyList<FileName> Folder, FsErrno Errno)> _unreadable = [];
    private List<SearchHit> _hits = [];
    private long _changes = 1;
    private long _lastId;
    private long _entries;
    private long _directories;
    private long _unreadableCount;
    private SearchState _state = SearchState.Running;
    private SortColumn _sort;
    private bool _descending;
    private bool _isUnsorted;
    private long _sortedAt;
    private bool _hasGaps;

    public TreeSearch(GatewayCore core, Action flush, Caller caller, InodeAttributes root, SearchSpec spec)
        : base(core, flush, caller)
    {
        Spec = spec;
        _matcher = new SearchMatcher(spec);
        Add(new WalkNode(this, null, default, root));
        lock (core.Gate)
            core.Directories.Followers.Add(this);
    }

    public SearchSpec Spec { get; }

    public long ChangeCounter => Interlocked.Read(ref _changes);

    public SearchProgress Progress
    {
        get
        {
            lock (_gate)
                return new SearchProgress(_state, _entries, _directories, _unreadableCount, _unreadable.Count > 0 ? _unreadable[0].Errno : FsErrno.Ok);
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
                return Settled().Count;
        }
    }

    public IReadOnlyList<(IReadOnlyList<FileName> Folder, FsErrno Errno)> Unreadable
    {
        get
        {
            lock (_gate)
                return [.. _unreadable];
        }
    }

    public void Sort(SortColumn column, bool descending)
    {
        lock (_gate)
        {
            if ((column, descending) == (_sort, _descending))
                return;
            (_sort, _descending) = (column, descending);
            _isUnsorted = true;
            _sortedAt = 0;
        }
        Touch();
    }

    public void Read(int first, int count, List<SearchRow> rows)
    {
        int from = rows.Count;
        lock (_gate)
        {
            List<SearchHit> hits = Settled();
            for (int i = Math.Max(0, first); i < Math.Min(hits.Count, (long)first + count); i++)
                rows.Add(hits[i].ToRow());
        }
        lock (Core.Gate)
        {
            for (int i = from; i < rows.Count; i++)
            {
                if (Core.Operations.Find(rows[i].Directory, rows[i].Entry.Name) is { } operation)
                    rows[i] = rows[i] with { State = operation.State == OperationState.Failed ? RowState.Failed : RowState.Pending, Operation = operation };
            }
        }
    }

    public IReadOnlyList<long> Ids(int first, int count)
    {
        lock (_gate)
        {
            List<SearchHit> hits = Settled();
            first = Math.Clamp(first, 0, hits.Count);
            return [.. hits.GetRange(first, Math.Clamp(count, 0, hits.Count - first)).Select(h => h.Id)];
        }
    }

    public int IndexOf(long id)
    {
        lock (_gate)
            return Settled().FindIndex(h => h.Id == id);
    }

    public IReadOnlyList<SearchRow> Resolve(IReadOnlyCollection<long> ids)
    {
        List<SearchRow> rows = [];
        lock (_gate)
        {
            IReadOnlySet<long> wanted = ids as IReadOnlySet<long> ?? ids.ToHashSet();
            rows.AddRange(Settled().Where(h => wanted.Contains(h.Id)).Select(h => h.ToRow()));
        }
        lock (Core.Gate)
        {
            if (Core.Operations.PendingCount > 0)
                rows.RemoveAll(r => Core.Operations.Find(r.Directory, r.Entry.Name) is { State: OperationState.Queued or OperationState.Sent });
        }
        return rows;
    }

    public void Rename(long id, FileName name)
    {
        lock (_gate)
        {
            if (_hits.Find(h => h.Id == id) is not { IsGone: false } hit)
                return;
            _byName.Remove((hit.Folder.Ino, hit.Name));
            hit.Name = name;
            _byName[(hit.Folder.Ino, name)] = hit;
            _isUnsorted |= _sort == SortColumn.Name;
        }
        Touch();
    }

    public void Cancel() => End(SearchState.Cancelled);

    public void Dispose()
    {
        End(SearchState.Cancelled);
        lock (Core.Gate)
            Core.Directories.Followers.Remove(this);
    }

    public void OnChange(InodeId directory, DeltaKind kind, FileName name, InodeAttributes? attributes)
    {
        lock (_gate)
        {
            if (!_byName.TryGetValue((directory, name), out SearchHit? hit))
                return;
            if (kind != DeltaKind.Removed && attributes is { } now && now.Ino == hit.Row.Ino)
            {
                hit.Row = PageRow.Of(now);
            }
            else
            {
                hit.IsGone = _hasGaps = true;
                _byName.Remove((directory, name));
            }
        }
        Touch();
    }

    protected override void OnPage(WalkNode directory, DirectoryPage page)
    {
        List<(FileName Name, PageRow Row)> found = [];
        _matcher.Scan(page, (index, row) => found.Add((page.Name(index), row)));
        bool isFull;
        lock (_gate)
        {
            _entries += page.Count;
            foreach ((FileName name, PageRow row) in found)
            {
                if (_hits.Count >= MaxHits)
                    break;
                SearchHit hit = new(++_lastId, directory, name, row);
                // Listed anew after a change that the first listing did not have.
                if (_byName.TryAdd((directory.Ino, name), hit))
                    _hits.Add(hit);
            }
            _isUnsorted |= found.Count > 0 && _sort != SortColumn.Stored;
            isFull = _hits.Count >= MaxHits;
        }
        if (isFull)
            End(SearchState.Full);
        Touch();
    }

    protected override void OnUnreadable(WalkNode directory, FsErrno errno)
    {
        lock (_gate)
        {
            _unreadableCount++;
            if (_unreadable.Count < MaxUnreadableNamed)
                _unreadable.Add((directory.Path(), errno));
        }
        Touch();
    }

    protected override void OnLeft(WalkNode directory)
    {
        lock (_gate)
            _directories++;
        Touch();
    }

    protected override void OnEnded(bool isComplete) => End(isComplete ? SearchState.Complete : SearchState.Cancelled);

    private void End(SearchState state)
    {
        lock (_gate)
        {
            if (_state != SearchState.Running)
                return;
            _state = state;
        }
        Stop();
        Touch();
    }

    private void Touch() => Interlocked.Increment(ref _changes);

    /// <summary>The hits without those that have gone, in order. Under the lock.</summary>
    private List<SearchHit> Settled()
    {
        if (_hasGaps)
            _hits.RemoveAll(h => h.IsGone);
        _hasGaps = false;
        if (_isUnsorted && (_state != SearchState.Running || Core.Time.GetElapsedTime(_sortedAt) >= SortEvery))
        {
            _hits = HitOrder.Sorted(_hits, _sort, _descending);
            _isUnsorted = false;
            _sortedAt = Core.Time.GetTimestamp();
        }
        return _hits;
    }
}
