using Capstan.ClientGateway;
using Capstan.ClientGateway.Directories;
using Capstan.ClientGateway.Operations;
using Capstan.Shared.Messages;

namespace Capstan.Simulation;

/// <summary>A real gateway core on a simulated connection, driven as its session loop drives it.</summary>
internal sealed class SimulatedGateway
{
    private const int DroppedKept = 64;

    private readonly World _world;
    private readonly SimulatedMds _mds;
    private readonly Profile _profile;
    private readonly Queue<Action> _asleep = [];
    private readonly Queue<(DirectoryState Directory, long ChangeCounter)> _dropped = [];
    private Connection? _connection;
    private long _renewedAt;
    private int _life;

    public SimulatedGateway(World world, SimulatedMds mds, Profile profile, int number, bool strict)
    {
        _world = world;
        _mds = mds;
        _profile = profile;
        Name = $"gw{number}";
        Options = new GatewayOptions
        {
            ClientName = Name,
            MaxInFlight = world.Pick(world.Random.Next(2, 12), 64, 256),
            MaxInFlightPerDirectory = world.Pick(world.Random.Next(1, 8), 32, 128),
            StrictDeltas = strict,
            RequireTargetLx = world.Chance(0.7),
            PageBudgetBytes = world.Chance(0.2) ? 2_000 : 1 << 20,
            AttributeTimeout = TimeSpan.FromMilliseconds(500),
            MaxDirectories = profile.MaxDirectories,
        };
        Core = new GatewayCore(Options, world.Time);
        Delay = world.Pick(2.0, 10, 40);
        world.After(world.Milliseconds(20), Connect);
        world.After(TimeSpan.FromMilliseconds(250), Tick);
    }

    public string Name { get; }

    /// <summary>A process killed and started anew may come back under another name: then nobody tells the MDS that the older one is dead.</summary>
    public GatewayOptions Options { get; private set; }

    public GatewayCore Core { get; private set; }

    /// <summary>A message takes up to so many milliseconds.</summary>
    public double Delay { get; }

    /// <summary>A process that stands still: neither reads nor renews, and its connection lives.</summary>
    public bool IsAsleep { get; private set; }

    /// <summary>Something has happened in it since somebody looked.</summary>
    public bool IsTouched { get; set; }

    public bool IsQuiet => !IsAsleep && Core.Session.State == SessionState.Open && _connection is { OnTheWay: 0 } && Core.Session.InFlight == 0 && Core.Operations is { PendingCount: 0, Trees.Count: 0 };

    /// <summary>Told after each message, under no lock.</summary>
    public Action? Moved { get; set; }

    /// <summary>Told of a content that was answered.</summary>
    public Action<ContentWrite>? Answered { get; set; }

    /// <summary>Told of each core, the first and those of its later lives.</summary>
    public Action<GatewayCore>? Started { get; set; }

    /// <summary>Told of the core that is no more, with all that was asked of it.</summary>
    public Action<GatewayCore>? Killed { get; set; }

    public void Arrive(Connection connection, ServerMessage message)
    {
        if (connection != _connection)
            return;
        if (IsAsleep)
        {
            _asleep.Enqueue(() => Arrive(connection, message));
            return;
        }
        if (_world.IsTraced && message is not Renewed)
            _world.Say(Name, $"<- {Text.Of(message)}");
        if (message is ReplyRun { Changed: null })
            _world.Meet("run answered when others had it");
        Run(() => Core.Receive(message));
        Moved?.Invoke();
    }

    public void Arrive(ContentWrite answered)
    {
        if (answered.Core != Core)
        {
            answered.Lose();
            return;
        }
        if (IsAsleep)
        {
            _asleep.Enqueue(() => Arrive(answered));
            return;
        }
        Run(() => Answered?.Invoke(answered));
        Moved?.Invoke();
    }

    /// <summary>Sends it beside the session's stream, on the same connection.</summary>
    public void Ask(ContentWrite write)
    {
        if (_connection is { } connection)
            connection.Beside(() => _mds.Arrive(connection, write), write.Lose);
        else
            write.Lose();
    }

