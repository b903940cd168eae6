using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.DevHost.Fakes;

/// <summary>
/// The entries of one fake directory in order of names, and what happened to them. A generated directory makes its inodes
/// when they are asked for. Guarded by itself.
/// </summary>
public sealed class FakeDirectory
{
    private readonly List<FileName> _names = [];
    private readonly Dictionary<FileName, FakeInode> _inodes = [];
    private readonly Dictionary<FileName, FakeOperation> _operations = [];
    private readonly List<(long Moment, DirectoryChange Change)> _changes = [];
    private readonly List<Func<DirectoryEntry, bool>> _leaving = [];
    private TaskCompletionSource? _changed;
    private Func<FileName, FakeInode>? _generate;
    private long _oldest = 1;

    public Lock Gate { get; } = new();

    public long Counter
    {
        get;
        private set
        {
            field = value;
            _changed?.TrySetResult();
            _changed = null;
        }
    } = 1;

    public int Count => _names.Count;

    /// <summary>Changes that are remembered; fewer make gaps.</summary>
    public int Memory { get; set; } = 100_000;

    /// <summary>Arranged views stay in the order of names.</summary>
    public bool IsArriving { get; set; }

    internal FakeArrangement? Arrangement { get; set; }

    public Freshness Freshness { get; set; } = Freshness.Live;

    /// <summary>What reading rows answers.</summary>
    public FsErrno ReadFails { get; set; }

    public void Generate(int count, Func<int, FileName> name, Func<FileName, FakeInode> inode)
    {
        _generate = inode;
        for (int i = 0; i < count; i++)
            _names.Add(name(i));
        _names.Sort();
    }

    public FakeInode? Find(FileName name)
    {
        lock (Gate)
        {
            if (_names.BinarySearch(name) < 0)
                return null;
            if (!_inodes.TryGetValue(name, out FakeInode? inode))
                _inodes[name] = inode = _generate!(name);
            return inode;
        }
    }

    public void Put(FileName name, FakeInode inode)
    {
        lock (Gate)
        {
            int at = _names.BinarySearch(name);
            if (at < 0)
                _names.Insert(~at, name);
            _inodes[name] = inode;
            Log(new DirectoryChange(at < 0 ? DirectoryChangeKind.Added : DirectoryChangeKind.Replaced, name));
        }
    }

    public void Remove(FileName name)
    {
        lock (Gate)
        {
            int at = _names.BinarySearch(name);
            if (at < 0)
                return;
            _names.RemoveAt(at);
            _inodes.Remove(name);
            Log(new DirectoryChange(DirectoryChangeKind.Removed, name));
        }
    }

    /// <summary>An attribute of the entry has changed.</summary>
    public void Touch(FileName name)
    {
        lock (Gate)
            Counter++;
    }

    public void Mark(FileName name, FakeOperation? operation)
    {
        lock (Gate)
        {
            if (operation is null)
                _operations.Remove(name);
            else
                _operations[name] = operation;
            Counter++;
        }
    }

    public Task WhenChanged(long counter)
    {
        lock (Gate)
            return Counter != counter ? Task.CompletedTask : (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    public IDisposable ShowLeaving(Func<DirectoryEntry, bool> which)
    {
        lock (Gate)
        {
            _leaving.Add(which);
            Counter++;
        }
        return new Leaving(this, which);
    }

    /// <summary>Forgets what happened, as after a gap in versions.</summary>
    public void Forget()
    {
        lock (Gate)
        {
            _changes.Clear();
            Counter++;
            _oldest = Counter;
        }
    }

    public bool TryReadChanges(long since, List<DirectoryChange> changes, out long upTo)
    {
        lock (Gate)
        {
            upTo = Counter;
            if (since == 0)
                return true;
            if (since < _oldest)
                return false;
            int first = _changes.FindIndex(c => c.Moment > since);
            if (first >= 0)
                changes.AddRange(_changes.Skip(first).Select(c => c.Change));
            return true;
        }
    }

    public void Read(long first, int count, List<DirectoryRow> rows)
    {
        lock (Gate)
        {
            for (long rank = Math.Max(0, first); rank < Math.Min(first + count, _names.Count); rank++)
            {
                FileName name = _names[(int)rank];
                rows.Add(Marked(new DirectoryRow(rank, new DirectoryEntry(name, Find(name)!.Attributes), RowState.Normal, null)));
            }
        }
    }

    /// <summary>The row with the operation on it, if any.</summary>
    public DirectoryRow Marked(DirectoryRow row)
    {
        lock (Gate)
        {
            FakeOperation? operation = _operations.GetValueOrDefault(row.Entry.Name);
            RowState state = operation?.State switch
            {
                OperationState.Queued or OperationState.Sent => RowState.Pending,
                OperationState.Failed => RowState.Failed,
                _ => RowState.Normal,
            };
            if (state != RowState.Pending && _leaving.Exists(l => l(row.Entry)))
                return row with { State = RowState.Leaving, Operation = null };
            return row with { State = state, Operation = state == RowState.Normal ? null : operation };
        }
    }

    public long RankOf(FileName name)
    {
        lock (Gate)
        {
            int at = _names.BinarySearch(name);
            return at < 0 ? ~at : at;
        }
    }

    private void Log(DirectoryChange change)
    {
        Counter++;
        _changes.Add((Counter, change));
        if (_changes.Count <= Memory)
            return;
        int surplus = _changes.Count - (Memory / 2);
        _oldest = _changes[surplus - 1].Moment;
        _changes.RemoveRange(0, surplus);
    }

    private sealed class Leaving(FakeDirectory directory, Func<DirectoryEntry, bool> which) : IDisposable
    {
        public void Dispose()
        {
            lock (directory.Gate)
            {
                directory._leaving.Remove(which);
                directory.Counter++;
            }
        }
    }
}
