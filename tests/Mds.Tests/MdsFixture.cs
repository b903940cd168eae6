using Capstan.Mds.Namespace;
using Capstan.Mds.Sessions;
using Capstan.Mds.Storage;
using Capstan.Mds.Storage.Sqlite;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Simulation;
using Capstan.TestKit;

namespace Capstan.Mds.Tests;

/// <summary>The rules of the MDS over a real store, with a clock that is moved by hand and peers that say what the test lets them say.</summary>
internal sealed class MdsFixture : IPagePump, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<PageStream> _streams = [];

    public MdsFixture()
    {
        Options = new MdsOptions { DataDirectory = _directory.Path };
        Start();
    }

    public MdsOptions Options { get; set; }

    public ManualTime Time { get; } = new();

    public RefusingStore Store { get; private set; } = null!;

    public NamespaceEngine Engine { get; private set; } = null!;

    public MdsCore Core { get; private set; } = null!;

    /// <summary>As a killed process that starts again: what was committed is there.</summary>
    public void Restart()
    {
        Store.Dispose();
        Start();
    }

    public StoreException? Group(Action action)
    {
        Core.Begin();
        action();
        return Core.Commit();
    }

    /// <summary>Before any session: a directory or file of the root.</summary>
    public InodeId Make(string name, bool directory = true, InodeId dir = default)
    {
        Engine.BeginGroup();
        InodeId at = dir.IsNone ? InodeId.Root : dir;
        OperationOutcome made = Engine.Apply(Caller.Root, directory ? new MkdirOperation(at, FileName.Create(name), 0x1ED) : new CreateOperation(at, FileName.Create(name), 0x1A4, true));
        Engine.CommitGroup();
        Assert.Equal(FsErrno.Ok, made.Errno);
        return made.Attributes[0].Ino;
    }

    public bool Exists(InodeId dir, string name) => Engine.Apply(Caller.Root, new LookupOperation(dir, [FileName.Create(name)], CapBits.None)).IsOk;

    public void PassTime(TimeSpan time)
    {
        Time.Advance(time);
        Core.Tick();
    }

    public void Start(PageStream stream) => _streams.Add(stream);

    public void RunPages() => EndPages(_streams.Count);

    /// <summary>The first <paramref name="count"/> listings under way bring their pages and end.</summary>
    public void EndPages(int count)
    {
        foreach (PageStream stream in _streams[..count])
        {
            while (stream.Step())
            {
            }
        }
        _streams.RemoveRange(0, count);
    }

    public void Dispose()
    {
        foreach (PageStream stream in _streams)
            stream.Dispose();
        Store.Dispose();
        _directory.Dispose();
    }

    private void Start()
    {
        Store = new RefusingStore(new SqliteNamespaceStore(new StoreOptions(_directory.Path) { CacheMegabytes = 4 }, Time));
        Engine = new NamespaceEngine(Store, Time);
        Core = new MdsCore(Options, Time, Engine, this);
    }
}
