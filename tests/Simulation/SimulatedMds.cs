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
internal sealed partial class SimulatedMds : IPagePump, IDisposable
{
    private readonly World _world;
    private readonly Profile _profile;
    private readonly string? _directory;
    private readonly SimulatedDisk _disk;
    private readonly Queue<(Connection Connection, ClientMessage? Message)> _inbox = [];
    private readonly HashSet<PageStream> _streams = [];
    private readonly HashSet<Connection> _connections = [];
    private RefusingStore _store = null!;
    private bool _groupIsComing;
    private bool _isAtWork;
    private int _term;
    private int _leaving = int.MaxValue;

    /// <param name="directory">Null: on a simulated disk.</param>
    public SimulatedMds(World world, Profile profile, string? directory)
    {
        _world = world;
        _profile = profile;
        _directory = directory;
        _disk = new SimulatedDisk(new Guid(RandomBytes()));
        Options = new MdsOptions
        {
            DataDirectory = directory ?? "",
            Lease = TimeSpan.FromSeconds(4),
            RevokeTimeout = TimeSpan.FromSeconds(6),
            AutoClose = TimeSpan.FromSeconds(20),
            MaxInFlight = 16,
            MaxCapsPerSession = profile.MaxCaps,
            TrashRetention = TimeSpan.FromSeconds(profile.Retention),
        };
    }

    public MdsOptions Options { get; }

    public MdsCore Core { get; private set; } = null!;

    public NamespaceEngine Engine { get; private set; } = null!;

    public bool IsUp { get; private set; }

    /// <summary>Off when the schedule is to come to rest.</summary>
    public bool IsFaulty { get; set; } = true;

    /// <summary>Something has happened in it since somebody looked.</summary>
    public bool IsTouched { get; set; }

    /// <summary>What a commit under way lets out leaves when it has ended.</summary>
    public long LeavesAt { get; private set; }

    /// <summary>The state after the last commit; null on SQLite.</summary>
    public DiskState? Durable => _directory is null ? _disk.Durable : null;

    /// <summary>Told of each change with the request that made it, if one did, before the commit.</summary>
    public Action<FsOperation?, IReadOnlyList<DirectoryDelta>>? Published { get; init; }

    public bool IsIdle => IsUp && IsIdleOutside && _inbox.Count == 0 && !_groupIsComing && _streams.Count == 0 && !Core.IsInGrace;

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
        INamespaceStore disk = _directory is null ? _disk.Open() : new SqliteNamespaceStore(new StoreOptions(_directory) { CacheMegabytes = 4 }, _world.Time);
        _store = new RefusingStore(disk) { Errno = AnyErrno };
        Engine = new NamespaceEngine(_store, _world.Time);
        Core = new MdsCore(Options, _world.Time, Engine, this) { NewSessionId = NewSessionId, Published = Published };
        _store.RefuseCommit = () => IsFaulty && _world.Chance(_profile.Refusals);
        _store.RefusePut = _ => IsFaulty && _world.Chance(_profile.Refusals);
        _store.RefuseRead = () => IsFaulty && _isAtWork && _world.Chance(_profile.ReadRefusals);
        IsUp = IsTouched = true;
        _world.Say("mds", $"is up, epoch {Core.Epoch}");
        int term = ++_term;
        _world.After(TimeSpan.FromMilliseconds(250), () => Tick(term));
        PurgeIn(TimeSpan.Zero); // What an earlier run left.
    }

    public void Crash(string when)
    {
        if (!IsUp)
            return;
        Count();
        _world.Say("mds", $"crashes {when}");
        _world.Meet($"MDS killed {when}");
        if (Core.IsInGrace)
            _world.Meet("MDS killed in the grace period");
        IsUp = false;
        LeavesAt = 0;
        _term++;
        _groupIsComing = false;
        _inbox.Clear();
        ForgetOutside();
        Shut();
        foreach (Connection connection in _connections.ToArray())
            connection.Gateway.CutIf(connection, "the MDS crashed");
        _connections.Clear();
        // Mostly soon; now and then not before every lease has run out.
        _world.After(_world.Chance(0.1) ? _world.Milliseconds(4000, 7000) : _world.Milliseconds(1000), Start);
        if (_world.Chance(0.15))
            _world.After(_world.Milliseconds(800, 2500), () => CrashAgain());
    }

    private void CrashAgain()
    {
        if (!IsUp || !IsFaulty)
            return;
        _world.Meet("MDS killed twice in a row");
        Crash("again");
    }

    public void Start(PageStream stream)
    {
        _streams.Add(stream);
        ScheduleStep(stream);
    }

    /// <summary>What is in the trash, of everybody.</summary>
    public List<TrashEntry> ListTrash()
    {
        List<TrashEntry> all = [];
        IReadOnlyList<TrashEntry> some;
        do
        {
            some = Engine.Apply(Caller.Root, new ListTrashOperation(all.LastOrDefault()?.Id, ListTrashOperation.MaxCount, Everybody: true)).Trash;
            all.AddRange(some);
        }
        while (some.Count == ListTrashOperation.MaxCount);
        return all;
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
        {
            Count();
            Shut();
        }
        IsUp = false;
    }

    /// <summary>Whether one more message gets out before the MDS is killed.</summary>
    public bool LetsOut() => _leaving > 0 && (_leaving == int.MaxValue || _leaving-- > 0);

    /// <summary>From the seed, so that whatever goes by the order of ids goes the same way again.</summary>
    private SessionId NewSessionId() => SessionId.Parse(RandomBytes());

    private byte[] RandomBytes()
    {
        byte[] bytes = new byte[16];
        _world.Random.NextBytes(bytes);
        return bytes;
    }

    private FsErrno AnyErrno()
    {
        FsErrno errno = _world.Pick(FsErrno.NoSpace, FsErrno.Io, FsErrno.AccessDenied);
        _world.Meet($"store refused: {errno}");
        return errno;
    }

    private void Count()
    {
        Tell("caps granted", Core.Counters.Grants);
        Tell("caps revoked", Core.Counters.Revokes);
        Tell("caps recalled", Core.Counters.Recalls);
        Tell("lease ran out", Core.Counters.LeasesExpired);
        Tell("session evicted", Core.Counters.Evictions);
        Tell("request parked", Core.Counters.RequestsParked);
        Tell("writer's answer held", Core.Counters.WritersHeld);
        Tell("reader's answer held", Core.Counters.ReadersHeld);

        void Tell(string what, long times)
        {
            if (times > 0)
                _world.Meet(what, times);
        }
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
