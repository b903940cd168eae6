using Capstan.Mds.Admin;
using Capstan.Mds.Namespace;
using Capstan.Mds.Storage;
using Capstan.Mds.Storage.Sqlite;
using Capstan.Shared;
using Capstan.TestKit;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.Mds.Tests;

/// <summary>An engine over a store in a temporary directory, with the operations in short.</summary>
internal sealed class EngineFixture : IDisposable
{
    public static readonly Caller Alice = new(1000, 1000, [1000, 50]);
    public static readonly Caller Bob = new(1001, 1001, []);

    private readonly TemporaryDirectory _directory = new();

    public EngineFixture(long maxPages = 0)
    {
        Options = new StoreOptions(_directory.Path) { CacheMegabytes = 16, MaxPages = maxPages };
        Open();
    }

    public StoreOptions Options { get; set; }

    public ManualTime Time { get; } = new();

    public SqliteNamespaceStore Store { get; private set; } = null!;

    public NamespaceEngine Engine { get; private set; } = null!;

    public void Open()
    {
        Store = new SqliteNamespaceStore(Options, Time);
        Engine = new NamespaceEngine(Store, Time, () => (1_000, 2_000));
    }

    public void Reopen()
    {
        Store.Dispose();
        Open();
    }

    /// <summary>One operation in a group of its own.</summary>
    public OperationOutcome Do(FsOperation operation, Caller? caller = null)
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        Engine.BeginGroup();
        OperationOutcome outcome = Engine.Apply(caller ?? Caller.Root, operation);
        Engine.CommitGroup();
        return outcome;
    }

    public void InGroup(Action action)
    {
        Engine.BeginGroup();
        action();
        Engine.CommitGroup();
    }

    public InodeAttributes Ok(FsOperation operation, Caller? caller = null)
    {
        OperationOutcome outcome = Do(operation, caller);
        Assert.Equal(FsErrno.Ok, outcome.Errno);
        return outcome.Attributes.Count > 0 ? outcome.Attributes[^1] : new InodeAttributes { Ino = InodeId.None, Mode = 0 };
    }

    public InodeId Create(InodeId dir, string name, uint mode = 0x1A4) => Ok(new CreateOperation(dir, FileName.Create(name), mode, true)).Ino;

    public InodeId Mkdir(InodeId dir, string name, uint mode = 0x1ED) => Ok(new MkdirOperation(dir, FileName.Create(name), mode)).Ino;

    public InodeId Link(InodeId dir, string name, InodeId toDir, string toName) =>
        Ok(new LinkOperation(At(dir, name), toDir, FileName.Create(toName))).Ino;

    public OperationOutcome Unlink(InodeId dir, string name) => Do(new UnlinkOperation(dir, FileName.Create(name), InodeId.None));

    public OperationOutcome Rename(InodeId dir, string name, InodeId toDir, string toName, bool noReplace = false) =>
        Do(new RenameOperation(At(dir, name), toDir, FileName.Create(toName), noReplace));

    public InodeAttributes? Stat(InodeId dir, string name)
    {
        OperationOutcome outcome = Engine.Apply(Caller.Root, new LookupOperation(dir, [FileName.Create(name)], CapBits.None));
        return outcome.IsOk ? outcome.Attributes[0] : null;
    }

    public InodeAttributes StatDirectory(InodeId dir)
    {
        Assert.True(Engine.TryGetDirectory(dir, out InodeAttributes attributes, out _, out _));
        return attributes;
    }

    public static InodeAddress At(InodeId dir, string name) => new(dir, FileName.Create(name), InodeId.None);

    public List<DirectoryPage> Pages(InodeId dir, FileName after = default, long? rank = null)
    {
        Assert.Equal(FsErrno.Ok, Engine.OpenPages(dir, after, rank, out PageReader reader));
        using (reader)
        {
            List<DirectoryPage> pages = [];
            while (reader.TryReadNext(out byte[] bytes))
                pages.Add(DirectoryPage.TryOpen(bytes) ?? throw new InvalidOperationException("Not a page."));
            return pages;
        }
    }

    public List<DirectoryEntry> List(InodeId dir) =>
        Pages(dir).SelectMany(page => Enumerable.Range(0, page.Count).Select(page.Entry)).ToList();

    public void AssertClean()
    {
        CheckReport report = new Checker(Store, null).Run();
        Assert.True(report.IsClean, string.Join('\n', report.Findings));
    }

    public void Dispose()
    {
        Store.Dispose();
        _directory.Dispose();
    }
}
