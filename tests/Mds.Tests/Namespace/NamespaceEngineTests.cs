using Capstan.Mds.Namespace;
using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Tests.Namespace;

public sealed class NamespaceEngineTests
{
    [Fact]
    public void Start_EachTime_BeginsANewEpoch_OfTheSameGeneration()
    {
        using EngineFixture fs = new();
        Guid generation = fs.Engine.Generation;
        Assert.Equal(new Epoch(1), fs.Engine.Start());
        fs.Reopen();
        Assert.Equal(new Epoch(2), fs.Engine.Start());
        Assert.Equal(new Epoch(2), fs.Engine.Epoch);
        Assert.Equal(generation, fs.Engine.Generation);
        Assert.NotEqual(Guid.Empty, generation);
    }

    [Fact]
    public void AbortGroup_UndoesEverything()
    {
        using EngineFixture fs = new();
        InodeId dir = fs.Mkdir(InodeId.Root, "d");
        InodeId file = fs.Create(dir, "f");
        SessionId session = new(Guid.NewGuid());
        fs.InGroup(() => fs.Engine.PutSession(session, "client"));
        InodeAttributes before = fs.StatDirectory(dir);
        fs.Engine.BeginGroup();
        Assert.True(fs.Engine.Apply(Caller.Root, new UnlinkOperation(dir, FileName.Create("f"), file)).IsOk);
        Assert.True(fs.Engine.Apply(Caller.Root, new MkdirOperation(dir, FileName.Create("x"), 0x1ED)).IsOk);
        fs.Engine.Complete(session, 7, default);
        fs.Engine.AbortGroup();
        Assert.Equal(before, fs.StatDirectory(dir));
        Assert.Equal(file, fs.Stat(dir, "f")!.Ino);
        Assert.False(fs.Engine.TryGetCompleted(session, 7, out _));
        fs.AssertClean();
    }

    [Fact]
    public void DiskFull_FailsTheGroup_AndLeavesTheTreeAsItWas()
    {
        using EngineFixture fs = new(maxPages: 60);
        InodeId dir = fs.Mkdir(InodeId.Root, "d");
        int committed = 0;
        StoreException? failure = null;
        while (failure is null)
        {
            try
            {
                fs.Engine.BeginGroup();
                for (int i = 0; i < 100; i++)
                    Assert.True(fs.Engine.Apply(Caller.Root, new CreateOperation(dir, FileName.Create($"file-{committed + i:D8}-with-a-name-of-some-length"), 0, true)).IsOk);
                fs.Engine.CommitGroup();
                committed += 100;
            }
            catch (StoreException full)
            {
                failure = full;
            }
        }
        Assert.Equal(FsErrno.NoSpace, failure.Errno);
        Assert.False(fs.Engine.InGroup);
        Assert.True(committed > 100);
        Assert.Equal(committed, fs.List(dir).Count);
        fs.AssertClean();
        // Deleting needs no room, and makes some.
        fs.InGroup(() =>
        {
            for (int i = 0; i < 100; i++)
                Assert.True(fs.Engine.Apply(Caller.Root, new UnlinkOperation(dir, FileName.Create($"file-{i:D8}-with-a-name-of-some-length"), InodeId.None)).IsOk);
        });
        Assert.Equal(FsErrno.Ok, fs.Do(new CreateOperation(dir, FileName.Create("again"), 0, true)).Errno);
        fs.AssertClean();
    }

