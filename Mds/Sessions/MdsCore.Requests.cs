using Capstan.Mds.Caps;
using Capstan.Mds.Namespace;
using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Sessions;

// One request from its arrival to its answer: repeats, waiting for caps, what follows from its outcome.
internal sealed partial class MdsCore
{
    private void OnRequest(MdsSession session, Request request)
    {
        session.OldestTid = Math.Max(session.OldestTid, request.OldestTid);
        if (request.Retry)
        {
            if (session.Live.Contains(request.Tid))
                return; // Parked or held: its answer will come.
            if (request.Operation.IsMutation && _engine.TryGetCompleted(session.Id, request.Tid, out CompletedResult completed))
            {
                AnswerCompleted(session, request, completed);
                return;
            }
            if (request.Operation.IsMutation && session.WasRefused(request.Tid, out FsErrno refusal))
            {
                // Refused in this very group: it has its answer there, or runs again when the group is undone.
                if (!_executed.Exists(e => e.Session == session && (e.Asked is RequestRun run ? run.Contains(request.Tid) : ((Request)e.Asked).Tid == request.Tid)))
                    session.Answer(new Reply(request.Tid, refusal));
                return;
            }
        }
        if (session.Live.Count >= _options.MaxInFlight * 2)
        {
            Evict(session, "more requests than its credit allows");
            return;
        }
        if (session.Refused + _engine.CompletedCount(session.Id) >= _options.MaxRemembered)
        {
            Evict(session, "it never says what it has been answered");
            return;
        }
        if (IsInGrace && !(request.Retry && request.Operation.IsMutation))
        {
            session.Live.Add(request.Tid);
            _afterGrace.Enqueue((session, request));
            return;
        }
        Execute(session, request);
    }

    /// <summary>The answer of a repeat. What completed it may be in this very group: then both are undone together.</summary>
    private void AnswerCompleted(MdsSession session, Request request, CompletedResult completed)
    {
        _executed.Add((session, request));
        AnswerAfterGrace(session, Track(AnswerOf(request, completed)));
    }

    private static Reply AnswerOf(Request request, CompletedResult completed) =>
        new(request.Tid, FsErrno.Ok)
        {
            Attributes = completed.Attributes is not { } attributes ? []
                : request.Operation is TrashOperation trash && attributes.Ino.IsNone ? [attributes with { Ino = trash.Ino }]
                : [attributes],
        };

    private void Execute(MdsSession session, Request request)
    {
        try
        {
            ExecuteInGroup(session, request);
        }
        catch (StoreException e)
        {
            Recover(e);
        }
    }

    private void ExecuteInGroup(MdsSession session, Request request)
    {
        if (request.Operation is MalformedOperation malformed)
        {
            session.Answer(new Reply(request.Tid, malformed.Errno));
            return;
        }
        _uses.Clear();
        if (request.Operation is SettleOperation settle)
        {
            _executed.Add((session, request));
            _uses.Add(new DirectoryUse(settle.Dir, Write: false));
            AnswerWhenSettled(session, new Reply(request.Tid, FsErrno.Ok));
            return;
        }
        _executed.Add((session, request)); // Before the store is asked for anything: whatever it says, the request gets its answer.
        FsErrno errno = _engine.Footprint(request.Operation, _uses);
        // Every directory is asked for at once; the request waits at the first that is not free.
        InodeId busy = InodeId.None;
        foreach (DirectoryUse use in _uses)
        {
            if (_caps.MustWait(session, use.Dir) && busy.IsNone)
                busy = use.Dir;
        }
        if (!busy.IsNone)
        {
            _executed.RemoveAt(_executed.Count - 1); // Its turn is to come.
            session.Live.Add(request.Tid);
            _caps.Park(busy, session, request, _uses.Select(u => u.Dir));
            return;
        }
        OperationOutcome outcome = errno != FsErrno.Ok ? errno
            : request.Operation is ReaddirOperation readdir ? MayList(request.Caller, readdir.Dir)
            : _engine.Apply(request.Caller, request.Operation);
        Conclude(session, request, outcome);
    }

    /// <summary>What follows from an outcome: grants, the answer or the opening of a listing, the completed tid, deltas.</summary>
    private void Conclude(MdsSession session, Request request, OperationOutcome outcome)
    {
        // A lookup that ends at a name which is not there is an answer too: with Fs it stays true, and is not asked for again.
        bool isAnswer = outcome.IsOk || (outcome.Errno == FsErrno.NoEntry && request.Operation is LookupOperation);
        if (isAnswer && session.State is MdsSessionState.Open or MdsSessionState.Awaited)
            GrantWanted(session, request.Operation, outcome);
        if (outcome.IsOk && request.Operation is ReaddirOperation)
        {
            if (_parkedFor > TimeSpan.Zero)
                session.ParkedListings[request.Tid] = _parkedFor;
            _opens.Add((session, request, outcome));
            return;
        }
        Reply reply = new(request.Tid, outcome.Errno)
        {
            Attributes = outcome.Attributes,
            Data = outcome.Data,
            Names = outcome.Names,
            Statistics = outcome.Statistics,
            Trash = outcome.Trash,
            Times = _parkedFor > TimeSpan.Zero ? new RequestTimes { Parked = _parkedFor } : null,
        };
        if (!outcome.IsOk && request.Operation.IsMutation)
            session.Refuse(request.Tid, outcome.Errno);
        if (outcome.IsOk && request.Operation.IsMutation)
        {
            _engine.Complete(session.Id, request.Tid, new CompletedResult(outcome.Attributes.Count > 0 ? outcome.Attributes[0] : null));
            Publish(session, outcome.Changes, (request, reply));
            if (request.Operation is RmdirOperation or RenameOperation or PurgeOperation)
                ForgetRemovedDirectories();
        }
        else
        {
            AnswerWhenSettled(session, reply);
        }
    }

    private OperationOutcome MayList(Caller caller, InodeId dir) =>
        _engine.MayList(caller, dir) is var errno and not FsErrno.Ok ? errno : new OperationOutcome(FsErrno.Ok) { Attributes = [Describe(dir)!.Value.Attributes] };

    private void GrantWanted(MdsSession session, FsOperation operation, OperationOutcome outcome)
    {
        if (operation is ReaddirOperation readdir)
        {
            _caps.Grant(session, readdir.Dir, readdir.Want);
        }
        else if (operation is LookupOperation lookup && lookup.Want != CapBits.None)
        {
            // Every directory walked, so that the names found stay true.
            InodeId at = lookup.Dir;
            for (int i = 0; i <= outcome.Attributes.Count && i < lookup.Names.Count; i++)
            {
                _caps.Grant(session, at, lookup.Want & CapBits.Shared);
                if (i < outcome.Attributes.Count)
                    at = outcome.Attributes[i].Ino;
            }
        }
    }

    private void RunReady()
    {
        while (_caps.Ready.TryDequeue(out DirectoryCaps? directory))
        {
            foreach (ParkedRequest parked in _caps.TakeWaiters(directory))
            {
                _caps.Unclaim(parked.Directories);
                parked.Session.Live.Remove(parked.Request.Tid);
                _parkedFor = _time.GetElapsedTime(parked.Since);
                if (parked.Session.State != MdsSessionState.Ended)
                    Execute(parked.Session, parked.Request);
                _parkedFor = TimeSpan.Zero;
                foreach (DirectoryCaps claimed in parked.Directories)
                    _caps.Wake(claimed);
            }
            _caps.Wake(directory);
        }
    }
}
