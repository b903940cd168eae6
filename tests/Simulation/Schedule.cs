using Capstan.Shared;

namespace Capstan.Simulation;

/// <summary>One seed, played: rounds of work under faults, each ended by a quiet point at which everything must agree.</summary>
internal sealed class Schedule : IDisposable
{
    private const int Rounds = 3;

    private readonly World _world;
    private readonly string _directory;
    private readonly SimulatedMds _mds;
    private readonly Ledger _ledger = new();
    private readonly List<SimulatedGateway> _gateways = [];
    private readonly List<User> _users = [];
    private readonly Invariants _invariants;
    private readonly double _cuts;
    private readonly double _sleeps;
    private bool _isWorking;

    public Schedule(int seed, string scratch)
    {
        _world = new World(seed);
        _directory = Path.Combine(scratch, $"seed-{seed}");
        _mds = new SimulatedMds(_world, _directory);
        int gateways = _world.Random.Next(2, 5);
        bool strict = _world.Chance(0.9);
        double locality = _world.Chance(0.7) ? 0.97 : 0.5;
        for (int i = 1; i <= gateways; i++)
        {
            SimulatedGateway gateway = new(_world, _mds, i, strict);
            User user = new(_world, gateway, _ledger, i % 3, locality);
            gateway.Moved = user.Continue;
            _gateways.Add(gateway);
            _users.Add(user);
        }
        _invariants = new Invariants(_mds, _gateways, _ledger) { ChecksGhosts = strict };
        _cuts = _world.Chance(0.3) ? 0 : _world.Chance(0.5) ? 0.002 : 0.02;
        _sleeps = _world.Chance(0.7) ? 0 : 0.003;
        _mds.Crashes = _world.Chance(0.5) ? 0 : 0.004;
        _mds.Refusals = _world.Chance(0.7) ? 0 : 0.03;
    }

    public IEnumerable<string> Trace => _world.Trace;

    public long Steps => _world.Steps;

    public int Operations => _ledger.Count;

    public int Asynchronous => _ledger.Asynchronous;

    public int Succeeded => _ledger.Succeeded;

    public long Fallbacks(int reason) => _gateways.Sum(g => g.Core.Counters.Fallbacks[reason]);

    /// <summary>Null when all went well, otherwise what went wrong.</summary>
    public string? Play()
    {
        try
        {
            for (int round = 0; round < Rounds; round++)
            {
                if ((Work() ?? Settle("work") ?? Compare() ?? ListEverything() ?? Settle("listing") ?? Compare()) is { } wrong)
                    return wrong;
            }
            return null;
        }
        catch (Exception e)
        {
            return e.ToString();
        }
    }

    public void Dispose()
    {
        _mds.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private string? Work()
    {
        double crashes = _mds.Crashes, refusals = _mds.Refusals;
        _isWorking = true;
        foreach (User user in _users)
            Act(user);
        long until = _world.Now + TimeSpan.FromMilliseconds(500 + (_world.Random.NextDouble() * 1500)).Ticks;
        string? wrong = null;
        while (_world.Now < until && wrong is null)
            wrong = Step();
        _isWorking = false;
        _world.Say("world", "comes to rest");
        _mds.Crashes = _mds.Refusals = 0;
        wrong ??= RunUntilQuiet();
        (_mds.Crashes, _mds.Refusals) = (crashes, refusals);
        return wrong;
    }

    private void Act(User user)
    {
        if (!_isWorking)
            return;
        SimulatedGateway gateway = _gateways[_users.IndexOf(user)];
        if (!gateway.IsAsleep)
            user.ActOnce();
        if (_world.Chance(_sleeps))
            gateway.Sleep();
        if (_world.Chance(_cuts))
            gateway.Cut("a cable is pulled");
        _world.After(_world.Milliseconds(15), () => Act(user));
    }

    private string? Step()
    {
        _world.Step();
        return _invariants.Violated();
    }

    private string? Settle(string after)
    {
        (double crashes, double refusals) = (_mds.Crashes, _mds.Refusals);
        _mds.Crashes = _mds.Refusals = 0;
        string? wrong = RunUntilQuiet();
        (_mds.Crashes, _mds.Refusals) = (crashes, refusals);
        return wrong is null ? null : $"after the {after}: {wrong}";
    }

    /// <summary>Longer than every timeout there is.</summary>
    private string? RunUntilQuiet()
    {
        long until = _world.Now + TimeSpan.FromSeconds(60).Ticks;
        while (!IsQuiet())
        {
            if (_world.Now > until)
                return $"does not come to rest: {string.Join("; ", Busy())}";
            if (Step() is { } wrong)
                return wrong;
        }
        return null;
    }

    private bool IsQuiet() => _mds.IsIdle && _gateways.TrueForAll(g => g.IsQuiet) && _users.TrueForAll(u => u.WaitingReads == 0)
        && _mds.Core.Caps.Directories.All(d => d.Waiters.Count == 0 && d.Holders.TrueForAll(h => !h.IsRevoking && h.Unacked == 0));

    private IEnumerable<string> Busy()
    {
        if (!_mds.IsIdle)
            yield return _mds.IsUp && _mds.Core.IsInGrace ? "mds in grace" : "mds busy";
        for (int i = 0; i < _gateways.Count; i++)
        {
            SimulatedGateway g = _gateways[i];
            if (!g.IsQuiet || _users[i].WaitingReads > 0)
                yield return $"{g.Name} {g.Core.Session.State}, {g.Core.Session.InFlight} requests, {g.Core.Operations.PendingCount} operations ({string.Join(", ", g.Core.Operations.Shown.Where(o => !o.IsTerminal).Take(3).Select(o => $"{o.Kind} {o.Directory}/{o.Name} {o.State} behind {o.Blockers}"))}), {_users[i].WaitingReads} reads";
        }
        foreach (var directory in _mds.Core.Caps.Directories.Where(d => d.Waiters.Count > 0))
            yield return $"{directory.Waiters.Count} wait for {directory.Ino}";
    }

    private string? Compare()
    {
        List<string> wrong = _invariants.Remains(Tree());
        return wrong.Count == 0 ? null : string.Join(Environment.NewLine, wrong);
    }

    private string? ListEverything()
    {
        foreach (InodeId dir in Tree().Keys)
        {
            foreach (User user in _users)
                user.List(dir);
        }
        return null;
    }

    private Dictionary<InodeId, List<DirectoryEntry>> Tree()
    {
        Dictionary<InodeId, List<DirectoryEntry>> tree = [];
        Queue<InodeId> next = new([InodeId.Root]);
        while (next.TryDequeue(out InodeId dir))
        {
            tree[dir] = _mds.List(dir);
            foreach (DirectoryEntry entry in tree[dir].Where(e => e.Attributes.IsDirectory))
                next.Enqueue(entry.Attributes.Ino);
        }
        return tree;
    }
}