    [Fact]
    public void Completed_OutlivesARestart_DownToTheOldestTid()
    {
        using EngineFixture fs = new();
        SessionId session = new(Guid.NewGuid()), other = new(Guid.NewGuid());
        InodeAttributes made = new() { Ino = new InodeId(33), Mode = 0x81A4, Uid = 1, Gid = 2, Nlink = 3, Size = 4, MtimeNs = -5, CtimeNs = 6, AtimeNs = 7, Xattrs = 8, Content = 9 };
        fs.InGroup(() =>
        {
            fs.Engine.PutSession(session, "gateway-1");
            fs.Engine.PutSession(other, "gateway-2");
        });
        fs.InGroup(() =>
        {
            foreach (long tid in new long[] { 12, 10, 11, 20 })
                fs.Engine.Complete(session, tid, default);
            fs.Engine.Complete(session, 15, new CompletedResult(made));
            fs.Engine.Complete(other, 10, default);
        });
        fs.InGroup(() => fs.Engine.Complete(session, 21, default));
        for (int round = 0; round < 2; round++)
        {
            Assert.Equal([10L, 11, 12, 15, 20, 21], Known());
            Assert.True(fs.Engine.TryGetCompleted(session, 15, out CompletedResult result));
            Assert.Equal(made, result.Attributes);
            fs.Reopen();
        }
        Assert.Equal(["gateway-1", "gateway-2"], fs.Engine.LoadSessions().Select(s => s.ClientName).Order());

        fs.Engine.TrimCompleted(session, 12);
        Assert.Equal([12L, 15, 20, 21], Known());
        fs.Engine.TrimCompleted(session, 21);
        fs.InGroup(() => fs.Engine.Complete(session, 22, default));
        fs.Reopen();
        Assert.Equal([21L, 22], Known());
        Assert.Equal(21, fs.Engine.LoadSessions().Single(s => s.Id == session).OldestTid);
        fs.InGroup(() => fs.Engine.RemoveSession(session));
        fs.Reopen();
        Assert.Empty(Known());
        Assert.True(fs.Engine.TryGetCompleted(other, 10, out _));

        IEnumerable<long> Known() => Enumerable.Range(0, 50).Select(tid => (long)tid).Where(tid => fs.Engine.TryGetCompleted(session, tid, out _)).ToArray();
    }

    [Fact]
    public void Trim_OfCompleted_WaitsForTheNextGroupThatCompletes()
    {
        using EngineFixture fs = new();
        SessionId session = new(Guid.NewGuid()), other = new(Guid.NewGuid());
        fs.InGroup(() =>
        {
            fs.Engine.PutSession(session, "gateway-1");
            fs.Engine.PutSession(other, "gateway-2");
        });
        fs.InGroup(() => fs.Engine.Complete(session, 10, default));
        long log = LogBytes();

        fs.InGroup(() => fs.Engine.TrimCompleted(session, 11));
        Assert.Equal(log, LogBytes());
        Assert.False(fs.Engine.TryGetCompleted(session, 10, out _));

        fs.InGroup(() => fs.Engine.Complete(other, 5, default));
        Assert.True(LogBytes() > log);
        fs.Reopen();
        Assert.False(fs.Engine.TryGetCompleted(session, 10, out _));

        long LogBytes() => new FileInfo(Path.Combine(fs.Options.DataDirectory, "namespace.db-wal")).Length;
    }

    [Fact]
    public void Store_CopiedInTheMiddleOfAGroup_HasTheGroupsBeforeIt()
    {
        using EngineFixture fs = new();
        using TemporaryDirectory copy = new();
        InodeId dir = fs.Mkdir(InodeId.Root, "d");
        for (int i = 0; i < 5; i++)
            fs.Create(dir, $"f{i}");
        fs.Engine.BeginGroup();
        for (int i = 0; i < 5000; i++)
            fs.Engine.Apply(Caller.Root, new CreateOperation(dir, FileName.Create($"x{i}"), 0, true));
        // What a kill leaves: the files as they are, the log included, and no goodbye.
        foreach (string file in Directory.GetFiles(fs.Options.DataDirectory))
            File.Copy(file, copy.Sub(Path.GetFileName(file)));
        fs.Engine.AbortGroup();

        using EngineFixture after = new();
        after.Options = new StoreOptions(copy.Path);
        after.Reopen();
        Assert.Equal(["f0", "f1", "f2", "f3", "f4"], after.List(dir).Select(e => e.Name.ToString()));
        after.AssertClean();
        Assert.DoesNotContain(after.Create(dir, "new"), after.List(dir).Where(e => e.Name.ToString() != "new").Select(e => e.Attributes.Ino));
    }
}
