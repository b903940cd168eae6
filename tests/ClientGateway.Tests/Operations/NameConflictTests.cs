using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.ClientGateway.Tests.ScriptedMds;

namespace Capstan.ClientGateway.Tests.Operations;

public sealed class NameConflictTests
{
    private readonly ScriptedMds _mds = new();

    public NameConflictTests()
    {
        _mds.Open();
        _mds.List(Dir, CapBits.All, "a", "b", "c");
        _mds.List(Other, CapBits.All, "x", "y");
    }

    [Fact]
    public void Create_BehindUnlinkOfTheSameName_WaitsForItsReply()
    {
        _mds.Unlink("a");
        long tid = _mds.TidSent();
        TrackedOperation create = _mds.Create("a");
        Assert.Equal(OperationState.Queued, create.State);
        Assert.Empty(_mds.Sent());
        _mds.Says(Ok(tid, Dir, 1));
        Assert.IsType<CreateOperation>(Assert.Single(_mds.Sent<Request>()).Operation);
    }

    [Fact]
    public void SecondUnlink_WaitsForTheFirst()
    {
        _mds.Unlink("a");
        long tid = _mds.TidSent();
        TrackedOperation second = _mds.Unlink("a");
        Assert.Equal(OperationState.Queued, second.State);
        _mds.Says(new Reply(tid, FsErrno.Io));
        Assert.Equal(OperationState.Sent, second.State);
    }

    [Fact]
    public void Rename_WaitsForBothNames()
    {
        _mds.Create("n1");
        _mds.Create("n2", Other);
        List<Request> sent = _mds.Sent<Request>();
        TrackedOperation rename = _mds.Rename(Dir, "n1", Other, "n2");
        TrackedOperation behind = _mds.Create("n2", Other);
        _mds.Says(Ok(sent[0].Tid, Dir, 1, File(300)));
        Assert.Equal(OperationState.Queued, rename.State);
        _mds.Says(Ok(sent[1].Tid, Other, 1, File(301)));
        Assert.Equal(OperationState.Sent, rename.State);
        Assert.Equal(OperationState.Queued, behind.State);
        _mds.Says(new Reply(_mds.TidSent(), FsErrno.Ok));
        Assert.Equal(OperationState.Sent, behind.State);
    }

    [Fact]
    public void Rmdir_WaitsForEveryOperationOfTheVictim_NotForThoseBesideIt()
    {
        _mds.Unlink("x", dir: Other);
        _mds.Create("new", Other);
        _mds.Unlink("a");
        List<Request> sent = _mds.Sent<Request>();
        TrackedOperation rmdir = _mds.Rmdir(Dir, "other", Other);
        _mds.Says(Ok(sent[0].Tid, Other, 1));
        Assert.Equal(OperationState.Queued, rmdir.State);
        _mds.Says(Ok(sent[1].Tid, Other, 2, File(300)));
        Assert.Equal(OperationState.Sent, rmdir.State);
        Assert.False(rmdir.IsAsynchronous);
    }

    [Theory]
    [InlineData(OperationKind.Rename)]
    [InlineData(OperationKind.Link)]
    public void RenameAndLink_WaitForEveryOperationOfBothDirectories(OperationKind kind)
    {
        _mds.Unlink("a");
        _mds.Unlink("x", dir: Other);
        List<Request> sent = _mds.Sent<Request>();
        TrackedOperation waits = kind == OperationKind.Rename ? _mds.Rename(Dir, "b", Other, "new") : _mds.Link(Dir, "b", Other, "new");
        _mds.Says(Ok(sent[0].Tid, Dir, 1));
        Assert.Equal(OperationState.Queued, waits.State);
        _mds.Says(Ok(sent[1].Tid, Other, 1));
        Assert.Equal(OperationState.Sent, waits.State);
    }

    [Fact]
    public void Rename_OfADirectory_WaitsForEveryOperationInIt()
    {
        _mds.Unlink("x", dir: Other);
        long tid = _mds.TidSent();
        TrackedOperation rename = _mds.Rename(Dir, "other", Dir, "renamed", Other);
        Assert.Equal(OperationState.Queued, rename.State);
        _mds.Says(Ok(tid, Other, 1));
        Assert.Equal(OperationState.Sent, rename.State);
    }

