using Capstan.Mds.Storage;
using Capstan.Shared.Messages;

namespace Capstan.Simulation;

// Groups of what has arrived, driven as the MDS's loop drives them, with deaths at every point between.
internal sealed partial class SimulatedMds
{
    private void Tick(int term)
    {
        if (term != _term)
            return;
        IsTouched = true;
        if (!TryWork(Core.Tick))
            return;
        TellWhatMayBeTold();
        if (_errands.Count > 0)
            ScheduleGroup(); // One that waits for caps is tried again at each tick.
        if (_profile.Retention > 0)
            PurgeIn(TimeSpan.Zero);
        _world.After(TimeSpan.FromMilliseconds(250), () => Tick(term));
    }

    private void ScheduleGroup()
    {
        if (_groupIsComing)
            return;
        _groupIsComing = true;
        int term = _term;
        _world.At(Math.Max(_world.Now, LeavesAt) + _world.Milliseconds(4).Ticks, () => RunGroup(term));
    }

    private void RunGroup(int term)
    {
        if (term != _term)
            return;
        _groupIsComing = false;
        IsTouched = true;
        if (CrashesNow("before a group"))
            return;
        if (TryWork(RunGroup))
            TellWhatMayBeTold();
    }

    /// <summary>A store that cannot be read in the midst of what is no request's ends the process, as it ends the loop.</summary>
    private bool TryWork(Action work)
    {
        _isAtWork = true;
        try
        {
            work();
        }
        catch (StoreException)
        {
            Crash("because it could not read its store");
        }
        _isAtWork = false;
        return IsUp;
    }

    private void RunGroup()
    {
        int messages = _world.Random.Next(1, 24);
        Core.Begin();
        while (messages-- > 0 && _inbox.TryDequeue(out (Connection Connection, ClientMessage? Message) next))
        {
            Deliver(next.Connection, next.Message);
            if (CrashesNow("in a group", 0.2))
                return;
        }
        RunErrands();
        if (CrashesNow("before a commit"))
            return;
        if (IsFaulty && _world.Chance(_profile.SlowCommits))
        {
            _world.Meet("slow commit");
            LeavesAt = _world.Now + _world.Milliseconds(30, 800).Ticks;
        }
        bool dies = IsFaulty && _world.Chance(_profile.Crashes * 2);
        if (dies)
            _leaving = _world.Chance(0.5) ? 0 : _world.Random.Next(1, 6);
        bool inPart = _leaving > 0;
        StoreException? refusal = Core.Commit();
        if (refusal is not null)
            _world.Say("mds", $"store refused a group: {refusal.Errno}");
        _leaving = int.MaxValue;
        if (dies)
        {
            Crash(inPart ? "while it answered" : "after a commit, before an answer");
            return;
        }
        ConcludeErrands();
        if (!CrashesNow("after its answers") && _inbox.Count > 0)
            ScheduleGroup();
    }

    /// <summary>In the grace period more often: few groups run then, and they matter.</summary>
    private bool CrashesNow(string when, double share = 1)
    {
        if (!IsFaulty || !_world.Chance(_profile.Crashes * share * (Core.IsInGrace ? 4 : 1)))
            return false;
        Crash(when);
        return true;
    }

    private void Deliver(Connection connection, ClientMessage? message)
    {
        if (message is null)
        {
            if (connection.Session is { } gone)
                Core.Disconnected(gone, connection);
            return;
        }
        if (_world.IsTraced && message is not (DeltaAck or Renew))
            _world.Say("mds", $"<- {connection.Gateway.Name} {Text.Of(message)}");
        if (connection.Session is { } session)
            Core.Receive(session, connection, message);
        else if (message is SessionOpen open)
            connection.Session = Core.Open(connection, open);
    }
}
