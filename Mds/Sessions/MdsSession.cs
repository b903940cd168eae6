using Capstan.Mds.Caps;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Sessions;

internal enum MdsSessionState
{
    /// <summary>Known from before a restart; its gateway has not come back yet.</summary>
    Awaited,
    Open,

    /// <summary>The lease ran out; its caps are gone, its completed tids are kept.</summary>
    Stale,
    Ended,
}

/// <summary>The MDS's half of a session. Owned by <see cref="MdsCore"/>.</summary>
internal sealed class MdsSession(SessionId id, string clientName)
{
    private List<ServerMessage> _outbox = [];

    /// <summary>
    /// Mutations that were refused, from <see cref="OldestTid"/> on. A refusal is not stored (it changed nothing), but while the term
    /// lasts its repeat gets the same answer: the first one may have crossed it on the way, and an operation that was told of its failure must not happen.
    /// </summary>
    private readonly Dictionary<long, FsErrno> _refused = [];

    private readonly Queue<long> _refusedOrder = [];

    public SessionId Id { get; } = id;

    public string ClientName { get; } = clientName;

    public MdsSessionState State { get; set; }

    public ISessionLink? Link { get; set; }

    public bool StrictDeltas { get; set; } = true;

    public bool MayUnlinkAhead { get; set; } = true;

    /// <summary>As a timestamp.</summary>
    public long LeaseUntil { get; set; }

    public long RenewedAt { get; set; }

    /// <summary>As its gateway says that it is.</summary>
    public TimeSpan RoundTrip { get; set; }

    public long OldestTid { get; set; } = 1;

    public long TrimmedTid { get; set; } = 1;

    public Dictionary<InodeId, IssuedCap> Caps { get; } = [];

    /// <summary>Requests that are parked or whose reply is held: a repeat of one is no new request.</summary>
    public HashSet<long> Live { get; } = [];

    public Dictionary<long, PageStream> Streams { get; } = [];

    /// <summary>How long listings that are about to be opened had waited for caps.</summary>
    public Dictionary<long, TimeSpan> ParkedListings { get; } = [];

    public bool HasMail => _outbox.Count > 0;

    public int Refused => _refused.Count;

    public void Refuse(long tid, FsErrno errno)
    {
        while (_refusedOrder.TryPeek(out long oldest) && oldest < OldestTid)
            _refused.Remove(_refusedOrder.Dequeue());
        if (_refused.TryAdd(tid, errno))
            _refusedOrder.Enqueue(tid);
        else
            _refused[tid] = errno;
    }

    public bool WasRefused(long tid, out FsErrno errno) => _refused.TryGetValue(tid, out errno) && errno != FsErrno.Ok;

    /// <summary>The group in which it was refused is undone: it runs again.</summary>
    public void ForgetRefusal(long tid)
    {
        if (_refused.ContainsKey(tid))
            _refused[tid] = FsErrno.Ok;
    }

    public void Send(ServerMessage message) => _outbox.Add(message);

    public void Answer(Reply reply)
    {
        Live.Remove(reply.Tid);
        _outbox.Add(reply);
    }

    public void Answer(ReplyRun replies)
    {
        for (int i = 0; i < replies.Count; i++)
            Live.Remove(replies.FirstTid + i);
        _outbox.Add(replies);
    }

    /// <summary>Hands what has gathered to the connection; without one it is lost, and the next reclaim tells the truth anew.</summary>
    public void Flush()
    {
        if (_outbox.Count == 0)
            return;
        List<ServerMessage> messages = _outbox;
        _outbox = [];
        Link?.Send(messages);
    }

    public void DropMail() => _outbox.Clear();

    /// <summary>Replaces or, with null, removes messages that have not left yet.</summary>
    public void RewriteMail(Func<ServerMessage, ServerMessage?> rewrite) =>
        _outbox = [.. _outbox.Select(rewrite).OfType<ServerMessage>()];
}
