using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels.Trash;

/// <summary>
/// The caller's trash. It is read page after page as it is looked at, up to <see cref="MaxKept"/>, and from there on when somebody asks for older ones; with a
/// filter, and in another order than the newest first, to its end. Nobody tells of its changes, so its first page is read again when something may have changed, and every few seconds.
/// Not thread-safe: lives on its circuit's dispatcher.
/// </summary>
public sealed partial class TrashViewModel : IDisposable
{
    public const int MaxKept = 50_000;

    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SoonestAgain = TimeSpan.FromSeconds(1);

    private readonly IFileSystemClient _client;
    private readonly Caller _caller;
    private readonly TimeProvider _time;
    private readonly int _maxKept;
    private readonly CancellationTokenSource _closing = new();
    private readonly List<TrashEntry> _read = []; // As they come: the newest first.
    private List<TrashEntry> _entries = []; // As they are listed.
    private readonly Dictionary<ulong, int> _places = [];
    private readonly List<TrashWork> _work = [];
    private readonly HashSet<TrashId> _busy = [];
    private readonly List<RefusedRestore> _refused = [];
    private long _counter;
    private int _first;
    private int _visible;
    private int _count = 80;

    /// <param name="maxKept">How many are listed at once.</param>
    public TrashViewModel(IFileSystemClient client, Caller caller, TimeProvider time, int maxKept = MaxKept)
    {
        _maxKept = maxKept;
        _client = client;
        _caller = caller;
        _time = time;
        Picker = new RowPicker(() => _entries.Count, NumbersAt, number => _places.GetValueOrDefault(number, -1));
    }

    /// <summary>Something arrived that a redraw will show. Raised on the dispatcher.</summary>
    public event Action? Arrived;

    public RowPicker Picker { get; }

    public int Count => _entries.Count;

    public int First => _first;

    /// <summary>Rows that came above those in sight less rows that went there, in all.</summary>
    public long Origin { get; private set; }

    public IReadOnlyList<TrashRow> Rows => [.. _entries.Skip(_first).Take(_count).Select(e => new TrashRow(e, _busy.Contains(e.Id)))];

    /// <param name="visible">The first row in sight: it stays where it is, whatever comes and goes above it.</param>
    public void Look(int first, int count, int visible)
    {
        _first = Math.Clamp(first, 0, Math.Max(0, _entries.Count - 1));
        _visible = Math.Clamp(visible, 0, Math.Max(0, _entries.Count - 1));
        _count = count;
        if (_first + _count + ListTrashCount > _entries.Count || IsLastInSight)
            ReadMore();
    }

    /// <summary>Follows what changed; true when something drawn is different.</summary>
    public bool Tick()
    {
        bool changed = Settle();
        long counter = _client.Operations.ChangeCounter;
        DateTimeOffset now = _time.GetUtcNow();
        if (_reading.IsCompleted && now - _readAt >= (counter != _counter ? SoonestAgain : AgainAfter))
        {
            _counter = counter;
            Read(fromTop: true);
        }
        return changed;
    }

    /// <summary>The chosen entries that nothing is being done with.</summary>
    public IReadOnlyList<TrashEntry> ChosenEntries() =>
        [.. Picker.Numbers.Select(n => _places.GetValueOrDefault(n, -1)).Where(p => p >= 0).Order().Select(p => _entries[p]).Where(e => !_busy.Contains(e.Id))];

    public TrashEntry? AtCursor() => Picker.Cursor < _entries.Count ? _entries[Picker.Cursor] : null;

    public TrashEntry? Find(ulong number) => _places.TryGetValue(number, out int place) ? _entries[place] : null;

    /// <summary>What could not go where it should: to be asked for another place.</summary>
    public IReadOnlyList<RefusedRestore> Refused => _refused;

    public void ForgetRefused() => _refused.Clear();

    /// <summary>Back to where each was.</summary>
    public OperationJob Restore(IReadOnlyList<TrashEntry> entries) => Restore(entries, [.. entries.Select(TrashPlace.Of)]);

    public OperationJob Restore(IReadOnlyList<TrashEntry> entries, IReadOnlyList<TrashPlace> places) => Begin(new TrashWork(_client.RestoreMany(_caller, places), entries, places));

    public OperationJob Purge(IReadOnlyList<TrashEntry> entries) => Begin(new TrashWork(_client.PurgeMany(_caller, [.. entries.Select(e => e.Id)]), entries, null));

    /// <summary>Everything that is in the trash now, listed here or not.</summary>
    public async Task<FsErrno> EmptyAsync()
    {
        FsResult<InodeAttributes?> ended = await _client.PurgeTrash(_caller, _time.GetUtcNow().AddSeconds(1)).Completion;
        await OpenAsync();
        return ended.Errno;
    }

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    private static int ListTrashCount => Shared.Messages.ListTrashOperation.MaxCount;

    private OperationJob Begin(TrashWork work)
    {
        _work.Add(work);
        _busy.UnionWith(work.Entries.Select(e => e.Id));
        _refused.RemoveAll(r => _busy.Contains(r.Entry.Id));
        Picker.Clear();
        return work.Job;
    }

    /// <summary>What finished jobs have done: their entries leave, but for those that failed.</summary>
    private bool Settle()
    {
        List<TrashWork> ended = _work.FindAll(w => w.Job.IsFinished);
        foreach (TrashWork work in ended)
        {
            _work.Remove(work);
            HashSet<TrashId> gone = [.. work.Entries.Select(e => e.Id)];
            _busy.ExceptWith(gone);
            foreach ((TrashEntry entry, JobFailure failure) in work.Failed())
            {
                gone.Remove(entry.Id);
                if (work.Places is null || failure.Errno == FsErrno.NoEntry)
                    continue;
                // Here is where one is asked, and not in the folder that it did not get into.
                _refused.Add(new RefusedRestore(entry, failure.Errno));
                if (failure.Operation is { } operation)
                    _client.Operations.Dismiss(operation);
            }
            _read.RemoveAll(e => gone.Contains(e.Id));
            _counter = -1; // What was cancelled, and what was not there, is known by the next reading.
        }
        if (ended.Count > 0)
            Placed();
        return ended.Count > 0;
    }

    /// <summary>What is known, or the order, is another: the list is put in order, and what is in sight stays in sight.</summary>
    private void Placed()
    {
        List<TrashEntry> before = _entries;
        _isPlaced = true;
        _entries = Order.Of(_read);
        _places.Clear();
        for (int i = 0; i < _entries.Count; i++)
            _places[_entries[i].Id.Ino.Value] = i;
        // At the top one sees what comes; further down the first row in sight that is still there stays.
        int top = _visible > 0 ? before.FindIndex(_visible, e => _places.ContainsKey(e.Id.Ino.Value)) : -1;
        if (top >= 0)
        {
            int shift = _places[before[top].Id.Ino.Value] - _visible;
            Origin += shift;
            _visible += shift;
            _first += shift;
        }
        Picker.Follow();
        _first = Math.Clamp(_first, 0, Math.Max(0, _entries.Count - 1));
        _visible = Math.Clamp(_visible, 0, Math.Max(0, _entries.Count - 1));
    }

    private List<ulong> NumbersAt(int first, int count)
    {
        first = Math.Clamp(first, 0, _entries.Count);
        return [.. _entries.GetRange(first, Math.Clamp(count, 0, _entries.Count - first)).Select(e => e.Id.Ino.Value)];
    }
}
