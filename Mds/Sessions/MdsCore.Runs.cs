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
    /// that none of it has to wait.
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
            isFree &= !_caps.MustWait(session, use.Dir);
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
            PublishRun(session, run, i, done);
            i += done.Count;
        }
    }

    /// <summary>As <see cref="Publish"/>. A sole holder's answer says which versions it made; others are told of each change, and the answer waits for all of them at once.</summary>
    private void PublishRun(MdsSession writer, RequestRun run, int start, RunOutcome done)
    {
        bool isShared = HasOtherHolder(writer, done.Dir);
        List<DirectoryDelta> changes = isShared || Published is not null ? DeltasOf(run, start, done) : [];
        for (int i = 0; i < changes.Count; i++)
            Published?.Invoke(run.Operations[start + i], [changes[i]]);
        ReplyRun answer = Track(new ReplyRun(run.FirstTid + start, done.Count, isShared ? null : (done.Dir, done.From), done.Made));
        if (!isShared)
        {
            _caps.Find(done.Dir)?.Of(writer)?.IsTold(new DirectoryVersion(done.From.Value + done.Count));
            writer.Send(answer);
            return;
        }
        for (int i = 0; i < answer.Count; i++)
            writer.Live.Add(answer.FirstTid + i);
        ReplyGate gate = new(_ => writer.Answer(answer), _time);
        Tell(writer, changes, gate);
        Release(gate);
    }

    private static List<DirectoryDelta> DeltasOf(RequestRun run, int start, RunOutcome done)
    {
        List<DirectoryDelta> deltas = new(done.Count);
        for (int i = 0; i < done.Count; i++)
        {
            FsOperation operation = run.Operations[start + i];
            InodeAttributes? made = operation is CreateOperation ? done.Made?.Following(i) : null;
            DirectoryVersion from = new(done.From.Value + i);
            deltas.Add(new DirectoryDelta(done.Dir, from, from.Next, made is null ? DeltaKind.Removed : DeltaKind.Added, RequestRun.NameOf(operation), made));
        }
        return deltas;
    }
}
