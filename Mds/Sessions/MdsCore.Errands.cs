using Capstan.Mds.Caps;
using Capstan.Mds.Namespace;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Sessions;

// What is done for a session outside its stream: file contents. It may have to wait for caps, and is tried again.
internal sealed partial class MdsCore
{
    private static MdsSession Nobody { get; } = new(SessionId.None, "mds");

    /// <summary>Reads outside the session stream, once nobody is changing <paramref name="target"/>'s directory ahead of its reply. False: try again after the next group.</summary>
    public bool TryRead(OutsideCall call, InodeAddress target, Action read)
    {
        MdsSession session = Find(call.By) ?? Nobody;
        return TryInTurn(session, call.Claim, (engine, uses) => engine.Footprint(target, write: false, uses), () =>
        {
            read();
            call.MayTell = WhenSettled(session);
        });
    }

    /// <summary>A change that is asked for outside the session stream: content that has become durable. It is published, and its answer waits, as any other's.</summary>
    /// <param name="footprint">Adds the directories that it touches. Of a session that has ended meanwhile it is refused, as what its stream still says: the same gateway may
    /// have started anew, and have looked at what is there.</param>
    /// <returns>Null when it has to wait for caps: try again after the next group, with the same call.</returns>
    public OperationOutcome? TryRun(OutsideCall call, Action<NamespaceEngine, List<DirectoryUse>> footprint, Func<NamespaceEngine, OperationOutcome> apply)
    {
        MdsSession session = Find(call.By) ?? Nobody;
        OperationOutcome? outcome = null;
        TryInTurn(session, call.Claim, footprint, () =>
        {
            if (!call.By.IsNone && session == Nobody)
            {
                outcome = FsErrno.KeyExpired;
                return;
            }
            outcome = apply(_engine);
            call.MayTell = outcome.IsOk ? WhenTold(session, call.Token, outcome) : WhenSettled(session);
        });
        return outcome;
    }

    private Task WhenTold(MdsSession writer, long token, OperationOutcome outcome)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Told told = Track(new Told(token));
        ReplyGate gate = new(
            _ =>
            {
                if (token != 0)
                    writer.Send(told);
                done.SetResult();
            },
            _time);
        Published?.Invoke(null, outcome.Changes);
        Tell(writer, outcome.Changes, gate);
        Release(gate);
        return done.Task;
    }

    private Task WhenSettled(MdsSession session)
    {
        if (!IsUnsettled(session))
            return Task.CompletedTask;
        TaskCompletionSource settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        HoldUntilSettled(session, new ReplyGate(_ => settled.SetResult(), _time));
        return settled.Task;
    }

    /// <summary>
    /// False when it has to wait; then it claims what it touches, as a parked request does: a holder that gave up its exclusive caps would be
    /// granted them again at once, for ever. In the grace period all have to wait: who holds what is not known yet.
    /// </summary>
    private bool TryInTurn(MdsSession session, CapClaim claim, Action<NamespaceEngine, List<DirectoryUse>> footprint, Action work)
    {
        if (IsInGrace)
            return false;
        DirectoryCaps[] claimed = claim.Directories;
        claim.Directories = [];
        _caps.Unclaim(claimed);
        bool isBusy = false;
        try
        {
            _uses.Clear();
            footprint(_engine, _uses);
            foreach (DirectoryUse use in _uses)
                isBusy |= _caps.MustWait(session, use.Dir);
            if (isBusy)
                claim.Directories = _caps.Claim(_uses.Select(u => u.Dir));
            else
                work();
        }
        finally
        {
            foreach (DirectoryCaps directory in claimed)
                _caps.Wake(directory);
        }
        return !isBusy;
    }
}
