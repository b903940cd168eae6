using Capstan.Mds.Sessions;
using Capstan.Shared.Messages;

namespace Capstan.Simulation;

/// <summary>One connection between a gateway and the MDS: two streams, each in order, each message after a delay of its own. A cut loses what is on its way.</summary>
internal sealed class Connection(World world, SimulatedMds mds, SimulatedGateway gateway, double delays) : ISessionLink
{
    private long _lastToMds;
    private long _lastToGateway;

    public MdsSession? Session { get; set; }

    public SimulatedGateway Gateway => gateway;

    public bool IsCut { get; private set; }

    /// <summary>Messages on their way, both directions.</summary>
    public int OnTheWay { get; private set; }

    public void ToMds(ClientMessage message)
    {
        if (IsCut)
            return;
        OnTheWay++;
        _lastToMds = Math.Max(_lastToMds, world.Now + Delay());
        world.At(_lastToMds, () =>
        {
            OnTheWay--;
            if (!IsCut)
                mds.Arrive(this, message);
        });
    }

    public void Send(IReadOnlyList<ServerMessage> messages)
    {
        foreach (ServerMessage message in messages)
        {
            if (mds.LetsOut())
                ToGateway(() => gateway.Arrive(this, message));
        }
    }

    /// <summary>A call beside the session's stream, or its answer: it keeps no order with anything, and ends with the connection.</summary>
    public void Beside(Action arrives, Action isLost)
    {
        OnTheWay++;
        world.After(TimeSpan.FromTicks(Delay()), () =>
        {
            OnTheWay--;
            (IsCut ? isLost : arrives)();
        });
    }

    public void Close(string reason) => ToGateway(() => gateway.CutIf(this, $"closed: {reason}"));

    /// <summary>The MDS hears of it a little later, or when the gateway comes back.</summary>
    public void Cut()
    {
        if (IsCut)
            return;
        IsCut = true;
        world.After(world.Milliseconds(3000), () => mds.ConnectionEnded(this));
    }

    private void ToGateway(Action arrive)
    {
        if (IsCut)
            return;
        OnTheWay++;
        _lastToGateway = Math.Max(_lastToGateway, Math.Max(world.Now, mds.LeavesAt) + Delay());
        world.At(_lastToGateway, () =>
        {
            OnTheWay--;
            if (!IsCut)
                arrive();
        });
    }

    private long Delay()
    {
        if (!world.Chance(delays))
            return world.Milliseconds(gateway.Delay).Ticks;
        world.Meet("message delayed");
        return world.Milliseconds(200, 2500).Ticks;
    }
}
