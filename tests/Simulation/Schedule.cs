using Capstan.Shared;

namespace Capstan.Simulation;

/// <summary>One seed, played: rounds of work under faults, each ended by a quiet point at which everything must agree.</summary>
internal sealed class Schedule : IDisposable
{
    private readonly World _world;
    private readonly Profile _profile;
    private readonly string? _directory;
    private readonly SimulatedMds _mds;
    private readonly Ledger _ledger;
    private readonly History _history = new();
    private readonly List<Reader> _readers = [];
    private readonly List<SimulatedGateway> _gateways = [];
    private readonly List<User> _users = [];
    private readonly Invariants _invariants;
    private bool _isWorking;

    /// <param name="scratch">Where a store on disk may live.</param>
    /// <param name="maxDirectories">Of which a gateway keeps something; null: as the seed says.</param>
    public Schedule(int seed, string scratch, bool isTraced = false, int? maxDirectories = null)
    {
        _world = new World(seed, isTraced);
        _profile = Profile.Draw(_world, maxDirectories);
        _ledger = new Ledger(_profile.Retention > 0);
        _directory = _profile.IsOnSqlite ? Path.Combine(scratch, $"seed-{seed}") : null;
        int strict = _world.Pick(100, 100, 100, 100, 100, 50, 0); // percent of the gateways
        _mds = new SimulatedMds(_world, _profile, _directory) { Published = _history.OnPublished };
        _mds.Start();
        _world.Say("world", $"{_profile}, {strict} % strict");
        _world.Meet($"workload {_profile.Workload}");
        _world.Meet(_profile.IsOnSqlite ? "store SQLite" : "store simulated");
        for (int i = 1; i <= _profile.Gateways; i++)
        {
            SimulatedGateway gateway = new(_world, _mds, _profile, i, _world.Random.Next(100) < strict);
            _world.Meet(gateway.Options.StrictDeltas ? "gateway strict" : "gateway without acks");
            Reader reader = new(_world, gateway, _history, _ledger);
            User user = new(_world, gateway, _ledger, reader, _profile, i);
            gateway.Moved = user.Continue;
            gateway.Answered = user.Answered;
            gateway.Started = core =>
            {
                core.Operations.Added = operation => _ledger.Add(core, operation, _history.Moment);
                core.Directories.Dropped = directory => gateway.Dropped(core, directory);
            };
            gateway.Started(gateway.Core);
            gateway.Killed = core =>
            {
                reader.Forget();
                _ledger.Lose(core);
            };
            _gateways.Add(gateway);
            _users.Add(user);
            _readers.Add(reader);
        }
        _invariants = new Invariants(_mds, _gateways, _readers, _ledger, _history, User.NamesOf(_profile));
    }

    public IReadOnlyList<string> Trace => _world.Trace;

    public IReadOnlyDictionary<string, long> Met => _world.Met;

    public long Steps => _world.Steps;

    public int Operations => _ledger.Count;

    public int Unlinks => _ledger.Unlinks;

    public int Asynchronous => _ledger.Asynchronous;

    public int Succeeded => _ledger.Succeeded;

    /// <summary>Unlinks that went ahead of their reply under reason 0, the others under theirs; those of a killed gateway are lost.</summary>
    public long Fallbacks(int reason) => _gateways.Sum(g => g.Core.Counters.Fallbacks[reason]);

    public string Summary => $"{_profile}";

