using Capstan.ClientGateway.Views;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels.Trash;

// What is listed of it: by a filter, from a place on, page after page.
public sealed partial class TrashViewModel
{
    private NameFilter? _matches;
    private TrashId? _start;
    private TrashId? _readTo;
    private int _read;
    private int _listing;
    private Task _reading = Task.CompletedTask;
    private DateTimeOffset _readAt;

    /// <summary>There is no older entry than those that are known.</summary>
    public bool IsComplete { get; private set; }

    public bool IsLoaded { get; private set; }

    /// <summary>So many are listed as are kept, and there are older ones.</summary>
    public bool IsCut => !IsComplete && _entries.Count >= _maxKept;

    /// <summary>The list does not begin with the newest.</summary>
    public bool IsOlder => _start is not null;

    /// <summary>Nothing is in it, of whatever name.</summary>
    public bool IsEmpty => IsComplete && _entries.Count == 0 && _matches is null && !IsOlder;

    /// <summary>Part of a name, or a pattern; "" for none.</summary>
    public string Filter { get; private set; } = "";

    public FsErrno Error { get; private set; }

    /// <summary>"1,234 items", "500+ items" while there may be more; "12 found", "12 found in 40,000 so far".</summary>
    public string CountText => (_matches, IsComplete) switch
    {
        (null, true) => SizeText.Items(_entries.Count),
        (null, false) => $"{SizeText.Number(_entries.Count)}+ items",
        (_, true) => $"{SizeText.Number(_entries.Count)} found",
        _ => $"{SizeText.Number(_entries.Count)} found in {SizeText.Number(_read)} so far",
    };

    /// <summary>Reads it as it is now; what is being read is waited for, so that no page is taken twice.</summary>
    public async Task OpenAsync()
    {
        while (!_reading.IsCompleted)
            await _reading;
        Read(fromTop: true);
        await _reading;
    }

    /// <summary>Lists those whose names pass, wherever in the trash they are.</summary>
    public void Show(string filter)
    {
        if (filter == Filter)
            return;
        Filter = filter;
        _matches = filter.Length > 0 ? new NameFilter(filter) : null;
        ListFrom(null);
    }

    /// <summary>Lists what is older than the last that is listed.</summary>
    public void ShowOlder() => ListFrom(_readTo);

    public void ShowNewest() => ListFrom(null);

    private void ListFrom(TrashId? start)
    {
        _start = start;
        _readTo = null;
        _read = 0;
        _first = 0;
        _listing++; // What is still being read is of no use.
        _entries.Clear();
        IsComplete = IsLoaded = false;
        Placed();
        Read(fromTop: true);
    }

    private void ReadMore()
    {
        if (_reading.IsCompleted && !IsComplete && _entries.Count < _maxKept)
            Read(fromTop: false);
    }

    private void Read(bool fromTop) => _reading = ReadAsync(fromTop, _listing);

    private async Task ReadAsync(bool fromTop, int listing)
    {
        CancellationToken closed = _closing.Token;
        try
        {
            do
            {
                FsResult<IReadOnlyList<TrashEntry>> page = await _client.ListTrashAsync(_caller, fromTop || _readTo is null ? _start : _readTo, ListTrashCount, cancellation: closed);
                if (listing != _listing)
                    return;
                _readAt = _time.GetUtcNow();
                IsLoaded = true;
                Error = page.Errno;
                if (page.IsOk)
                    Take(page.Value!, fromTop || _readTo is null);
                Arrived?.Invoke();
                fromTop = false;
            }
            // Whoever looks for a name wants all that have it, and those are not where one scrolls to.
            while (Error == FsErrno.Ok && _matches is not null && !IsComplete && !IsCut);
        }
        catch (OperationCanceledException) when (closed.IsCancellationRequested)
        {
            // The page was left.
        }
    }

    private void Take(IReadOnlyList<TrashEntry> page, bool fromTop)
    {
        bool isLast = page.Count < ListTrashCount;
        IEnumerable<TrashEntry> passing = _matches is null ? page : page.Where(e => _matches.Matches(e.Name.Span));
        if (!fromTop)
        {
            _entries.AddRange(passing);
            IsComplete = isLast;
            _read += page.Count;
        }
        else if (isLast)
        {
            _entries.Clear();
            _entries.AddRange(passing);
            IsComplete = true;
            _read = page.Count;
        }
        else
        {
            // The newest page as it is now, and what was known of older ones.
            _entries.RemoveAll(e => e.Id.RemovedNs >= page[^1].Id.RemovedNs);
            _entries.InsertRange(0, passing);
            _read = Math.Max(_read, page.Count);
        }
        if (page.Count > 0 && (!fromTop || _readTo is not { } to || to.RemovedNs > page[^1].Id.RemovedNs))
            _readTo = page[^1].Id;
        Placed();
    }
}
