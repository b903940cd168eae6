using Capstan.ClientGateway.Views;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels.Trash;

// What is listed of it: by a filter, from a place on, page after page.
public sealed partial class TrashViewModel
{
    private NameFilter? _matches;
    private TrashId? _start;
    private TrashId? _readTo;
    private int _looked;
    private int _listing;
    private bool _isPlaced = true;
    private Task _reading = Task.CompletedTask;
    private DateTimeOffset _readAt;

    /// <summary>There is no older entry than those that are known.</summary>
    public bool IsComplete { get; private set; }

    public bool IsLoaded { get; private set; }

    /// <summary>So many are listed as are kept, and there are older ones.</summary>
    public bool IsCut => !IsComplete && _read.Count >= _maxKept;

    /// <summary>The list does not begin with the newest.</summary>
    public bool IsOlder => _start is not null;

    /// <summary>Nothing is in it, of whatever name.</summary>
    public bool IsEmpty => IsComplete && _read.Count == 0 && _matches is null && !IsOlder;

    /// <summary>Part of a name, or a pattern; "" for none.</summary>
    public string Filter { get; private set; } = "";

    public TrashOrder Order { get; private set; } = TrashOrder.Newest;

    public FsErrno Error { get; private set; }

    /// <summary>"1,234 items", "500+ items" while there may be more, "500 items so far" while they are read to be sorted; "12 found", "12 found in 40,000 so far".</summary>
    public string CountText => (_matches, IsComplete) switch
    {
        (null, true) => SizeText.Items(_entries.Count),
        (null, false) when IsReadToItsEnd && !IsCut => $"{SizeText.Items(_read.Count)} so far",
        (null, false) => $"{SizeText.Number(_entries.Count)}+ items",
        (_, true) => $"{SizeText.Number(_entries.Count)} found",
        _ => $"{SizeText.Number(_entries.Count)} found in {SizeText.Number(_looked)} so far",
    };

    /// <summary>What is listed is not all: what the order is of.</summary>
    public string CutText => Order.IsNewest ? "No more are listed at once." : $"No more are listed at once; these {SizeText.Number(_entries.Count)} are sorted, older ones are not among them.";

    /// <summary>Whoever looks for a name wants all that have it, and whoever sorts what comes first of all: those are not where one scrolls to.</summary>
    private bool IsReadToItsEnd => _matches is not null || !Order.IsNewest;

    /// <summary>Among the last that are known what is read next may belong, and they are looked at.</summary>
    private bool IsLastInSight => TrashOrder.BeginningOfLast(_read) is var begin && begin < _read.Count - 1 && begin < _first + _count;

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

    /// <summary>Lists the same in another order: from the top, with what is chosen chosen still.</summary>
    public void Sort(TrashOrder order)
    {
        if (order == Order)
            return;
        Order = order;
        _first = _visible = 0;
        Placed();
        if (IsReadToItsEnd)
            ReadMore(); // One that is under way goes on by itself.
    }

    /// <summary>Lists what is older than the last that is listed.</summary>
    public void ShowOlder() => ListFrom(_readTo);

    public void ShowNewest() => ListFrom(null);

    private void ListFrom(TrashId? start)
    {
        _start = start;
        _readTo = null;
        _looked = 0;
        _first = _visible = 0;
        _listing++; // What is still being read is of no use.
        _read.Clear();
        IsComplete = IsLoaded = false;
        Placed();
        Read(fromTop: true);
    }

    private void ReadMore()
    {
        if (_reading.IsCompleted && IsLoaded && !IsComplete && !IsCut)
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
            while (Error == FsErrno.Ok && (IsReadToItsEnd || IsLastInSight) && !IsComplete && !IsCut);
            if (!_isPlaced)
            {
                Placed();
                Arrived?.Invoke();
            }
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
            _read.AddRange(passing);
            IsComplete = isLast;
            _looked += page.Count;
        }
        else if (isLast)
        {
            _read.Clear();
            _read.AddRange(passing);
            IsComplete = true;
            _looked = page.Count;
        }
        else
        {
            // The newest page as it is now, and what was known of older ones.
            _read.RemoveAll(e => !IsBehind(e.Id, page[^1].Id));
            _read.InsertRange(0, passing);
            _looked = Math.Max(_looked, page.Count);
        }
        if (page.Count > 0 && (!fromTop || _readTo is not { } to || !IsBehind(to, page[^1].Id)))
            _readTo = page[^1].Id;
        // While all is read to be sorted the list is put in order when it has doubled: a hundred times would cost as much as fifty lists.
        _isPlaced = false;
        if (Order.IsNewest || IsComplete || IsCut || _read.Count >= 2 * _entries.Count)
            Placed();
    }

    /// <summary>In the order of the trash: thousands may be of one moment, and are told apart by their numbers.</summary>
    private static bool IsBehind(TrashId id, TrashId other) => id.RemovedNs != other.RemovedNs ? id.RemovedNs < other.RemovedNs : id.Ino.CompareTo(other.Ino) > 0;
}
