using Capstan.Mds.Namespace;
using Capstan.Mds.Sessions;
using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Simulation;

// What the MDS does in its groups besides the requests of its sessions: contents, as its content service has them committed, and the purge of the trash.
internal sealed partial class SimulatedMds
{
    private readonly List<(Errand Errand, Action Done, Action<FsErrno> Refused)> _errands = [];
    private readonly List<(Task MayTell, Action Tell)> _held = [];
    private readonly HashSet<ContentWrite> _contents = [];
    private bool _purgeIsComing;

    private bool IsIdleOutside => _errands.Count == 0 && _held.Count == 0 && _contents.Count == 0 && !_purgeIsComing && !Core.HasTrashToPurge;

    /// <summary>(1) A version or a number is reserved; (2) the bytes are filed; (3) a commit shows them; (4) the answer leaves when all others have been told.</summary>
    public void Arrive(Connection connection, ContentWrite write)
    {
        if (!IsUp)
        {
            write.Lose();
            return;
        }
        _contents.Add(write);
        OutsideCall call = new(write.By, write.Mark.Token);
        ContentTicket ticket = default;
        FsErrno errno = FsErrno.Ok;
        Ask(
            (core, engine) =>
            {
                if (!write.IsNew)
                    return ticket != default || core.TryRead(call, write.Target, () => errno = engine.StageContent(write.Caller, write.Target, null, out ticket));
                ticket = engine.StageNew();
                return true;
            },
            () =>
            {
                if (errno != FsErrno.Ok)
                    AnswerWhenTold(connection, write, call, errno, ticket);
                else
                    In(_world.Milliseconds(20), () => Commit(connection, write, call, ticket));
            },
            refusal => AnswerWhenTold(connection, write, new OutsideCall(write.By), refusal, ticket));
    }

    private void Commit(Connection connection, ContentWrite write, OutsideCall call, ContentTicket ticket)
    {
        OperationOutcome? outcome = null;
        Ask(
            (core, _) => (outcome = write.IsNew
                ? core.TryRun(call, (e, uses) => e.Footprint(new CreateOperation(write.Target.Dir, write.Target.Name, 0x1A4, Exclusive: true), uses), e => e.CommitNew(write.Caller, write.NewFile, ticket, write.Size, null))
                : core.TryRun(call, (e, uses) => e.Footprint(write.Target, write: true, uses), e => e.CommitContent(write.Caller, write.Target, ticket, write.Size, null, null))) is not null,
            () => AnswerWhenTold(connection, write, call, outcome!, ticket),
            refusal => AnswerWhenTold(connection, write, new OutsideCall(write.By), refusal, ticket));
    }

    private void AnswerWhenTold(Connection connection, ContentWrite write, OutsideCall call, OperationOutcome outcome, ContentTicket ticket)
    {
        if (!write.IsNew && ticket != default)
            Engine.ReleaseContent(ticket);
        _world.Meet(outcome.IsOk ? "content written" : "content refused");
        if (!call.MayTell.IsCompleted)
            _world.Meet("content's answer held");
        _held.Add((call.MayTell, () => In(TimeSpan.FromTicks(Math.Max(0, LeavesAt - _world.Now)), () =>
        {
            _contents.Remove(write);
            write.Answered(outcome);
            _world.Say("mds", $"answers {connection.Gateway.Name}: {write}");
            connection.Beside(() => connection.Gateway.Arrive(write), write.Lose);
        })));
    }

    /// <summary>Off the loop: forgotten when the MDS dies.</summary>
    private void In(TimeSpan time, Action action)
    {
        int term = _term;
        _world.After(time, () =>
        {
            if (term == _term)
                action();
        });
    }

    private void Ask(Func<MdsCore, NamespaceEngine, bool> run, Action done, Action<FsErrno> refused)
    {
        _errands.Add((new Errand(run), done, refused));
        ScheduleGroup();
    }

    private void RunErrands()
    {
        foreach ((Errand errand, _, _) in _errands)
            errand.RunIn(Core, Engine);
    }

    private void ConcludeErrands()
    {
        Errand.Conclude([.. _errands.Select(e => e.Errand)], Core, Engine);
        foreach ((Errand Errand, Action Done, Action<FsErrno> Refused) ended in _errands.Where(e => e.Errand.Done.IsCompleted).ToArray())
        {
            _errands.Remove(ended);
            if (ended.Errand.Done.Exception?.InnerException is StoreException failure)
                ended.Refused(failure.Errno);
            else
                ended.Done();
        }
        if (Core.HasTrashToPurge)
            PurgeIn(_world.Milliseconds(5));
    }

    private void TellWhatMayBeTold()
    {
        foreach ((Task MayTell, Action Tell) next in _held.Where(h => h.MayTell.IsCompleted).ToArray())
        {
            _held.Remove(next);
            next.Tell();
        }
    }

    private void ForgetOutside()
    {
        foreach (ContentWrite write in _contents)
            write.Lose();
        _contents.Clear();
        _errands.Clear();
        _held.Clear();
        _purgeIsComing = false;
    }

    private void PurgeIn(TimeSpan time)
    {
        if (_purgeIsComing)
            return;
        _purgeIsComing = true;
        In(time, () =>
        {
            (int count, bool isBlocked) = (0, false);
            int limit = _world.Random.Next(1, 5);
            Ask(
                (core, _) =>
                {
                    (count, isBlocked) = core.PurgeTrash(limit);
                    return true;
                },
                () =>
                {
                    _purgeIsComing = false;
                    _world.Meet("trash purged", count);
                    if (isBlocked)
                        _world.Meet("purge waited for caps");
                    if (count > 0 || isBlocked)
                        PurgeIn(count > 0 ? _world.Milliseconds(5) : TimeSpan.FromMilliseconds(500));
                },
                _ =>
                {
                    _purgeIsComing = false;
                    PurgeIn(TimeSpan.FromMilliseconds(500));
                });
        });
    }
}
