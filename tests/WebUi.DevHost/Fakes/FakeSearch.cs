using Capstan.ClientGateway;
using Capstan.ClientGateway.Walks;
using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.WebUi.DevHost.Fakes;

/// <summary>A search of the fake tree: it is through when it is made.</summary>
internal sealed class FakeSearch : ISearch
{
    private const int MaxLooked = 20_000;

    private readonly Caller _caller;
    private readonly SearchMatcher _matcher;
    private readonly List<(long Id, FakeDirectory Home, SearchRow Row)> _hits = [];
    private readonly List<(IReadOnlyList<FileName> Folder, FsErrno Errno)> _unreadable = [];
    private readonly List<FakeDirectory> _walked = [];
    private long _looked;
    private bool _isCancelled;

    public FakeSearch(Caller caller, FakeInode root, SearchSpec spec)
    {
        _caller = caller with { Uid = caller.Uid == 0 ? 1 : caller.Uid };
        Spec = spec;
        _matcher = new SearchMatcher(spec);
        Walk(root, []);
    }

    public SearchSpec Spec { get; }

    public long ChangeCounter => 1 + _walked.Sum(d => d.Counter) + (_isCancelled ? 1 : 0);

    public SearchProgress Progress => new(SearchState.Complete, _looked, _walked.Count, _unreadable.Count, _unreadable.Count > 0 ? _unreadable[0].Errno : FsErrno.Ok);

    public int Count => Rows().Count;

    public IReadOnlyList<(IReadOnlyList<FileName> Folder, FsErrno Errno)> Unreadable => _unreadable;

    public void Sort(SortColumn column, bool descending) => _hits.Sort((a, b) => (descending ? -1 : 1) * column switch
    {
        SortColumn.Size => a.Row.Entry.Attributes.Size.CompareTo(b.Row.Entry.Attributes.Size),
        SortColumn.Modified => a.Row.Entry.Attributes.MtimeNs.CompareTo(b.Row.Entry.Attributes.MtimeNs),
        SortColumn.Name => a.Row.Entry.Name.CompareTo(b.Row.Entry.Name),
        _ => a.Id.CompareTo(b.Id),
    });

    public void Read(int first, int count, List<SearchRow> rows) => rows.AddRange(Rows().Skip(first).Take(count));

    public IReadOnlyList<long> Ids(int first, int count) => [.. Rows().Skip(first).Take(count).Select(r => r.Id)];

    public int IndexOf(long id) => Rows().FindIndex(r => r.Id == id);

    public IReadOnlyList<SearchRow> Resolve(IReadOnlyCollection<long> ids) => [.. Rows().Where(r => ids.Contains(r.Id) && r.State != RowState.Pending)];

    public void Rename(long id, FileName name)
    {
        int at = _hits.FindIndex(h => h.Id == id);
        _hits[at] = _hits[at] with { Row = _hits[at].Row with { Entry = _hits[at].Row.Entry with { Name = name } } };
    }

    public void Cancel() => _isCancelled = true;

    public void Dispose()
    {
    }

    private List<SearchRow> Rows()
    {
        List<SearchRow> rows = [];
        foreach ((_, FakeDirectory home, SearchRow row) in _hits)
        {
            if (home.Find(row.Entry.Name) is not { } inode || inode.Attributes.Ino != row.Entry.Attributes.Ino)
                continue;
            DirectoryRow marked = home.Marked(new DirectoryRow(0, row.Entry with { Attributes = inode.Attributes }, RowState.Normal, null));
            rows.Add(row with { Entry = marked.Entry, State = marked.State, Operation = marked.Operation });
        }
        return rows;
    }

    private void Walk(FakeInode inode, FileName[] folder)
    {
        FakeDirectory directory = inode.Directory!;
        if (!inode.Attributes.Allows(_caller, Access.Read))
        {
            _unreadable.Add((folder, FsErrno.AccessDenied));
            return;
        }
        _walked.Add(directory);
        List<DirectoryRow> rows = [];
        directory.Read(0, (int)Math.Min(directory.Count, MaxLooked), rows);
        _looked += rows.Count;
        foreach (DirectoryRow row in rows)
        {
            if (_matcher.Matches(row.Entry.Name, PageRow.Of(row.Entry.Attributes)))
                _hits.Add((_hits.Count + 1, directory, new SearchRow(_hits.Count + 1, inode.Attributes.Ino, folder, row.Entry, RowState.Normal, null)));
            if (directory.Find(row.Entry.Name) is { Directory: not null } child)
                Walk(child, [.. folder, row.Entry.Name]);
        }
    }
}
