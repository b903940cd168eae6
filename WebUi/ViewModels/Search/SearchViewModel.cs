using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.ViewModels.Archives;
using Capstan.WebUi.ViewModels.Organize;
using Capstan.WebUi.ViewModels.Undo;

namespace Capstan.WebUi.ViewModels.Search;

/// <summary>One search as its user sees it: the rows that are drawn, the selection, what can be done. Not thread-safe: lives on its circuit's dispatcher.</summary>
public sealed class SearchViewModel : IDisposable
{
    private readonly IFileSystemClient _client;
    private readonly Caller _caller;
    private readonly List<SearchRow> _rows = [];
    private ISearch? _search;
    private long _drawn = -1;
    private long _operations = -1;
    private int _count = 80;

    public SearchViewModel(IFileSystemClient client, Caller caller)
    {
        _client = client;
        _caller = caller;
        Picker = new RowPicker(
            () => Count,
            (first, count) => [.. (_search?.Ids(first, count) ?? []).Select(id => (ulong)id)],
            number => _search?.IndexOf((long)number) ?? -1);
    }

    public FilePath Path { get; private set; } = FilePath.Root;

    public SearchQuery Query { get; private set; } = new();

    /// <summary>Why there is nothing to search in.</summary>
    public FsErrno Errno { get; private set; }

    public bool IsAsked => _search is not null;

    public SearchProgress Progress { get; private set; }

    public bool IsRunning => IsAsked && Progress.State == SearchState.Running;

    public int Count { get; private set; }

    public int First { get; private set; }

    public IReadOnlyList<SearchRow> Rows => _rows;

    public RowPicker Picker { get; }

    public IReadOnlyList<(IReadOnlyList<FileName> Folder, FsErrno Errno)> Unreadable => _search?.Unreadable ?? [];

    /// <summary>"1,234 found, 56,789 looked at"</summary>
    public string Summary
    {
        get
        {
            string found = Count == 0 && Progress.State == SearchState.Complete ? "Nothing found" : $"{SizeText.Number(Count)} found";
            string looked = $"{SizeText.Items(Progress.Entries)} in {SizeText.Count(Progress.Directories, "folder")} looked at";
            return Progress.State switch
            {
                SearchState.Full => $"The first {SizeText.Number(Count)} are shown: narrow the search to see all. {looked}.",
                SearchState.Cancelled => $"Stopped. {found}, {looked}.",
                SearchState.Running => $"{found} so far, {looked}…",
                _ => $"{found}, {looked}.",
            };
        }
    }

    /// <summary>Begins what the address says, in the place to which its symbolic links lead (<see cref="Path"/> from then on); the same search in another order goes on.</summary>
    public async Task OpenAsync(FilePath path, SearchQuery query, CancellationToken cancellation = default)
    {
        if (_search is { } open && path == Path && query.Spec == Query.Spec)
        {
            Query = query;
            open.Sort(query.Sort, query.Descending);
            Tick();
            return;
        }
        Close();
        (Path, Query, Errno) = (path, query, FsErrno.Ok);
        FsResult<(FilePath Path, ResolvedPath Found)> led = await new LinkWalk(_client, _caller).FollowAsync(path, cancellation);
        if ((path, query) != (Path, Query))
            return; // Another was opened meanwhile.
        Errno = !led.IsOk ? led.Errno : led.Value.Found.Attributes.IsDirectory ? FsErrno.Ok : FsErrno.NotDirectory;
        if (Errno != FsErrno.Ok)
            return;
        Path = led.Value.Path;
        if (query.Spec.IsEmpty)
            return;
        _search = _client.Search(_caller, led.Value.Found.Attributes, query.Spec);
        _search.Sort(query.Sort, query.Descending);
        Tick();
    }

    public void Look(int first, int count)
    {
        First = first;
        _count = count;
        Read();
    }

    /// <summary>Follows what changed; true when something drawn is different.</summary>
    public bool Tick()
    {
        if (_search is null)
            return false;
        long now = _search.ChangeCounter, operations = _client.Operations.ChangeCounter;
        if (now == _drawn && operations == _operations)
            return false;
        (_drawn, _operations) = (now, operations);
        Read();
        return true;
    }

    public void Cancel() => _search?.Cancel();