    /// <summary>Null when all went well, otherwise what went wrong.</summary>
    public string? Play()
    {
        try
        {
            for (int round = 0; round < _profile.Rounds; round++)
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

    public long Reads => _history.Reads;

    public void Dispose()
    {
        _mds.Dispose();
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
    }

    private string? Work()
    {
        _isWorking = true;
        foreach (User user in _users)
        {
            user.BeginRound();
            Act(user);
        }
        long until = _world.Now + TimeSpan.FromMilliseconds(_profile.RoundMilliseconds * (1 + _world.Random.NextDouble())).Ticks;
        string? wrong = null;
        while (_world.Now < until && wrong is null)
            wrong = Step();
        _isWorking = false;
        _world.Say("world", "comes to rest");
        return wrong;
    }

    private void Act(User user)
    {
        if (!_isWorking)
            return;
        SimulatedGateway gateway = _gateways[_users.IndexOf(user)];
        bool isCalm = _profile.Workload == Workload.Calm && _world.Now / TimeSpan.FromMilliseconds(120).Ticks % 2 == 0;
        if (!gateway.IsAsleep && !isCalm)
            user.ActOnce();
        if (_world.Chance(_profile.Sleeps))
            gateway.Sleep();
        if (_world.Chance(_profile.Cuts))
            gateway.Cut("a cable is pulled", mayBeLong: true);
        if (_world.Chance(_profile.Duplicates))
            gateway.ConnectTwice();
        if (_world.Chance(_profile.Kills))
            gateway.Kill();
        _world.After(_world.Milliseconds(_profile.Pace), () => Act(user));
    }

    private string? Step()
    {
        _world.Step();
        foreach (User user in _users)
            user.Continue();
        return _invariants.Violated();
    }

    private string? Settle(string after)
    {
        _mds.IsFaulty = false;
        string? wrong = RunUntilQuiet();
        _mds.IsFaulty = true;
        return wrong is null ? null : $"after the {after}: {wrong}";
    }

    /// <summary>Longer than every timeout there is, and than the work that a gateway with little credit on a slow link has queued.</summary>
    private string? RunUntilQuiet()
    {
        long until = _world.Now + TimeSpan.FromMinutes(20).Ticks;
        while (!IsQuiet())
        {
            if (_world.Now > until)
                return $"does not come to rest: {string.Join("; ", Busy())}";
            if (Step() is { } wrong)
                return wrong;
        }
        return null;
    }

    private bool IsQuiet() => _mds.IsIdle && _ledger.Contents.All(c => c.HasEnded) && _gateways.TrueForAll(g => g.IsQuiet) && _readers.TrueForAll(r => r.Waiting == 0 && !r.HasNews)
        && _mds.Core.Caps.Directories.All(d => d.Waiters.Count == 0 && d.Holders.TrueForAll(h => !h.IsRevoking && h.Unacked == 0));

    private IEnumerable<string> Busy()
    {
        if (!_mds.IsIdle)
            yield return _mds.IsUp && _mds.Core.IsInGrace ? "mds in grace" : "mds busy";
        for (int i = 0; i < _gateways.Count; i++)
        {
            SimulatedGateway g = _gateways[i];
            if (!g.IsQuiet || _readers[i].Waiting > 0)
                yield return $"{g.Name} {g.Core.Session.State}, {g.Core.Session.InFlight} requests, {g.Core.Operations.PendingCount} operations ({string.Join(", ", g.Core.Operations.Shown.Where(o => !o.IsTerminal).Take(3).Select(o => $"{o.Kind} {o.Directory}/{o.Name} {o.State} behind {o.Blockers}"))}), {_readers[i].Waiting} reads";
        }
        foreach (var directory in _mds.Core.Caps.Directories.Where(d => d.Waiters.Count > 0))
            yield return $"{directory.Waiters.Count} wait for {directory.Ino}";
        foreach (var cap in _mds.Core.Caps.Directories.SelectMany(d => d.Holders).Where(h => h.IsRevoking || h.Unacked > 0))
            yield return $"{cap.Session.ClientName} owes the ack of {(cap.IsRevoking ? "a revoke" : $"{cap.Unacked} deltas")} of {cap.Directory.Ino}";
    }

    private string? Compare()
    {
        List<string> wrong = _invariants.Remains(Tree(), _mds.ListTrash());
        return wrong.Count == 0 ? null : string.Join(Environment.NewLine, wrong);
    }

    private string? ListEverything()
    {
        foreach (InodeId dir in Tree().Keys.Where(dir => dir != InodeId.Trash))
        {
            foreach (User user in _users)
                user.List(dir);
        }
        return null;
    }

    /// <summary>Everything that there is, by directory; what is in the trash, too, under the trash's number.</summary>
    private Dictionary<InodeId, List<DirectoryEntry>> Tree()
    {
        Dictionary<InodeId, List<DirectoryEntry>> tree = [];
        tree[InodeId.Trash] = [.. _mds.ListTrash().Select(e => new DirectoryEntry(e.Id.ToName(), e.Attributes))];
        Queue<InodeId> next = new([InodeId.Root, .. tree[InodeId.Trash].Where(e => e.Attributes.IsDirectory).Select(e => e.Attributes.Ino)]);
        while (next.TryDequeue(out InodeId dir))
        {
            tree[dir] = _mds.List(dir);
            foreach (DirectoryEntry entry in tree[dir].Where(e => e.Attributes.IsDirectory))
                next.Enqueue(entry.Attributes.Ino);
        }
        return tree;
    }
}
