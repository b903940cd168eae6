using Capstan.ClientGateway.Directories;
using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;
using Capstan.TestKit;

namespace Capstan.ClientGateway.Tests;

/// <summary>A gateway core without IO, and the words of an MDS as the test says them. Directory 10 with its listing is what most tests need.</summary>
internal sealed class ScriptedMds
{
    public static readonly InodeId Dir = new(10);
    public static readonly InodeId Other = new(11);
    public static readonly SessionId Session = new(new Guid("11111111-1111-1111-1111-111111111111"));

    private readonly Dictionary<InodeId, long> _seqs = [];

    public ScriptedMds(GatewayOptions? options = null)
    {
        Options = options ?? new GatewayOptions { ClientName = "test" };
        Core = new GatewayCore(Options, Time);
    }

    public GatewayOptions Options { get; }

    public ManualTime Time { get; } = new();

    public GatewayCore Core { get; }

    public Epoch Epoch { get; set; } = new(1);

    /// <summary>Everything the gateway has sent since the last look, requests of a run one by one.</summary>
    public List<ClientMessage> Sent() =>
        [.. Core.Session.TakeOutbox().SelectMany<ClientMessage, ClientMessage>(m => m is RequestRun run ? Enumerable.Range(0, run.Count).Select(i => run[i]) : [m])];

    public List<T> Sent<T>()
        where T : ClientMessage => [.. Sent().OfType<T>()];

    public void Says(params ServerMessage[] messages)
    {
        foreach (ServerMessage message in messages)
            Core.Receive(message);
    }

    public SessionOpened Opened(bool resumed = false, SessionId? id = null, int maxInFlight = 1000, bool asyncUnlink = true) =>
        new(id ?? Session, Epoch, TimeSpan.FromSeconds(60), Guid.Empty, resumed, maxInFlight, asyncUnlink);

    public void Open(bool asyncUnlink = true, int maxInFlight = 1000)
    {
        Core.Connected();
        Says(Opened(maxInFlight: maxInFlight, asyncUnlink: asyncUnlink), new Reclaimed());
        Sent();
    }

    /// <summary>Cuts the connection, comes back, and leaves what the gateway says up to its reclaim.</summary>
    public List<ClientMessage> Reconnect(bool resumed = true, SessionId? id = null)
    {
        Core.Disconnected();
        Core.Connected();
        Assert.IsType<SessionOpen>(Assert.Single(Sent()));
        Says(Opened(resumed, id));
        return Sent();
    }

    public long NextSeq(InodeId dir) => _seqs[dir] = _seqs.GetValueOrDefault(dir) + 1;

    public CapGrant Grant(InodeId dir, CapBits bits, long version = 1, long entries = 0, uint mode = 0x1ED) =>
        new(dir, bits, NextSeq(dir), new DirectoryVersion(version), Directory(dir, entries, mode));

    public CapRevoke Revoke(InodeId dir, CapBits keep) => new(dir, keep, NextSeq(dir));

    /// <summary>A complete listing under <paramref name="bits"/>, as a readdir brings it.</summary>
    public DirectoryState List(InodeId dir, CapBits bits, params string[] names) => List(dir, bits, [.. names.Select((name, i) => (name, File((ulong)(100 + i))))]);

    public DirectoryState List(InodeId dir, CapBits bits, (string Name, InodeAttributes Attributes)[] entries)
    {
        DirectoryState directory = Core.Directories.GetOrAdd(dir);
        RangeWaiter waiter = Core.Directories.Demand(directory, Caller.Root, 0, 1);
        Request request = Sent<Request>().Single(r => r.Operation is ReaddirOperation);
        if (bits != CapBits.None)
            Says(Grant(dir, bits, 1, entries.Length));
        Says(new PageMessage(request.Tid, Page(dir, 1, 0, entries.Length, true, entries)), EndOfListing(request.Tid, dir, 1, entries.Length));
        Assert.True(waiter.Done.IsCompleted);
        return directory;
    }

    public Reply EndOfListing(long tid, InodeId dir, long version, long entries) =>
        new(tid, FsErrno.Ok) { Version = new DirectoryVersion(version), Attributes = [Directory(dir, entries)] };

