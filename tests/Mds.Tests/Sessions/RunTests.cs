using Capstan.Mds.Namespace;
using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.Mds.Tests.Sessions;

/// <summary>A run means what its requests mean one by one: the same random runs, to one MDS as runs and to another as requests.</summary>
public sealed class RunTests : IDisposable
{
    private static readonly Caller Alice = new(1000, 100, []);
    private static readonly FileName[] Names = [.. Enumerable.Range('a', 12).Select(c => FileName.Create(((char)c).ToString()))];

    private readonly Side _asRuns = new();
    private readonly Side _oneByOne = new();

    public void Dispose()
    {
        _asRuns.Mds.Dispose();
        _oneByOne.Mds.Dispose();
    }

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(2, false, false)]
    [InlineData(3, true, false)] // a single viewer is granted all of it between two runs: every one has to wait, and goes one by one
    [InlineData(4, true, false)]
    [InlineData(5, true, true)]
    [InlineData(6, true, true)]
    public void Run_OfAnything_IsWhatItsRequestsAre(int seed, bool watched, bool writerToo)
    {
        Random random = new(seed);
        if (watched)
            Both(side => side.Watch(writerToo));
        int runs = 0;
        for (int round = 0; round < 300; round++)
        {
            if (random.Next(8) == 0)
                Disturb(random);
            RequestRun run = Next(random);
            // The store refuses the group now and then: what is in it runs again, apart.
            bool refused = random.Next(10) == 0;
            Both(side => side.RefuseOneCommit(refused));
            runs += _asRuns.Say(run).Count(m => m is ReplyRun { Count: > 1 });
            foreach (ServerMessage message in _oneByOne.Say([.. Enumerable.Range(0, run.Count).Select(i => run[i])]))
                Assert.IsNotType<ReplyRun>(message);
            AssertAlike();
            // A repeat gets the same answer, and does nothing.
            if (random.Next(4) == 0)
            {
                Both(side => side.Say([.. Enumerable.Range(0, run.Count).Select(i => run[i] with { Retry = true })]));
                AssertAlike();
            }
        }
        Assert.True(watched && !writerToo ? runs == 0 : runs > 100, $"{runs} parts of runs were done at once");
    }

    [Fact]
    public void Run_InWhichTheStoreRefusesAName_FailsForThatNameAlone()
    {
        Both(side => side.Mds.Store.RefusePut = name => name == Names[5]);
        RequestRun run = new(1, 1, false, Caller.Root, [.. Names.Select(name => Create(name))]);
        Assert.Equal(
            Names.Select(name => name == Names[5] ? FsErrno.NoSpace : FsErrno.Ok),
            _asRuns.Say(run).OfType<Reply>().OrderBy(r => r.Tid).Select(r => r.Errno));
        Assert.Equal(Names.Length - 1, _asRuns.List().Count);
    }

    [Fact]
    public void Run_AnsweredAndLostWithItsConnection_IsAnsweredAgainFromTheTable()
    {
        RequestRun creates = new(1, 1, false, Caller.Root, [.. Names.Select(name => Create(name))]);
        Assert.Equal(Names.Length, Assert.IsType<ReplyRun>(Assert.Single(_asRuns.Say(creates))).Count);
        ulong first = _asRuns.List()[0].Ino;
        _asRuns.Mds.Restart();
        _asRuns.Resume();
        List<Reply> again = [.. _asRuns.Say(creates with { Retry = true }).Concat(_asRuns.Say(new Reclaim([]))).OfType<Reply>()];
        Assert.Equal(Enumerable.Range(0, Names.Length).Select(i => first + (ulong)i), again.OrderBy(r => r.Tid).Select(r => r.Attributes[0].Ino.Value));
        Assert.Equal(Names.Length, _asRuns.List().Count);
    }

    [Fact]
    public void Run_OfMovesToTheTrash_AnsweredAndLostWithItsConnection_IsAnsweredAgainFromTheTable()
    {
        _asRuns.Say(new RequestRun(1, 1, false, Caller.Root, [.. Names.Select(name => Create(name))]));
        List<(FileName Name, ulong Ino)> there = _asRuns.List();
        RequestRun moves = new(100, 1, false, Caller.Root, [.. there.Select(e => new TrashOperation(_asRuns.Dir, e.Name, new InodeId(e.Ino)))]);
        ReplyRun answer = Assert.IsType<ReplyRun>(Assert.Single(_asRuns.Say(moves)));
        Assert.Equal((there.Count, InodeId.None), (answer.Count, answer.Made!.Ino));
        _asRuns.Mds.Restart();
        _asRuns.Resume();
        List<Reply> again = [.. _asRuns.Say(moves with { Retry = true }).Concat(_asRuns.Say(new Reclaim([]))).OfType<Reply>().OrderBy(r => r.Tid)];
        Assert.Equal(there.Select(e => (e.Ino, answer.Made.CtimeNs)), again.Select(r => (r.Attributes[0].Ino.Value, r.Attributes[0].CtimeNs)));
        Assert.Empty(_asRuns.List());
    }

    private RequestRun Next(Random random)
    {
        List<FileName> names = [.. Names.Where(_ => random.Next(3) > 0)];
        if (names.Count == 0 || random.Next(5) == 0)
            names = [.. Enumerable.Range(0, 5).Select(_ => Names[random.Next(Names.Length)])];
        Caller caller = random.Next(4) == 0 ? Alice : Caller.Root;
        bool exclusive = random.Next(2) == 0;
        List<(FileName Name, ulong Ino)> there = _asRuns.List();
        int kind = random.Next(4);
        List<FsOperation> operations = kind < 2
            ? [.. names.Select(name => Create(name) with { Exclusive = exclusive })]
            : kind == 2 ? [.. names.Select(name => new TrashOperation(_asRuns.Dir, name, new InodeId(there.Find(e => e.Name == name).Ino is var ino and not 0 && random.Next(12) > 0 ? ino : 999)))]
            : [.. names.Select(name => new UnlinkOperation(_asRuns.Dir, name, new InodeId(random.Next(3) == 0 ? 0 : random.Next(12) == 0 ? 999 : there.Find(e => e.Name == name).Ino)))];
        long first = _asRuns.NextTid;
        Both(side => side.NextTid += operations.Count);
        return new RequestRun(first, Math.Max(1, first - 50), false, caller, operations);
    }

    /// <summary>What a run stumbles over: directories, hard links, symlinks, files with xattrs, a sticky directory, one of somebody else's.</summary>
    private void Disturb(Random random)
    {
        FileName name = Names[random.Next(Names.Length)];
        FileName other = Names[random.Next(Names.Length)];
        int what = random.Next(7);
        uint mode = (uint)(random.Next(3) switch { 0 => 0x1FF, 1 => 0x3FF, _ => 0x1ED });
        Both(side =>
        {
            FsOperation operation = what switch
            {
                0 => new MkdirOperation(side.Dir, name, 0x1ED),
                1 => new LinkOperation(new InodeAddress(side.Dir, other, InodeId.None), side.Dir, name),
                2 => new SymlinkOperation(side.Dir, name, [1, 2, 3]),
                3 => new SetXattrOperation(new InodeAddress(side.Dir, name, InodeId.None), "user.a"u8.ToArray(), [1], XattrMode.Either),
                4 => new SetAttrOperation(new InodeAddress(side.Dir, name, InodeId.None)) { Size = 77 },
                5 => new RmdirOperation(side.Dir, name, InodeId.None),
                _ => new SetAttrOperation(InodeAddress.ByNumber(side.Dir)) { Mode = mode },
            };
            side.Say(new Request(side.NextTid++, 1, false, Caller.Root, operation));
        });
    }

    private CreateOperation Create(FileName name) => new(_asRuns.Dir, name, 0x1A4, true);

    private void Both(Action<Side> action)
    {
        action(_asRuns);
        action(_oneByOne);
    }

    private void AssertAlike()
    {
        Assert.Equal(_oneByOne.Heard, _asRuns.Heard);
        Assert.Equal(_oneByOne.Overheard, _asRuns.Overheard);
        Assert.Equal(_oneByOne.State(), _asRuns.State());
        Both(side => side.Forget());
    }

    /// <summary>One MDS with its directory, the peer that changes it and, when it is watched, one that lists it. An answer to a writer that others watch is held until they have the change.</summary>
    private sealed class Side
    {
        private Peer _peer;
        private Peer? _watcher;
        private bool _refuse;

        /// <summary>By tid: in the answer of a run of moves to the trash the number is the one that was asked for.</summary>
        private readonly Dictionary<long, InodeId> _moved = [];

        public Side()
        {
            Dir = Mds.Make("dir");
            Mds.Engine.BeginGroup();
            Mds.Engine.Apply(Caller.Root, new SetAttrOperation(InodeAddress.ByNumber(Dir)) { Mode = 0x1FF });
            Mds.Engine.CommitGroup();
            _peer = new Peer(Mds, "peer");
            Mds.Store.RefuseCommit = () => _refuse && !(_refuse = false);
        }

        public MdsFixture Mds { get; } = new();

        public InodeId Dir { get; }

        public long NextTid { get; set; } = 1;

        /// <summary>Replies, in the order of their tids.</summary>
        public List<string> Heard { get; } = [];

        public List<string> Overheard { get; } = [];

        /// <param name="writerToo">The peer lists it as well: nobody is its only holder.</param>
        public void Watch(bool writerToo)
        {
            if (writerToo)
                _peer.Listed(Dir);
            _watcher = new Peer(Mds, "watcher");
            _watcher.List(Dir);
            foreach (CapRevoke revoke in _peer.Take<CapRevoke>())
                _peer.Say(new CapAck(Dir, revoke.Seq, CapBits.Shared));
            _watcher.Take();
            NextTid = 100; // The listing had the first.
        }

        public void RefuseOneCommit(bool refuse) => _refuse = refuse;

        public List<ServerMessage> Say(params ClientMessage[] messages)
        {
            foreach (RequestRun run in messages.OfType<RequestRun>().Where(r => r.Operations[0] is TrashOperation))
            {
                for (int i = 0; i < run.Count; i++)
                    _moved[run.FirstTid + i] = ((TrashOperation)run.Operations[i]).Ino;
            }
            _peer.Say(messages);
            if (_watcher is not null)
            {
                foreach (ServerMessage message in _watcher.Take().Where(m => m is DirectoryDelta or CapRevoke))
                {
                    Overheard.Add(message.ToString());
                    _watcher.Say(message is DirectoryDelta delta ? new DeltaAck(delta.Dir, delta.To) : new CapAck(Dir, ((CapRevoke)message).Seq, CapBits.Shared));
                }
            }
            List<ServerMessage> heard = _peer.Take();
            Heard.AddRange(heard.SelectMany<ServerMessage, Reply>(m => m is ReplyRun run ? Enumerable.Range(0, run.Count).Select(i => run[i]) : m is Reply reply ? [reply] : [])
                .OrderBy(r => r.Tid).Select(r => $"{r.Tid} {r.Errno} {string.Join(',', r.Changed)} {string.Join(',', r.Attributes.Select(a => a.Ino.IsNone ? a with { Ino = _moved[r.Tid] } : a))}"));
            return heard;
        }

        public void Resume()
        {
            SessionId id = _peer.Session.Id;
            _peer.Connect(id);
        }

        public List<(FileName Name, ulong Ino)> List() => [.. Entries().Select(e => (e.Name, e.Attributes.Ino.Value))];

        public string State()
        {
            Mds.Engine.TryGetDirectory(Dir, out InodeAttributes attributes, out DirectoryVersion version, out long entries);
            List<PurgeRow> purge = [];
            using INamespaceSnapshot snapshot = Mds.Store.OpenSnapshot();
            snapshot.ReadPurgeQueue(1000, purge);
            FileSystemStatistics totals = Mds.Engine.Apply(Caller.Root, new StatFsOperation()).Statistics!;
            IReadOnlyList<TrashEntry> trash = Mds.Engine.Apply(Caller.Root, new ListTrashOperation(null, ListTrashOperation.MaxCount, Everybody: true)).Trash;
            return string.Join('\n', [.. Entries().Select(e => $"{e.Name} {e.Attributes}"), $"{version} {entries} {attributes}", $"{totals}", .. purge.Select(p => p.ToString()),
                .. trash.Select(t => $"{t.Id} {t.Attributes} {t.Directory} {string.Join('/', t.Path)}")]);
        }

        public void Forget()
        {
            Heard.Clear();
            Overheard.Clear();
        }

        private List<DirectoryEntry> Entries()
        {
            List<DirectoryEntry> entries = [];
            Assert.Equal(FsErrno.Ok, Mds.Engine.OpenPages(Dir, default, null, out PageReader reader));
            using (reader)
            {
                while (reader.TryReadNext(out byte[] bytes))
                {
                    DirectoryPage page = DirectoryPage.TryOpen(bytes)!;
                    entries.AddRange(Enumerable.Range(0, page.Count).Select(page.Entry));
                }
            }
            return entries;
        }
    }
}
