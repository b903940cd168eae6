using Capstan.Mds;
using Capstan.Mds.Namespace;
using Capstan.Mds.Sessions;
using Capstan.Mds.Storage;
using Capstan.Mds.Storage.Sqlite;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.Simulation;

/// <summary>The real rules of the MDS on a real store: groups of what has arrived, refusals, crashes before and after the commit, restarts.</summary>
internal sealed class SimulatedMds : IPagePump, IDisposable
{
    private readonly World _world;
    private readonly string _directory;
    private readonly Queue<(Connection Connection, ClientMessage? Message)> _inbox = [];
    private readonly HashSet<PageStream> _streams = [];
    private readonly HashSet<Connection> _connections = [];
    private RefusingStore _store = null!;
    private bool _groupIsComing;
    private int _term;

    public SimulatedMds(World world, string directory)
    {
        _world = world;
        _directory = directory;
        Options = new MdsOptions
        {
            DataDirectory = directory,
            Lease = TimeSpan.FromSeconds(4),
            RevokeTimeout = TimeSpan.FromSeconds(6),
            AutoClose = TimeSpan.FromSeconds(20),
            MaxInFlight = 16,
        };
        Start();
    }

    public MdsOptions Options { get; }

    public MdsCore Core { get; private set; } = null!;

    public NamespaceEngine Engine { get; private set; } = null!;

    public bool IsUp { get; private set; }

    /// <summary>Chances of a refused commit, and of a crash in a group.</summary>
    public double Refusals { get; set; }

    public double Crashes { get; set; }

    public bool IsIdle => IsUp && _inbox.Count == 0 && !_groupIsComing && _streams.Count == 0 && !Core.IsInGrace;

    public void Arrive(Connection connection, ClientMessage message)
    {
        if (!IsUp)
        {
            connection.Gateway.CutIf(connection, "the MDS is down");
            return;
        }
        _connections.Add(connection);
        _inbox.Enqueue((connection, message));
        ScheduleGroup();
    }

    public void ConnectionEnded(Connection connection)
    {
        if (!IsUp || !_connections.Remove(connection))
            return;
        _inbox.Enqueue((connection, null));
        ScheduleGroup();
    }

    public void Start()
    {
        StoreOptions options = new(_directory) { CacheMegabytes = 4 };
        _store = new RefusingStore(new SqliteNamespaceStore(options, _world.Time));
        Engine = new NamespaceEngine(_store, _world.Time);
        Core = new MdsCore(Options, _world.Time, Engine, this) { NewSessionId = NewSessionId };
        _store.RefuseCommit = () => _world.Chance(Refusals);
        _store.RefusePut = _ => _world.Chance(Refusals);
        IsUp = true;
        _world.Say("mds", $"is up, epoch {Core.Epoch}");
        int term = ++_term;
        _world.After(TimeSpan.FromMilliseconds(250), () => Tick(term));
    }

    public void Crash(string when)
    {
        if (!IsUp)
            return;
        _world.Say("mds", $"crashes {when}");
        IsUp = false;
        _term++;
        _groupIsComing = false;
        _inbox.Clear();
        Shut();
        foreach (Connection connection in _connections.ToArray())
            connection.Gateway.CutIf(connection, "the MDS crashed");
        _connections.Clear();
        _world.After(_world.Milliseconds(2000), Start);
    }

    public void Start(PageStream stream)
    {
        _streams.Add(stream);
        ScheduleStep(stream);
    }

    /// <summary>What is in a directory, between groups.</summary>
    public List<DirectoryEntry> List(InodeId dir)
    {
        List<DirectoryEntry> entries = [];
        if (Engine.OpenPages(dir, default, null, out PageReader reader) != FsErrno.Ok)
            return entries;
        using (reader)
        {
            while (reader.TryReadNext(out byte[] bytes))
            {
                DirectoryPage page = DirectoryPage.TryOpen(bytes)!;
                for (int i = 0; i < page.Count; i++)
                    entries.Add(page.Entry(i));
            }
        }
        return entries;
    }

    public void Dispose()
    {
        if (IsUp)
            Shut();
        IsUp = false;
    }

    /// <summary>From the seed, so that whatever goes by the order of ids goes the same way again.</summary>
    private SessionId NewSessionId()
    {
        byte[] bytes = new byte[16];
        _world.Random.NextBytes(bytes);
        return SessionId.Parse(bytes);
    }

    private void Shut()
    {
        foreach (PageStream stream in _streams)
        {
            if (!stream.IsEnded)
                stream.Dispose();
        }
        _streams.Clear();
        _store.Dispose();
    }

    private void Tick(int term)
    {
        if (term != _term)
            return;
        Core.Tick();
        _world.After(TimeSpan.FromMilliseconds(250), () => Tick(term));
    }

    private void ScheduleGroup()
    {
        if (_groupIsComing)
            return;
        _groupIsComing = true;
        int term = _term;
        _world.After(_world.Milliseconds(4), () => RunGroup(term));
    }

    private void RunGroup(int term)
    {
        if (term != _term)
            return;
        _groupIsComing = false;
        int messages = _world.Random.Next(1, 12);
        Core.Begin();
        while (messages-- > 0 && _inbox.TryDequeue(out (Connection Connection, ClientMessage? Message) next))
            Deliver(next.Connection, next.Message);
        if (_world.Chance(Crashes))
        {
            Crash("before a commit");
            return;
        }
        if (Core.Commit() is { } refusal)
            _world.Say("mds", $"store refused a group: {refusal.Errno}");
        if (_world.Chance(Crashes))
            Crash("after a commit");
        else if (_inbox.Count > 0)
            ScheduleGroup();
    }

    private void Deliver(Connection connection, ClientMessage? message)
    {
        if (message is null)
        {
            if (connection.Session is { } gone)
                Core.Disconnected(gone, connection);
            return;
        }
        if (message is not (DeltaAck or Renew))
            _world.Say("mds", $"<- {connection.Gateway.Name} {Text.Of(message)}");
        if (connection.Session is { } session)
            Core.Receive(session, connection, message);
        else if (message is SessionOpen open)
            connection.Session = Core.Open(connection, open);
    }

    private void ScheduleStep(PageStream stream)
    {
        _world.After(_world.Milliseconds(6), () =>
        {
            if (!_streams.Contains(stream))
                return;
            if (stream.Step())
                ScheduleStep(stream);
            else
                _streams.Remove(stream);
        });
    }
}
