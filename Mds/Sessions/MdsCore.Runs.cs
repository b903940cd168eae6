using Capstan.Mds.Namespace;
using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Sessions;

// Runs: requests with consecutive tids about one directory, executed as one where nobody could tell the difference.
internal sealed partial class MdsCore
{
    private void OnRun(MdsSession session, ISessionLink link, RequestRun run)
    {
        session.OldestTid = Math.Max(session.OldestTid, run.OldestTid);
        if (TryExecuteRun(session, run))
            return;
        for (int i = 0; i < run.Count; i++)
            Receive(session, link, run[i]);
    }

    /// <summary>False, and nothing done: its requests have to go their ways one by one.</summary>
    private bool TryExecuteRun(MdsSession session, RequestRun run)
    {
        bool isExecuting = false;
        try
        {
            if (!MayRunAsOne(session, run))
                return false;
            _executed.Add((session, run));
            isExecuting = true;
            ExecuteRun(session, run);
        }
        catch (StoreException e)
        {
            Recover(e);
            return isExecuting;
        }
        return true;
    }

    /// <summary>
    /// (1) It is new: a repeat may have been answered in part. (2) Answers may leave: no grace period. (3) Its directories are free, so
    /// that none of it has to wait. (4) Nobody but the writer has to be told of each change.
    /// </summary>
    private bool MayRunAsOne(MdsSession session, RequestRun run)
    {
        if (run.Retry || IsInGrace || session.Live.Count >= _options.MaxInFlight * 2
            || session.Refused + _engine.CompletedCount(session.Id) >= _options.MaxRemembered)
            return false;
        _uses.Clear();
        if (_engine.Footprint(run, _uses) != FsErrno.Ok)
            return false;
        bool isFree = true;
        foreach (DirectoryUse use in _uses)
            isFree &= !_caps.MustWait(session, use.Dir) && !HasOtherHolder(session, use.Dir);
        return isFree;
    }

    private void ExecuteRun(MdsSession session, RequestRun run)
    {
        for (int i = 0; i < run.Count;)
        {
            RunOutcome done = _engine.ApplyRun(run, i);
            if (done.Count == 0)
            {
                Request alone = run[i++];
                Conclude(session, alone, _engine.Apply(alone.Caller, alone.Operation));
                continue;
            }
            _engine.Complete(session.Id, new CompletedRun(run.FirstTid + i, done.Count, done.Made));
            session.Send(Track(new ReplyRun(run.FirstTid + i, done.Count, (done.Dir, done.From), done.Made)));
            _caps.Find(done.Dir)?.Of(session)?.IsTold(new DirectoryVersion(done.From.Value + done.Count));
            TellPublished(run, i, done);
            i += done.Count;
        }
    }

    /// <summary>The deltas that nobody was sent, for who watches.</summary>
    private void TellPublished(RequestRun run, int start, RunOutcome done)
    {
        for (int i = 0; i < done.Count && Published is not null; i++)
        {
            FsOperation operation = run[start + i].Operation;
            InodeAttributes? made = operation is CreateOperation ? done.Made?.Following(i) : null;
            DirectoryVersion from = new(done.From.Value + i);
            Published(operation, [new DirectoryDelta(done.Dir, from, from.Next, made is null ? DeltaKind.Removed : DeltaKind.Added, RequestRun.NameOf(operation), made)]);
        }
    }
}
