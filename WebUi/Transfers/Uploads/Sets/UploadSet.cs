using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Uploads;

namespace Capstan.WebUi.Transfers.Uploads.Sets;

/// <summary>
/// The files that were dropped or picked at once. What has become of each is written down where it happens: (1) before it is stored, (2) when it is; so that each is stored once,
/// however often its browser sends it, and whoever goes on with the set, on any device, is told what has arrived. Thread-safe.
/// </summary>
internal sealed partial class UploadSet
{
    /// <summary>A browser tells of itself every second, a page in the background of which nothing is sent once a minute.</summary>
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(10), SilentWhilePaused = TimeSpan.FromSeconds(75), Lost = TimeSpan.FromSeconds(100);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly UploadSetFile _file;
    private readonly Action _changed;
    private readonly Dictionary<int, Task<Placed>> _placing = [];
    private readonly Dictionary<string, int> _partial = [];
    private readonly List<UploadOutcome> _outcomes = [];
    private readonly int[] _counts = new int[(int)UploadOutcome.Cancelled + 1];
    private long _bytes;
    private long _stored;
    private int _failed;
    private int _questions;
    private int _sending;
    private bool _isPaused;
    private bool _isLeft;
    private bool _isHeard;
    private bool? _wantsPause;
    private DateTimeOffset _heard;

    /// <param name="changed">Called with its lock held, at each change.</param>
    public UploadSet(string id, UploadSetFile file, TimeProvider time, Action changed)
    {
        Id = id;
        _file = file;
        _time = time;
        _changed = changed;
        _heard = time.GetUtcNow();
        _isLeft = file.IsLeft;
        FilePath.TryParse(file.About.Folder, out FilePath folder);
        Folder = folder;
        foreach (UploadSetFile.Record record in file.Read())
        {
            _outcomes.Add(record.Outcome);
            _counts[(int)record.Outcome]++;
            _bytes += record.Size;
            if (IsStored(record.Outcome))
                _stored += record.Size;
        }
    }

    public string Id { get; }

    public FilePath Folder { get; }

    public uint Uid => _file.About.Uid;

    /// <summary>Who began it.</summary>
    public Caller Caller => _file.About.Caller;

    public int Count
    {
        get
        {
            lock (_lock)
                return _outcomes.Count;
        }
    }

    /// <summary>Each file has ended, or the set was cancelled.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Ids of uploads that are under way.</summary>
    public IReadOnlyList<string> Partial
    {
        get
        {
            lock (_lock)
                return [.. _partial.Keys];
        }
    }

    /// <summary>When its browser was last heard, or it was last written.</summary>
    public DateTimeOffset LastSign => _heard > _file.WrittenAt ? _heard : _file.WrittenAt;

    /// <summary>
    /// A part of its list, from <paramref name="from"/> on; a repetition of what was listed there before is taken, too. False when something before it is missing, or other files are listed there.
    /// </summary>
    /// <param name="announced">Files of the whole list, as far as its browser has said.</param>
    public bool TryAppend(int from, IReadOnlyList<UploadPlan> plans, int announced = 0)
    {
        lock (_lock)
        {
            if (from != _outcomes.Count)
                return _file.Has(from, plans);
            _file.Append(from, plans, Math.Max(announced, from + plans.Count));
            foreach (UploadPlan plan in plans)
            {
                _outcomes.Add(UploadOutcome.None);
                _counts[0]++;
                _bytes += plan.Length;
            }
            Hear();
            _changed();
            return true;
        }
    }

    /// <summary>A request of its browser, as long as it lasts.</summary>
    public IDisposable Sending()
    {
        lock (_lock)
        {
            _sending++;
            Hear();
        }
        return new Request(this);
    }

    /// <returns>Whether it is to be paused or to go on, when that is not as the browser has it.</returns>
    public bool? Take(UploadReport report)
    {
        lock (_lock)
        {
            (_isPaused, _failed, _questions) = (report.Paused, Math.Max(0, report.Failed), Math.Max(0, report.Questions));
            foreach ((int at, string word) in report.Ended ?? new Dictionary<int, string>())
            {
                if (at >= 0 && at < _outcomes.Count && !_outcomes[at].HasEnded() && UploadOutcomes.Of(word) is var outcome && outcome.HasEnded())
                    Note(at, outcome);
            }
            if (report.Left && !_isLeft)
                Leave(true);
            else if (!report.Left)
                Hear();
            if (_wantsPause == report.Paused)
                _wantsPause = null;
            _changed();
            return _wantsPause;
        }
    }

    public void WantPause(bool pause)
    {
        lock (_lock)
            _wantsPause = pause;
        _changed();
    }