    public SearchRow? Drawn(ulong number) => _rows.Find(r => (ulong)r.Id == number) is { Id: > 0 } row ? row : null;

    public SearchRow? AtCursor() => Picker.Cursor - First is >= 0 and int at && at < _rows.Count ? _rows[at] : null;

    public int PlaceOf(SearchRow row) => _search?.IndexOf(row.Id) ?? -1;

    /// <summary>Drawn or not.</summary>
    public SearchRow? RowAt(int place)
    {
        List<SearchRow> rows = [];
        _search?.Read(place, 1, rows);
        return rows is [var row] ? row : null;
    }

    /// <summary>Where a row is, from the root.</summary>
    public FilePath PathOf(SearchRow row) => new([.. Path.Names, .. row.Folder, row.Entry.Name]);

    /// <summary>What is chosen and still there; what is in a folder that is chosen, too, goes with it.</summary>
    public IReadOnlyList<SearchRow> Chosen()
    {
        IReadOnlyList<SearchRow> rows = _search?.Resolve([.. Picker.Numbers.Select(n => (long)n)]) ?? [];
        HashSet<InodeId> folders = [.. rows.Where(r => r.Entry.Attributes.IsDirectory).Select(r => r.Entry.Attributes.Ino)];
        if (folders.Count == 0)
            return rows;
        HashSet<string> paths = [.. rows.Where(r => r.Entry.Attributes.IsDirectory).Select(r => FilePathText(r.Folder, r.Entry.Name))];
        return [.. rows.Where(r => !Enumerable.Range(1, r.Folder.Count).Any(depth => paths.Contains(FilePathText(r.Folder.Take(depth - 1), r.Folder[depth - 1]))))];
    }

    public OperationJob? MoveToTrash(UndoHistory undo)
    {
        IReadOnlyList<SearchRow> chosen = Chosen();
        if (chosen.Count == 0)
            return null;
        OperationJob job = _client.MoveManyToTrash(_caller, [.. chosen.Select(r => (r.Directory, r.Entry))]);
        undo.Did(job);
        Picker.Clear();
        return job;
    }

    /// <summary>What is chosen, each in its folder.</summary>
    public IReadOnlyList<PlacedEntry> ChosenPlaces() => [.. Chosen().Select(r => new PlacedEntry(r.Directory, PathOf(r).Parent, r.Entry))];

    /// <summary>To be packed: of several folders, each under the folders that it is in, from the one that was searched.</summary>
    public ArchiveTicket? Archive()
    {
        IReadOnlyList<SearchRow> chosen = Chosen();
        if (chosen.Count == 0)
            return null;
        bool isOneFolder = chosen.All(r => r.Directory == chosen[0].Directory);
        FileName name = chosen.Count == 1 ? chosen[0].Entry.Name : Path.IsRoot ? FileName.Create("Found") : Path.Name;
        return new ArchiveTicket(_caller, name, [.. chosen.Select(r => new ArchiveRoot(r.Directory, isOneFolder ? [] : r.Folder, r.Entry))]);
    }

    /// <summary>Gives a row a new name, under which it stays. Null when it is done; otherwise why not.</summary>
    public async Task<string?> RenameAsync(SearchRow row, FileName name, TransferFlow transfers)
    {
        _search?.Rename(row.Id, name);
        string? problem = await transfers.RenameAsync(_client, _caller, row.Directory, row.Entry, name);
        if (problem is not null)
            _search?.Rename(row.Id, row.Entry.Name);
        Tick();
        return problem;
    }

    public void Dispose() => Close();

    private static string FilePathText(IEnumerable<FileName> folder, FileName name) => new FilePath([.. folder, name]).ToUrlPath();

    private void Read()
    {
        if (_search is null)
            return;
        int before = Count;
        Count = _search.Count;
        Progress = _search.Progress;
        if (Count < before || Picker.Chosen == 0)
            Picker.Follow();
        First = Math.Clamp(First, 0, Math.Max(0, Count - 1));
        _rows.Clear();
        _search.Read(First, _count, _rows);
    }

    private void Close()
    {
        _search?.Dispose();
        _search = null;
        (_drawn, Count, First, Progress) = (-1, 0, 0, default);
        _rows.Clear();
        Picker.Clear();
    }
}
