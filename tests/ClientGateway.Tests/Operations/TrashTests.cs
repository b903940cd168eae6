using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.ClientGateway.Tests.ScriptedMds;

namespace Capstan.ClientGateway.Tests.Operations;

public sealed class TrashTests
{
    private readonly ScriptedMds _mds = new();

    public TrashTests() => _mds.Open();

    [Fact]
    public void MoveToTrash_EverythingHeld_IsAsynchronousAndTellsWhereItIs()
    {
        _mds.List(Dir, CapBits.All, "a", "b");
        TrackedJob job = _mds.Core.Operations.AddJob(JobKind.Trash, "Move 1 item to trash", Caller.Root, Dir, 1);
        TrackedOperation trash = _mds.Trash("a", 100, job);
        Assert.True(trash.IsAsynchronous);
        Assert.Null(trash.Trashed);
        _mds.Says(Ok(_mds.TidSent(), Dir, 1, File(100) with { CtimeNs = 77 }));
        Assert.Equal(["b"], Names(_mds.Core.Directories.Find(Dir)!));
        TrashPlace place = new(new TrashId(0, 77, new InodeId(100)), Dir, Name("a"));
        Assert.Equal(place, trash.Trashed);
        Assert.Equal([place], job.Trashed);
        Assert.Equal(0, _mds.Core.Caps.Find(Dir)!.References);
    }

    [Fact]
    public void MoveToTrash_OfMany_IsOneRunWhoseAnswerTellsWhereEachIs()
    {
        _mds.List(Dir, CapBits.All, "a", "b", "c", "d");
        TrackedJob job = _mds.Core.Operations.AddJob(JobKind.Trash, "Move 3 items to trash", Caller.Root, Dir, 3);
        foreach ((string name, ulong ino) in new[] { ("a", 100ul), ("b", 101ul), ("d", 103ul) })
            Assert.True(_mds.Trash(name, ino, job).IsAsynchronous);
        RequestRun run = Assert.IsType<RequestRun>(Assert.Single(_mds.Core.Session.TakeOutbox(), m => m is RequestRun or Request));
        Assert.Equal(3, run.Count);

        _mds.Says(new ReplyRun(run.FirstTid, 2, (Dir, new DirectoryVersion(1)), new InodeAttributes { Ino = InodeId.None, Mode = 0, CtimeNs = 77 }));
        Assert.Equal(["c", "d"], Names(_mds.Core.Directories.Find(Dir)!));
        _mds.Says(Ok(run.FirstTid + 2, Dir, 3, File(103) with { CtimeNs = 78 }));
        Assert.Equal(["c"], Names(_mds.Core.Directories.Find(Dir)!));
        Assert.Equal(
            [(100ul, 77L, "a"), (101, 77, "b"), (103, 78, "d")],
            job.Trashed.Select(p => (p.Id.Ino.Value, p.Id.RemovedNs, p.Name.ToString())));
        Assert.Equal(0, _mds.Core.Caps.Find(Dir)!.References);
    }

    [Fact]
    public void MoveToTrash_OfADirectory_WaitsForWhatIsInFlightInItAndIsPipelined()
    {
        _mds.List(Dir, CapBits.All, [("other", Directory(Other, 2))]);
        _mds.List(Other, CapBits.All, "x", "y");
        _mds.Unlink("x", dir: Other);
        long tid = _mds.TidSent();
        TrackedOperation trash = _mds.Trash("other", Other.Value);
        Assert.Equal(OperationState.Queued, trash.State);
        _mds.Says(Ok(tid, Other, 1));
        Assert.Equal((OperationState.Sent, false, FallbackReason.NameBusy), (trash.State, trash.IsAsynchronous, trash.Fallback));
        Assert.Equal(FallbackReason.IsDirectory, Alone().Fallback);

        static TrackedOperation Alone()
        {
            ScriptedMds mds = new();
            mds.Open();
            mds.List(Dir, CapBits.All, [("other", Directory(Other, 2))]);
            return mds.Trash("other", Other.Value);
        }
    }

    [Fact]
    public void MoveToTrash_SharedDirectory_IsPipelined()
    {
        _mds.List(Dir, CapBits.Shared, "a");
        Assert.Equal(FallbackReason.NoExclusiveCap, _mds.Trash("a", 100).Fallback);
    }

    [Fact]
    public void Restore_Done_TheRowIsBack()
    {
        _mds.List(Dir, CapBits.All, "b");
        TrashId id = new(0, 77, new InodeId(100));
        _mds.Core.Operations.Add(OperationKind.Restore, Caller.Root, new RestoreOperation(id, Dir, Name("a")), Dir, Name("a"), null, second: (InodeId.Trash, id.ToName()));
        TrackedOperation create = _mds.Create("a");
        Assert.Equal(OperationState.Queued, create.State); // Behind the restore of the same name.
        _mds.Says(Ok(_mds.TidSent(), Dir, 1, File(100)));
        Assert.Equal(["a", "b"], Names(_mds.Core.Directories.Find(Dir)!));
        Assert.Equal(OperationState.Sent, create.State);
    }

    [Fact]
    public void Lookup_OfANameOnItsWayToTheTrash_IsAbsent()
    {
        _mds.List(Dir, CapBits.All, "a");
        _mds.Says(_mds.Grant(InodeId.Root, CapBits.Shared, 1, 1));
        _mds.Core.Entries.Remember(_mds.Core.Directories.Find(InodeId.Root)!, Name("d"), Directory(Dir, 1));
        _mds.Trash("a", 100);
        PathWalk walk = new(_mds.Core, Caller.Root, [Name("d"), Name("a")]);
        Assert.Null(walk.Step());
        Assert.Equal(FsErrno.NoEntry, walk.Result!.Value.Errno);
    }
}