    public byte[] Page(InodeId dir, long version, long firstRank, long total, bool last, params (string Name, InodeAttributes Attributes)[] entries)
    {
        DirectoryPageBuilder builder = new();
        foreach ((string name, InodeAttributes attributes) in entries)
            Assert.True(builder.TryAdd(Name(name).Span, PageRow.Of(attributes)));
        return builder.Build(new PageHeader(Epoch, dir, new DirectoryVersion(version), firstRank, total, last));
    }

    public TrackedOperation Unlink(string name, ulong ino = 0, InodeId? dir = null, Caller? caller = null, TrackedJob? job = null)
    {
        InodeId at = dir ?? Dir;
        InodeId victim = ino != 0 ? new InodeId(ino)
            : Core.Directories.Find(at) is { } known && known.TryFind(Name(name), out PageRow row) ? row.Ino : new InodeId(999);
        return Core.Operations.Add(OperationKind.Unlink, caller ?? Caller.Root, new UnlinkOperation(at, Name(name), victim), at, Name(name), job, victim);
    }

    public TrackedOperation Trash(string name, ulong ino, TrackedJob? job = null) => Core.Operations.Add(
        OperationKind.Trash, Caller.Root, new TrashOperation(Dir, Name(name), new InodeId(ino)), Dir, Name(name), job, new InodeId(ino));

    public TrackedOperation Create(string name, InodeId? dir = null) =>
        Core.Operations.Add(OperationKind.Create, Caller.Root, new CreateOperation(dir ?? Dir, Name(name), 0x1A4, true), dir ?? Dir, Name(name), null);

    public TrackedOperation Rmdir(InodeId parent, string name, InodeId victim) =>
        Core.Operations.Add(OperationKind.Rmdir, Caller.Root, new RmdirOperation(parent, Name(name), victim), parent, Name(name), null, victim);

    public TrackedOperation Rename(InodeId from, string name, InodeId to, string newName, InodeId moved = default) => Core.Operations.Add(
        OperationKind.Rename, Caller.Root, new RenameOperation(new InodeAddress(from, Name(name), moved), to, Name(newName), false), from, Name(name), null, moved, (to, Name(newName)));

    public TrackedOperation Link(InodeId from, string name, InodeId to, string newName) => Core.Operations.Add(
        OperationKind.Link, Caller.Root, new LinkOperation(new InodeAddress(from, Name(name), InodeId.None), to, Name(newName)), to, Name(newName), null, second: (from, Name(name)));

    public TrackedOperation Make(OperationKind kind, FsOperation request, string name) => Core.Operations.Add(kind, Caller.Root, request, Dir, Name(name), null);

    /// <summary>Tid of the one request sent since the last look.</summary>
    public long TidSent() => Assert.Single(Sent<Request>()).Tid;

    /// <summary>The reply of a sole holder's own change of a directory at <paramref name="from"/>.</summary>
    public static Reply Ok(long tid, InodeId dir, long from, InodeAttributes? result = null) => new(tid, FsErrno.Ok)
    {
        Changed = [new VersionSpan(dir, new DirectoryVersion(from), new DirectoryVersion(from + 1))],
        Attributes = result is null ? [] : [result],
    };

    public static DirectoryDelta Removed(InodeId dir, long from, string name) =>
        new(dir, new DirectoryVersion(from), new DirectoryVersion(from + 1), DeltaKind.Removed, Name(name), null);

    public static DirectoryDelta Added(InodeId dir, long from, string name, ulong ino) =>
        new(dir, new DirectoryVersion(from), new DirectoryVersion(from + 1), DeltaKind.Added, Name(name), File(ino));

    public static FileName Name(string name) => FileName.Create(name);

    public static InodeAttributes File(ulong ino, uint nlink = 1, uint xattrs = 0) =>
        new() { Ino = new InodeId(ino), Mode = InodeAttributes.ModeOf(FileKind.File, 0x1A4), Nlink = nlink, Xattrs = xattrs };

    public static InodeAttributes Directory(InodeId ino, long entries = 0, uint mode = 0x1ED) =>
        new() { Ino = ino, Mode = InodeAttributes.ModeOf(FileKind.Directory, mode), Nlink = 2, Size = entries };

    public static List<string> Names(DirectoryState directory)
    {
        List<(FileName Name, PageRow Row)> rows = [];
        Assert.True(directory.Read(0, int.MaxValue, rows), "the listing is not complete");
        return [.. rows.Select(r => r.Name.ToString())];
    }
}