    public void Sleep()
    {
        if (IsAsleep)
            return;
        TimeSpan time = _world.Chance(0.5) ? _world.Milliseconds(300, 3000) : _world.Milliseconds(4500, 9000);
        _world.Say(Name, $"stands still for {time.TotalSeconds:F1} s");
        _world.Meet(time > _mds.Options.Lease ? "gateway stood still for longer than its lease" : "gateway stood still");
        IsAsleep = true;
        int life = _life;
        _world.After(time, () =>
        {
            if (life != _life)
                return;
            IsAsleep = false;
            _world.Say(Name, "goes on");
            while (_asleep.TryDequeue(out Action? next))
                next();
        });
    }

    /// <summary>The process is gone, with all it knew; another one takes its place.</summary>
    public void Kill()
    {
        _world.Meet(Core.Operations.PendingCount > 0 ? "gateway killed with operations in flight" : "gateway killed");
        _life++;
        IsAsleep = false;
        _asleep.Clear();
        _connection?.Cut();
        _connection = null;
        Killed?.Invoke(Core);
        if (_world.Chance(0.5))
            Options = Options with { ClientName = $"{Name}.{_life}" };
        _world.Say(Name, $"is killed, and started anew as {Options.ClientName}");
        Core = new GatewayCore(Options, _world.Time);
        Started?.Invoke(Core);
        IsTouched = true;
        _world.After(_world.Milliseconds(500), Connect);
    }

    /// <summary>Connects again while the connection it had still carries what was on its way.</summary>
    public void ConnectTwice()
    {
        if (_connection is not { } older || IsAsleep)
            return;
        _world.Meet("connection duplicated");
        _connection = null;
        Run(Core.Disconnected);
        Connect();
        _world.After(_world.Milliseconds(500), older.Cut);
    }

    /// <summary>Kept for a while, to see that nothing happens to it any more.</summary>
    public void Dropped(GatewayCore core, DirectoryState directory)
    {
        bool isForWantOfRoom = core.Directories.Directories.Count >= Options.MaxDirectories;
        _world.Meet(isForWantOfRoom ? "directory dropped" : "directory that is gone forgotten");
        _world.Say(Name, $"forgets {directory.Ino}");
        _dropped.Enqueue((directory, directory.ChangeCounter));
        if (_dropped.Count > DroppedKept)
            _dropped.Dequeue();
    }

    /// <summary>What was dropped is as it was then.</summary>
    public string? DroppedIsLeftAlone()
    {
        foreach ((DirectoryState directory, long counter) in _dropped)
        {
            if (directory.ChangeCounter != counter || directory.IsInUse || directory.IsKnown || directory.PageCount + directory.Names.Count > 0)
                return $"{Name} goes on with what it knew of {directory.Ino}, which it has dropped";
        }
        return null;
    }

    /// <summary>Runs something on the core and sends what it leaves.</summary>
    public void Run(Action action)
    {
        IsTouched = true;
        lock (Core.Gate)
        {
            action();
            foreach (ClientMessage message in Core.Session.TakeOutbox())
            {
                if (message is RequestRun { Operations: [TrashOperation, ..] })
                    _world.Meet("run to the trash");
                _connection?.ToMds(message);
            }
        }
    }

    public void CutIf(Connection connection, string why)
    {
        if (connection == _connection)
            Cut(why, mayBeLong: false);
        else
            connection.Cut();
    }

    public void Cut(string why, bool mayBeLong)
    {
        if (_connection is null)
            return;
        _world.Say(Name, $"is cut off: {why}");
        _connection.Cut();
        _connection = null;
        Run(Core.Disconnected);
        // Mostly soon; now and then not before the lease has run out.
        bool isLong = mayBeLong && _world.Chance(0.25);
        if (mayBeLong)
            _world.Meet(isLong ? "link cut for longer than the lease" : "link cut for less than the lease");
        _world.After(isLong ? _world.Milliseconds(4500, 8000) : _world.Milliseconds(600), Connect);
    }

    private void Connect()
    {
        if (_connection is not null)
            return;
        _connection = new Connection(_world, _mds, this, _profile.Delays);
        _world.Say(Name, "connects");
        Run(Core.Connected);
    }

    private void Tick()
    {
        _world.After(TimeSpan.FromMilliseconds(250), Tick);
        if (IsAsleep || Core.Session.State != SessionState.Open || _world.Time.GetElapsedTime(_renewedAt) < Core.Session.Lease / 4)
            return;
        _renewedAt = _world.Now;
        Run(Core.Session.Renew);
    }
}