    [Theory]
    [InlineData(OperationKind.Create)]
    [InlineData(OperationKind.Mkdir)]
    [InlineData(OperationKind.Symlink)]
    [InlineData(OperationKind.Link)]
    [InlineData(OperationKind.Rename)]
    [InlineData(OperationKind.Unlink)]
    public void OnANameWithOneInFlight_Waits_AndOnAnotherNameDoesNot(OperationKind kind)
    {
        _mds.Unlink("a");
        long tid = _mds.TidSent();
        TrackedOperation waits = Ask("a"), free = Ask("free");
        Assert.Equal(OperationState.Queued, waits.State);
        if (kind is not (OperationKind.Link or OperationKind.Rename)) // Those wait for the whole directory.
            Assert.Equal(OperationState.Sent, free.State);
        _mds.Says(Ok(tid, Dir, 1));
        Assert.Equal(OperationState.Sent, waits.State);

        TrackedOperation Ask(string name) => kind switch
        {
            OperationKind.Create => _mds.Create(name),
            OperationKind.Mkdir => _mds.Make(kind, new MkdirOperation(Dir, Name(name), 0x1ED), name),
            OperationKind.Symlink => _mds.Make(kind, new SymlinkOperation(Dir, Name(name), [1]), name),
            OperationKind.Link => _mds.Link(Other, "x", Dir, name),
            OperationKind.Rename => _mds.Rename(Other, "y", Dir, name),
            _ => _mds.Unlink(name),
        };
    }

    [Fact]
    public void Walk_OverANameThatIsBeingMade_WaitsForIt()
    {
        TrackedOperation create = _mds.Create("new");
        long tid = _mds.TidSent();
        _mds.Says(_mds.Grant(InodeId.Root, CapBits.Shared, 1, 1));
        _mds.Core.Entries.Remember(_mds.Core.Directories.Find(InodeId.Root)!, Name("d"), Directory(Dir, 3));
        PathWalk walk = new(_mds.Core, Caller.Root, [Name("d"), Name("new")]);
        Assert.Same(create.Completion, walk.Step());
        _mds.Says(Ok(tid, Dir, 1, File(300)));
        Assert.Null(walk.Step());
        Assert.Equal(new InodeId(300), walk.Result!.Value.Value!.Attributes.Ino);
    }

    [Fact]
    public void Lookup_OfANameUnderAnAsynchronousUnlink_IsAbsentWhateverWaitsBehindIt()
    {
        _mds.Says(_mds.Grant(InodeId.Root, CapBits.Shared, 1, 1));
        _mds.Core.Entries.Remember(_mds.Core.Directories.Find(InodeId.Root)!, Name("d"), Directory(Dir, 3));
        _mds.Unlink("a");
        _mds.Unlink("a");
        PathWalk walk = new(_mds.Core, Caller.Root, [Name("d"), Name("a")]);
        Assert.Null(walk.Step());
        Assert.Equal(FsErrno.NoEntry, walk.Result!.Value.Errno);

        TrackedOperation create = _mds.Create("a");
        _mds.Unlink("a");
        Assert.Same(create.Completion, new PathWalk(_mds.Core, Caller.Root, [Name("d"), Name("a")]).Step());
    }

    [Fact]
    public void Lookup_OfANameUnderAnAsynchronousUnlink_IsAbsent()
    {
        _mds.Says(_mds.Grant(InodeId.Root, CapBits.Shared, 1, 1));
        _mds.Core.Entries.Remember(_mds.Core.Directories.Find(InodeId.Root)!, Name("d"), Directory(Dir, 3));
        _mds.Unlink("a");
        PathWalk walk = new(_mds.Core, Caller.Root, [Name("d"), Name("a")]);
        Assert.Null(walk.Step());
        Assert.Equal(FsErrno.NoEntry, walk.Result!.Value.Errno);
    }
}