    /// <summary>What is left counts as cancelled, and nothing of it is on disk any more.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (HasEnded)
                return;
            EndedWhole = IsWhole;
            HasEnded = true;
            for (int at = 0; at < _outcomes.Count; at++)
            {
                if (_outcomes[at].HasEnded())
                    continue;
                _counts[(int)_outcomes[at]]--;
                _counts[(int)(_outcomes[at] = UploadOutcome.Cancelled)]++;
            }
            _file.Delete();
        }
        _changed();
    }

    /// <summary>Files that have not ended.</summary>
    public int Left
    {
        get
        {
            lock (_lock)
                return _counts[(int)UploadOutcome.None] + _counts[(int)UploadOutcome.Begun];
        }
    }

    /// <summary>It has ended by itself: whoever sends it need not be told.</summary>
    public bool EndedWhole { get; private set; }

    public bool IsWhole
    {
        get
        {
            lock (_lock)
                return _outcomes.Count > 0 && Left == 0 && IsListed;
        }
    }

    /// <summary>Files that its browser has announced; some of them may never have been listed.</summary>
    public int Announced => _file.About.Announced;

    private bool IsListed => _outcomes.Count >= Announced;

    /// <summary>Which of its files these are: place and conflict rule; null for one that is none of it.</summary>
    public IReadOnlyList<(int At, ConflictRule Rule)?> Match(IEnumerable<UploadPlan> plans)
    {
        UploadSetFile.Record[] records = _file.Read();
        Dictionary<UInt128, int> places = [];
        for (int at = 0; at < records.Length; at++)
            places.TryAdd(records[at].Key, at);
        return [.. plans.Select(plan => places.TryGetValue(UploadSetFile.KeyOf(plan), out int at) ? ((int, ConflictRule)?)(at, records[at].Rule) : null)];
    }

    /// <param name="arrived">Of an upload that is under way.</param>
    public UploadSetSnapshot Snapshot(Func<string, long> arrived)
    {
        string[] partial;
        UploadSetSnapshot snapshot;
        lock (_lock)
        {
            partial = [.. _partial.Keys];
            UploadSetFile.Head about = _file.About;
            int stored = _counts[(int)UploadOutcome.Created] + _counts[(int)UploadOutcome.Replaced] + _counts[(int)UploadOutcome.KeptBoth];
            snapshot = new UploadSetSnapshot(
                Id, Uid, about.Names, Folder, about.HasFolders, about.HasFiles, HasEnded ? _outcomes.Count : Math.Max(_outcomes.Count, Announced), stored, _counts[(int)UploadOutcome.Skipped], _counts[(int)UploadOutcome.Cancelled], _failed, _questions,
                _bytes, _stored, State(), _time.GetUtcNow() - about.Begun)
            {
                Listed = _outcomes.Count,
            };
        }
        return snapshot with { Arrived = snapshot.Arrived + partial.Sum(arrived) };
    }

    private UploadSetState State()
    {
        int left = Left;
        if (HasEnded || (left == 0 && _placing.Count == 0 && IsListed))
            return UploadSetState.Finished;
        TimeSpan silence = _sending > 0 ? TimeSpan.Zero : _time.GetUtcNow() - _heard;
        if (_isLeft || silence > Lost)
            return UploadSetState.Interrupted;
        if (silence > (_isPaused ? SilentWhilePaused : Silent) || !_isHeard)
            return UploadSetState.Waiting;
        return _isPaused ? UploadSetState.Paused : left > 0 && _failed + _questions >= left ? UploadSetState.Asks : UploadSetState.Running;
    }

    private void Hear()
    {
        _heard = _time.GetUtcNow();
        _isHeard = true;
        if (_isLeft)
            Leave(false);
    }

    private void Leave(bool isLeft)
    {
        _isLeft = isLeft;
        try
        {
            if (!HasEnded)
                _file.MarkLeft(isLeft);
        }
        catch (IOException)
        {
            // It is waited for a while after a restart, then.
        }
    }

    private void Note(int at, UploadOutcome outcome)
    {
        UploadOutcome before = _outcomes[at];
        if (before == outcome)
            return;
        _outcomes[at] = outcome;
        _counts[(int)before]--;
        _counts[(int)outcome]++;
        if (HasEnded)
            return;
        _file.Write(at, outcome);
        if (IsStored(outcome))
            _stored += _file.SizeOf(at);
    }

    private static bool IsStored(UploadOutcome outcome) => outcome is UploadOutcome.Created or UploadOutcome.Replaced or UploadOutcome.KeptBoth;

    private sealed class Request(UploadSet set) : IDisposable
    {
        public void Dispose()
        {
            lock (set._lock)
            {
                set._sending--;
                set._heard = set._time.GetUtcNow();
            }
        }
    }
}
