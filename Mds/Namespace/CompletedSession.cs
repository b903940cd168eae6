using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Mds.Namespace;

/// <summary>What one session has completed and may still ask for.</summary>
internal sealed class CompletedSession(SessionId id, string clientName, long oldestTid)
{
    /// <summary>By first tid. Mostly appended to, because tids are used in order.</summary>
    private readonly List<CompletedRun> _runs = [];
    private readonly List<CompletedRun> _group = [];
    private readonly List<(long First, long Last)> _rows = [];
    private long _oldest = oldestTid;

    public string ClientName { get; set; } = clientName;

    /// <summary>A run counts once: what is bounded is memory.</summary>
    public int Count => _runs.Count;

    public SessionRecord ToRecord() => new(id, ClientName, _oldest);

    /// <summary>Whether it is the first of the group in progress.</summary>
    public bool Complete(CompletedRun run)
    {
        if (run.Last < _oldest)
            return false;
        Add(run);
        _group.Add(run);
        return _group.Count == 1;
    }

    public bool TryGet(long tid, out CompletedResult result)
    {
        int index = LastNotAfter(tid);
        bool found = tid >= _oldest && index >= 0 && tid <= _runs[index].Last;
        result = found ? _runs[index][tid] : default;
        return found;
    }

    /// <summary>Whether a row on disk can go.</summary>
    public bool Trim(long oldest)
    {
        if (oldest <= _oldest)
            return false;
        _oldest = oldest;
        int gone = 0;
        while (gone < _runs.Count && _runs[gone].Last < oldest)
            gone++;
        _runs.RemoveRange(0, gone);
        return _rows.Count > 0 && _rows[0].Last < oldest;
    }

    public void WriteBack(INamespaceStore store, RecordWriter writer)
    {
        bool trimmed = false;
        for (int i = _rows.Count - 1; i >= 0; i--)
        {
            if (_rows[i].Last >= _oldest)
                continue;
            store.DeleteCompleted(id, _rows[i].First);
            _rows.RemoveAt(i);
            trimmed = true;
        }
        if (trimmed)
            store.WriteSession(ToRecord());
        _group.RemoveAll(run => run.Last < _oldest);
        if (_group.Count == 0)
            return;
        _group.Sort((a, b) => a.First.CompareTo(b.First));
        writer.Clear();
        CompletedCodec.Write(writer, _group);
        store.WriteCompleted(id, _group[0].First, _group[^1].Last, writer.Written);
        _rows.Add((_group[0].First, _group[^1].Last));
        _group.Clear();
    }

    public void UndoGroup()
    {
        HashSet<long> undone = [.. _group.Select(run => run.First)];
        _runs.RemoveAll(run => undone.Contains(run.First));
        _group.Clear();
    }

    public void Load(IEnumerable<CompletedRow> rows)
    {
        List<CompletedRun> runs = [];
        foreach (CompletedRow row in rows)
        {
            _rows.Add((row.First, row.Last));
            CompletedCodec.Read(row.Results, runs);
        }
        foreach (CompletedRun run in runs.Where(run => run.Last >= _oldest))
            Add(run);
    }

    private void Add(CompletedRun run)
    {
        int before = _runs.Count > 0 && _runs[^1].First < run.First ? _runs.Count - 1 : LastNotAfter(run.First);
        if (before >= 0 && _runs[before].First == run.First)
            _runs[before] = run;
        else
            _runs.Insert(before + 1, run);
    }

    /// <summary>Index of the last run that does not begin after <paramref name="tid"/>, or -1.</summary>
    private int LastNotAfter(long tid)
    {
        int low = 0, high = _runs.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (_runs[middle].First <= tid)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return high;
    }
}
