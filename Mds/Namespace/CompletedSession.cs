using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Mds.Namespace;

/// <summary>What one session has completed and may still ask for.</summary>
internal sealed class CompletedSession(SessionId id, string clientName, long oldestTid)
{
    private readonly Dictionary<long, InodeAttributes?> _results = [];
    private readonly List<(long First, long Last)> _rows = [];
    private readonly List<long> _group = [];
    private long _oldest = oldestTid;

    public string ClientName { get; set; } = clientName;

    public int Count => _results.Count;

    public SessionRecord ToRecord() => new(id, ClientName, _oldest);

    /// <summary>Whether it is the first of the group in progress.</summary>
    public bool Complete(long tid, CompletedResult result)
    {
        if (tid < _oldest)
            return false;
        _results[tid] = result.Attributes;
        _group.Add(tid);
        return _group.Count == 1;
    }

    public bool TryGet(long tid, out CompletedResult result)
    {
        bool found = _results.TryGetValue(tid, out InodeAttributes? attributes);
        result = new CompletedResult(attributes);
        return found;
    }

    /// <summary>Whether a row on disk can go.</summary>
    public bool Trim(long oldest)
    {
        if (oldest <= _oldest)
            return false;
        if (oldest - _oldest <= 2L * _results.Count + 16)
        {
            for (long tid = _oldest; tid < oldest; tid++)
                _results.Remove(tid);
        }
        else
        {
            foreach (long tid in _results.Keys.Where(tid => tid < oldest).ToArray())
                _results.Remove(tid);
        }
        _oldest = oldest;
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
        _group.RemoveAll(tid => tid < _oldest);
        if (_group.Count == 0)
            return;
        _group.Sort();
        writer.Clear();
        CompletedCodec.Write(writer, _group, _results);
        store.WriteCompleted(id, _group[0], _group[^1], writer.Written);
        _rows.Add((_group[0], _group[^1]));
        _group.Clear();
    }

    public void UndoGroup()
    {
        foreach (long tid in _group)
            _results.Remove(tid);
        _group.Clear();
    }

    public void Load(IEnumerable<CompletedRow> rows)
    {
        foreach (CompletedRow row in rows)
        {
            _rows.Add((row.First, row.Last));
            CompletedCodec.Read(row.Results, _results);
        }
        foreach (long tid in _results.Keys.Where(tid => tid < _oldest).ToArray())
            _results.Remove(tid);
    }
}
