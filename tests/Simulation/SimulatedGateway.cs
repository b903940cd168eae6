using Capstan.ClientGateway;
using Capstan.ClientGateway.Operations;
using Capstan.Shared.Messages;

namespace Capstan.Simulation;

/// <summary>A real gateway core on a simulated connection, driven as its session loop drives it.</summary>
internal sealed class SimulatedGateway
{
    private readonly World _world;
    private readonly SimulatedMds _mds;
    private Connection? _connection;
    private readonly Queue<(Connection Connection, ServerMessage Message)> _asleep = [];
    private long _renewedAt;

    public SimulatedGateway(World world, SimulatedMds mds, int number, bool strict = true)
    {
        _world = world;
        _mds = mds;
        Name = $"gw{number}";
        Options = new GatewayOptions
        {
            ClientName = Name,
            MaxInFlight = world.Random.Next(2, 12),
            MaxInFlightPerDirectory = world.Random.Next(1, 8),
            StrictDeltas = strict,
            PageBudgetBytes = world.Chance(0.3) ? 2_000 : 1 << 20,
            AttributeTimeout = TimeSpan.FromMilliseconds(500),
        };
        Core = new GatewayCore(Options, world.Time);
        Delay = world.Chance(0.5) ? 2 : 40;
        world.After(world.Milliseconds(50), Connect);
        world.After(TimeSpan.FromMilliseconds(250), Tick);
    }

    public string Name { get; }

    public GatewayOptions Options { get; }

    public GatewayCore Core { get; }

    /// <summary>A message takes up to so many milliseconds.</summary>
    public double Delay { get; }

    /// <summary>A process that stands still: neither reads nor renews, and its connection lives.</summary>
    public bool IsAsleep { get; private set; }

    public bool IsQuiet => !IsAsleep && Core.Session.State == SessionState.Open && _connection is { OnTheWay: 0 } && Core.Session.InFlight == 0 && Core.Operations.PendingCount == 0;

    /// <summary>Told after each message, under no lock.</summary>
    public Action? Moved { get; set; }

    public void Arrive(Connection connection, ServerMessage message)
    {
        if (connection != _connection)
            return;
        if (IsAsleep)
        {
            _asleep.Enqueue((connection, message));
            return;
        }
        if (message is not Renewed)
            _world.Say(Name, $"<- {Text.Of(message)}");
        Run(() => Core.Receive(message));
        Moved?.Invoke();
    }

    public void Sleep()
    {
        if (IsAsleep)
            return;
        TimeSpan time = TimeSpan.FromSeconds(1 + (_world.Random.NextDouble() * 8));
        _world.Say(Name, $"stands still for {time.TotalSeconds:F1} s");
        IsAsleep = true;
        _world.After(time, () =>
        {
            IsAsleep = false;
            _world.Say(Name, "goes on");
            while (_asleep.TryDequeue(out (Connection Connection, ServerMessage Message) next))
                Arrive(next.Connection, next.Message);
        });
    }

    /// <summary>Runs something on the core and sends what it leaves.</summary>
    public void Run(Action action)
    {
        lock (Core.Gate)
        {
            action();
            foreach (ClientMessage message in Core.Session.TakeOutbox())
                _connection?.ToMds(message);
        }
    }

    public void CutIf(Connection connection, string why)
    {
        if (connection == _connection)
            Cut(why);
        else
            connection.Cut();
    }

    public void Cut(string why)
    {
        if (_connection is null)
            return;
        _world.Say(Name, $"is cut off: {why}");
        _connection.Cut();
        _connection = null;
        Run(Core.Disconnected);
        // Mostly soon; now and then not before the lease has run out.
        _world.After(_world.Chance(0.1) ? TimeSpan.FromSeconds(3 + (_world.Random.NextDouble() * 5)) : _world.Milliseconds(600), Connect);
    }

    private void Connect()
    {
        if (_connection is not null)
            return;
        _connection = new Connection(_world, _mds, this);
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
