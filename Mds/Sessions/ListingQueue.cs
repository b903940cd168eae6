using Capstan.Shared.Messages;

namespace Capstan.Mds.Sessions;

/// <summary>
/// Listings that wait for a snapshot, and those that have one: a snapshot holds memory and the store's log, so there are only so many at a time, whoever asks.
/// Those somebody waits for go first, and take the place of one that only reads ahead. Sessions take turns. Owned by <see cref="MdsCore"/>.
/// </summary>
internal sealed class ListingQueue(int most, int mostOfSession)
{
    private readonly Dictionary<MdsSession, Turns> _sessions = [];
    private readonly LinkedList<Turns> _ring = [];
    private readonly List<(PageStream Stream, MdsSession Session)> _open = [];

    private sealed class Turns(MdsSession session)
    {
        public readonly LinkedList<Request> Waited = [];
        public readonly LinkedList<Request> Ahead = [];

        public MdsSession Session => session;

        public int Open { get; set; }

        public bool IsEmpty => Waited.Count == 0 && Ahead.Count == 0;
    }

    public int Waiting => _ring.Sum(turns => turns.Waited.Count + turns.Ahead.Count);

    public bool IsEmpty => _ring.Count == 0;

    public int Open => _open.Count;

    public void Add(MdsSession session, Request request)
    {
        if (!_sessions.TryGetValue(session, out Turns? turns))
            _sessions.Add(session, turns = new Turns(session));
        if (turns.IsEmpty)
            _ring.AddLast(turns);
        (((ReaddirOperation)request.Operation).Waited > 0 ? turns.Waited : turns.Ahead).AddLast(request);
    }

    /// <summary>The next listing to open, if there is room for one.</summary>
    /// <param name="instead">A stream that reads ahead and has to end for it.</param>
    public bool TryTake(out MdsSession session, out Request request, out PageStream? instead)
    {
        (session, request, instead) = (null!, null!, null);
        if (_ring.Count == 0)
            return false;
        Prune();
        for (LinkedListNode<Turns>? node = _ring.First; node is not null; node = node.Next)
        {
            if (node.Value.Waited.Count == 0)
                continue;
            if (node.Value.Open >= mostOfSession || _open.Count >= most)
            {
                // What is waited for is soon done: then there is room.
                int ahead = _open.FindIndex(open => !open.Stream.IsWaitedFor && (node.Value.Open < mostOfSession || open.Session == node.Value.Session));
                if (ahead < 0)
                    continue;
                instead = _open[ahead].Stream;
                Remove(ahead);
            }
            (session, request) = Take(node, node.Value.Waited);
            return true;
        }
        for (LinkedListNode<Turns>? node = _ring.First; node is not null && _open.Count < most; node = node.Next)
        {
            if (node.Value.Ahead.Count == 0 || node.Value.Open >= mostOfSession)
                continue;
            (session, request) = Take(node, node.Value.Ahead);
            return true;
        }
        return false;
    }

    public void Opened(MdsSession session, PageStream stream)
    {
        _open.Add((stream, session));
        if (!_sessions.TryGetValue(session, out Turns? turns))
            _sessions.Add(session, turns = new Turns(session));
        turns.Open++;
    }

    /// <summary>Somebody waits for a listing by now.</summary>
    public void Hurry(MdsSession session, long tid)
    {
        if (_sessions.TryGetValue(session, out Turns? turns) && Find(turns.Ahead, tid) is { } node)
        {
            turns.Ahead.Remove(node);
            turns.Waited.AddLast(node);
        }
    }

    /// <summary>Takes back a listing that has not been opened. Null: it has been, or is not known.</summary>
    public Request? Remove(MdsSession session, long tid)
    {
        if (!_sessions.TryGetValue(session, out Turns? turns) || (Find(turns.Waited, tid) ?? Find(turns.Ahead, tid)) is not { } node)
            return null;
        node.List!.Remove(node);
        if (turns.IsEmpty)
            _ring.Remove(turns);
        return node.Value;
    }

    /// <summary>The session's connection is gone.</summary>
    public void Forget(MdsSession session)
    {
        if (!_sessions.TryGetValue(session, out Turns? turns))
            return;
        turns.Waited.Clear();
        turns.Ahead.Clear();
        _ring.Remove(turns);
        if (turns.Open == 0)
            _sessions.Remove(session);
    }

    /// <summary>The session has had its turn and goes to the end of the ring.</summary>
    private (MdsSession Session, Request Request) Take(LinkedListNode<Turns> node, LinkedList<Request> from)
    {
        Request request = from.First!.Value;
        from.RemoveFirst();
        _ring.Remove(node);
        if (!node.Value.IsEmpty)
            _ring.AddLast(node);
        return (node.Value.Session, request);
    }

    private void Prune()
    {
        for (int i = _open.Count - 1; i >= 0; i--)
        {
            if (_open[i].Stream.IsEnded)
                Remove(i);
        }
    }

    private void Remove(int index)
    {
        Turns turns = _sessions[_open[index].Session];
        _open.RemoveAt(index);
        if (--turns.Open == 0 && turns.IsEmpty)
            _sessions.Remove(turns.Session);
    }

    private static LinkedListNode<Request>? Find(LinkedList<Request> requests, long tid)
    {
        LinkedListNode<Request>? node = requests.First;
        while (node is not null && node.Value.Tid != tid)
            node = node.Next;
        return node;
    }
}
