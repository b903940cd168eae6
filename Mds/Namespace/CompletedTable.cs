using Capstan.Mds.Storage;
using Capstan.Shared;

namespace Capstan.Mds.Namespace;

/// <summary>
/// The known sessions, and what each has completed down to its oldest tid, so that a repeated request is answered and not
/// executed again. In memory for the answer; on disk in the transaction of the change, one row a session and commit group.
/// </summary>
internal sealed class CompletedTable
{
    private readonly INamespaceStore _store;
    private readonly Dictionary<SessionId, CompletedSession> _sessions = [];
    private readonly HashSet<CompletedSession> _touched = [];

    /// <summary>On disk more is known of these than in memory.</summary>
    private readonly HashSet<CompletedSession> _trimmed = [];
    private readonly RecordWriter _writer = new();
    private bool _hasWritten;

    public CompletedTable(INamespaceStore store)
    {
        _store = store;
        Reload();
    }

    public void BeginGroup() => _hasWritten = false;

    public IReadOnlyList<SessionRecord> Sessions() => _sessions.Values.Select(session => session.ToRecord()).ToArray();

    public void Put(SessionId id, string clientName)
    {
        _hasWritten = true;
        if (_sessions.TryGetValue(id, out CompletedSession? session))
            session.ClientName = clientName;
        else
            _sessions.Add(id, session = new CompletedSession(id, clientName, 0));
        _store.WriteSession(session.ToRecord());
    }

    public void Remove(SessionId id)
    {
        _hasWritten = true;
        if (_sessions.Remove(id, out CompletedSession? session))
        {
            _touched.Remove(session);
            _trimmed.Remove(session);
        }
        _store.DeleteSession(id);
    }

    public void Complete(SessionId id, CompletedRun run)
    {
        // A session that was removed meanwhile will ask for nothing any more.
        if (_sessions.TryGetValue(id, out CompletedSession? session) && session.Complete(run))
            _touched.Add(session);
    }

    public bool TryGet(SessionId id, long tid, out CompletedResult result)
    {
        result = default;
        return _sessions.TryGetValue(id, out CompletedSession? session) && session.TryGet(tid, out result);
    }

    public int Count(SessionId id) => _sessions.TryGetValue(id, out CompletedSession? session) ? session.Count : 0;

    /// <summary>Forgets in memory at once; on disk with the next group that completes something: nobody who only reads waits for the disk.</summary>
    public void Trim(SessionId id, long oldestTid)
    {
        if (_sessions.TryGetValue(id, out CompletedSession? session) && session.Trim(oldestTid))
            _trimmed.Add(session);
    }

    public void WriteBack()
    {
        if (_touched.Count == 0)
            return;
        _hasWritten = true;
        _touched.UnionWith(_trimmed);
        _trimmed.Clear();
        foreach (CompletedSession session in _touched)
            session.WriteBack(_store, _writer);
        _touched.Clear();
    }

    /// <summary>The group was undone. What had not got as far as the store is taken back here; the rest is read again.</summary>
    public void Undo()
    {
        if (_hasWritten)
        {
            Reload();
            return;
        }
        foreach (CompletedSession session in _touched)
            session.UndoGroup();
        _touched.Clear();
    }

    private void Reload()
    {
        _sessions.Clear();
        _touched.Clear();
        _trimmed.Clear();
        List<SessionRecord> records = [];
        List<CompletedRow> rows = [];
        _store.ReadSessions(records);
        foreach (SessionRecord record in records)
        {
            CompletedSession session = new(record.Id, record.ClientName, record.OldestTid);
            rows.Clear();
            _store.ReadCompleted(record.Id, rows);
            session.Load(rows);
            _sessions.Add(record.Id, session);
        }
    }
}
