using Capstan.Mds.Caps;
using Capstan.Mds.Namespace;
using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Sessions;

// What happens when the store refuses a group: it is undone, and its requests run again in halves.
internal sealed partial class MdsCore
{
    /// <summary>How often the store has refused a group, or a part of one: all that had run in it was undone.</summary>
    public int Refusals { get; private set; }

    /// <summary>The commit failed: the store is as before the group, and nothing of it may be told.</summary>
    private void Undo()
    {
        foreach (ReplyGate gate in _gates)
            gate.IsVoid = true;
        foreach (DirectoryCaps directory in _caps.Directories)
        {
            // Of a directory that an earlier group removed everything was told that will ever be.
            DirectoryVersion current = Describe(directory.Ino)?.Version ?? new DirectoryVersion(long.MaxValue);
            directory.Holders.ForEach(cap => cap.Undo(current));
        }
        _heldReplies.RemoveAll(held => _uncommitted.Contains(held.Reply));
        foreach (MdsSession session in _sessions.Values)
        {
            session.TrimmedTid = 0;
            // A grant of a version that is no more. An older one stays: what has come after it is in the mail behind it.
            session.RewriteMail(m => _uncommitted.Contains(m) ? null
                : m is CapGrant grant && Describe(grant.Ino) is { } now && grant.Version > now.Version ? grant with { Version = now.Version, Attributes = now.Attributes }
                : m);
        }
    }

    /// <summary>
    /// The store refused a group. Its requests run again in smaller and smaller groups, down to one of their own: those that the
    /// store can serve (an unlink on a full disk, a read) are served, the others fail with its errno. Ends in a new, empty group.
    /// </summary>
    private void Recover(StoreException refusal)
    {
        _refusal = refusal;
        Refusals++;
        _engine.AbortGroup(); // Still open when it was a read that failed.
        (MdsSession Session, Request Request)[] again = [.. _executed.SelectMany(e => Requests(e.Session, e.Asked))];
        _opens.RemoveAll(open => again.Contains((open.Session, open.Request))); // Not those that an earlier refusal in this step has saved.
        foreach ((MdsSession session, Request request) in again)
        {
            session.Live.Remove(request.Tid);
            session.ForgetRefusal(request.Tid);
        }
        Undo();
        PutOpened();
        RunApart(again.AsSpan(0, again.Length / 2));
        RunApart(again.AsSpan(again.Length / 2));
        Begin();
    }

    private void RunApart(ReadOnlySpan<(MdsSession Session, Request Request)> requests)
    {
        if (requests.IsEmpty || TryRunGroup(requests) is not { } refusal)
            return;
        if (requests.Length == 1)
        {
            // One that was parked has changed nothing and has its turn to come: to answer it now would be to answer it twice.
            (MdsSession session, Request request) = requests[0];
            if (session.Live.Contains(request.Tid))
                return;
            if (request.Operation.IsMutation && _engine.TryGetCompleted(session.Id, request.Tid, out CompletedResult completed))
            {
                // Completed by an earlier group: its repeat changes nothing, and what becomes of this group does not undo it.
                AnswerAfterGrace(session, AnswerOf(request, completed));
                return;
            }
            if (request.Operation.IsMutation)
                session.Refuse(request.Tid, refusal.Errno);
            session.Answer(new Reply(request.Tid, refusal.Errno));
            return;
        }
        RunApart(requests[..(requests.Length / 2)]);
        RunApart(requests[(requests.Length / 2)..]);
    }

    private StoreException? TryRunGroup(ReadOnlySpan<(MdsSession Session, Request Request)> requests)
    {
        Begin();
        int opens = _opens.Count;
        try
        {
            foreach ((MdsSession session, Request request) in requests)
            {
                // One that was parked in an attempt before this has its place in a queue.
                if (session.Live.Contains(request.Tid))
                    continue;
                if (request.Operation.IsMutation && _engine.TryGetCompleted(session.Id, request.Tid, out CompletedResult completed))
                    AnswerCompleted(session, request, completed);
                else
                    ExecuteInGroup(session, request);
            }
            _engine.CommitGroup();
            return null;
        }
        catch (StoreException e)
        {
            _engine.AbortGroup();
            _opens.RemoveRange(opens, _opens.Count - opens);
            foreach ((MdsSession session, Request request) in _executed.SelectMany(e => Requests(e.Session, e.Asked)))
            {
                session.Live.Remove(request.Tid);
                session.ForgetRefusal(request.Tid);
            }
            // Where nothing was said no version was another, and what earlier groups have said stays.
            if (_uncommitted.Count > 0)
                Undo();
            return e;
        }
    }

    private static IEnumerable<(MdsSession Session, Request Request)> Requests(MdsSession session, ClientMessage asked)
    {
        if (asked is RequestRun run)
            return Enumerable.Range(0, run.Count).Select(i => (session, run[i]));
        return [(session, (Request)asked)];
    }
}
