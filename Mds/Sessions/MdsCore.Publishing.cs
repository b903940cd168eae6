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
        Published?.Invoke(answer?.Request.Operation, changes);
        if (answer is { } own && changes.Count == 1 && IsOwnName(own.Request.Operation, changes[0]) && !HasOtherHolder(writer, changes[0].Dir))
        {
            _caps.Find(changes[0].Dir)?.Of(writer)?.IsTold(changes[0].To);
            Answer(writer, own.Reply with { Changed = [new VersionSpan(changes[0].Dir, changes[0].From, changes[0].To)] });
            return;
        }
        if (answer is not { } told)
        {
            Tell(writer, changes, null);
            return;
        }
        Reply reply = Track(Timed(told.Reply));
        ReplyGate gate = GateOf(writer, reply);
        writer.Live.Add(reply.Tid);
        Tell(writer, changes, gate);
        if (IsInGrace)
            HoldForGrace(gate);
        Release(gate);
    }

    private ReplyGate GateOf(MdsSession session, Reply reply) => new(
        heldFor =>
        {
            if (reply.Times is { } times)
                times.Held = heldFor;
            session.Answer(reply);
        },
        _time);

    /// <summary>Deltas to every holder; <paramref name="gate"/> waits for the acks of all but the writer.</summary>
    private void Tell(MdsSession writer, IReadOnlyList<DirectoryDelta> changes, ReplyGate? gate)
    {
        for (int i = 0; i < changes.Count; i++)
        {
            DirectoryDelta change = changes[i];
            if (_caps.Find(change.Dir) is not { } directory)
                continue;
            DirectoryDelta told = Track(directory.HasSeveralReaders ? change with { IsShared = true } : change);
            // The last of several in a row speaks for all: an ack stands for what came before it.
            bool isLast = i + 1 == changes.Count || changes[i + 1].Dir != change.Dir;
            foreach (IssuedCap cap in directory.Holders)
            {
                if (!cap.MayBeBelieved)
                    continue;
                if ((cap.Issued & CapBits.Fs) != 0)
                {
                    cap.Session.Send(told);
                    Counters.DeltasSent++;
                }
                cap.IsTold(change.To);
                if (gate is not null && isLast && cap.Session != writer && cap.Session.StrictDeltas)
                    cap.AwaitAck(gate, _time.GetTimestamp());
            }
        }
    }

    private void Release(ReplyGate gate)
    {
        _gates.Add(gate);
        Counters.WritersHeld += gate.Outstanding > 0 ? 1 : 0;
        gate.OpenIfFree();
    }

    /// <summary>
    /// An answer that tells what was seen, of a read or in a refusal, waits until every other strict holder has it: who asks one of
    /// them afterwards is not told of what was before.
    /// </summary>
    private void AnswerWhenSettled(MdsSession session, Reply reply)
    {
        if (!IsUnsettled(session))
        {
            Answer(session, reply);
            return;
        }
        Reply late = Track(Timed(reply with { IsLate = true }));
        session.Live.Add(late.Tid);
        HoldUntilSettled(session, GateOf(session, late));
    }

    /// <summary>Another strict holder of a directory in use has not acked all that it was told.</summary>
    private bool IsUnsettled(MdsSession session)
    {
        foreach (DirectoryUse use in _uses)
        {
            if (session.StrictDeltas && _caps.Find(use.Dir)?.IsUnsettledFor(session) == true)
                return true;
        }
        return false;
    }

    private void HoldUntilSettled(MdsSession session, ReplyGate gate)
    {
        foreach (DirectoryUse use in _uses)
        {
            foreach (IssuedCap cap in _caps.Find(use.Dir)?.Holders ?? [])
            {
                if (cap.Session != session && cap.IsBehind)
                    cap.AwaitAck(gate, _time.GetTimestamp());
            }
        }
        Counters.ReadersHeld++;
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
            if (cap.Session != writer && cap.MayBeBelieved)
                return true;
        }
        return false;
    }
}
