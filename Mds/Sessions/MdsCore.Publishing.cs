using Capstan.Mds.Caps;
using Capstan.Mds.Namespace;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Sessions;

// Who is told of a change, by what, and what waits for whose ack.
internal sealed partial class MdsCore
{
    /// <summary>
    /// Tells every holder of Fs of the changes and the writer of its outcome. (1) The writer is the only holder, and the change is
    /// that of its own name: the reply carries the version and no delta is sent. (2) Otherwise each holder, the writer among them,
    /// gets deltas in version order, and in strict mode the reply waits for the acks of all but the writer.
    /// </summary>
    private void Publish(MdsSession writer, IReadOnlyList<DirectoryDelta> changes, (Request Request, Reply Reply)? answer)
    {
        if (answer is { } asked)
            Published?.Invoke(asked.Request.Operation, changes);
        if (answer is { } own && changes.Count == 1 && IsOwnName(own.Request.Operation, changes[0]) && !HasOtherHolder(writer, changes[0].Dir))
        {
            _caps.Find(changes[0].Dir)?.Of(writer)?.IsTold(changes[0].To);
            Answer(writer, own.Reply with { Changed = [new VersionSpan(changes[0].Dir, changes[0].From, changes[0].To)] });
            return;
        }
        ReplyGate? gate = answer is { } held ? new ReplyGate(writer, Track(Timed(held.Reply)), _time) : null;
        foreach (DirectoryDelta change in changes)
        {
            if (_caps.Find(change.Dir) is not { } directory)
                continue;
            DirectoryDelta told = Track(directory.HasSeveralReaders ? change with { IsShared = true } : change);
            foreach (IssuedCap cap in directory.Holders)
            {
                if ((cap.Issued & CapBits.Fs) == 0)
                    continue;
                cap.Session.Send(told);
                Counters.DeltasSent++;
                cap.IsTold(change.To);
                if (gate is not null && cap.Session != writer && cap.Session.StrictDeltas)
                    cap.AwaitAck(gate, _time.GetTimestamp());
            }
        }
        if (gate is null)
            return;
        writer.Live.Add(answer!.Value.Request.Tid);
        _gates.Add(gate);
        if (IsInGrace)
            HoldForGrace(gate);
        Counters.WritersHeld += gate.Outstanding > 0 ? 1 : 0;
        gate.SendIfOpen();
    }

    /// <summary>
    /// An answer that tells what was seen, of a read or in a refusal, waits until every other strict holder has it: who asks one of
    /// them afterwards is not told of what was before.
    /// </summary>
    private void AnswerWhenSettled(MdsSession session, Reply reply)
    {
        ReplyGate? gate = null;
        foreach (DirectoryUse use in _uses)
        {
            if (!session.StrictDeltas || _caps.Find(use.Dir) is not { } directory)
                continue;
            foreach (IssuedCap cap in directory.Holders)
            {
                if (cap.Session != session && cap.IsBehind)
                    cap.AwaitAck(gate ??= new ReplyGate(session, Track(Timed(reply with { IsLate = true })), _time), _time.GetTimestamp());
            }
        }
        if (gate is null)
        {
            Answer(session, reply);
            return;
        }
        Counters.ReadersHeld++;
        session.Live.Add(reply.Tid);
        _gates.Add(gate);
    }

    private static Reply Timed(Reply reply) => reply.Times is null ? reply with { Times = new RequestTimes() } : reply;

    /// <summary>A directory that the operation removed is in its footprint, and no longer in the tree.</summary>
    private void ForgetRemovedDirectories()
    {
        foreach (DirectoryUse use in _uses)
        {
            if (Describe(use.Dir) is null)
                _caps.Forget(use.Dir);
        }
    }

    private static bool IsOwnName(FsOperation operation, DirectoryDelta change) => operation switch
    {
        UnlinkOperation o => o.Dir == change.Dir && o.Name == change.Name,
        TrashOperation o => o.Dir == change.Dir && o.Name == change.Name,
        RestoreOperation o => o.Dir == change.Dir && o.Name == change.Name,
        RmdirOperation o => o.Dir == change.Dir && o.Name == change.Name,
        CreateOperation o => o.Dir == change.Dir && o.Name == change.Name,
        MkdirOperation o => o.Dir == change.Dir && o.Name == change.Name,
        SymlinkOperation o => o.Dir == change.Dir && o.Name == change.Name,
        SetAttrOperation o => o.Target.Dir == change.Dir && o.Target.Name == change.Name,
        SetXattrOperation o => o.Target.Dir == change.Dir && o.Target.Name == change.Name,
        RemoveXattrOperation o => o.Target.Dir == change.Dir && o.Target.Name == change.Name,
        _ => false,
    };

    private bool HasOtherHolder(MdsSession writer, InodeId dir)
    {
        if (IsInGrace)
            return true;
        if (_caps.Find(dir) is not { } directory)
            return false;
        foreach (IssuedCap cap in directory.Holders)
        {
            if (cap.Session != writer && (cap.Issued & CapBits.Fs) != 0)
                return true;
        }
        return false;
    }
}
