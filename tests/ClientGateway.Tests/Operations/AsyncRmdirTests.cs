using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.ClientGateway.Tests.ScriptedMds;

namespace Capstan.ClientGateway.Tests.Operations;

public sealed class AsyncRmdirTests
{
    private readonly ScriptedMds _mds = new();

    public AsyncRmdirTests() => _mds.Open();

    [Fact]
    public void Add_ParentHeldAndVictimKnownEmpty_IsAsynchronousAndRefersToBoth()
    {
        List(CapBits.All, CapBits.All);
        TrackedOperation rmdir = _mds.Rmdir(Dir, "other", Other);
        Assert.True(rmdir.IsAsynchronous);
        Assert.Equal((1, 1), (References(Dir), References(Other)));
        _mds.Says(Ok(_mds.TidSent(), Dir, 1));
        Assert.Equal(OperationState.Done, rmdir.State);
        Assert.Equal((0, 0), (References(Dir), References(Other)));
        Assert.Null(_mds.Core.Directories.Find(Other)); // Nothing is kept of what is gone.
    }

    [Fact]
    public void Add_BehindAsynchronousUnlinksOfAllItsEntries_LeavesWithThem()
    {
        List(CapBits.All, CapBits.All, "x", "y");
        _mds.Unlink("x", dir: Other);
        _mds.Unlink("y", dir: Other);
        TrackedOperation rmdir = _mds.Rmdir(Dir, "other", Other);
        Assert.True(rmdir.IsAsynchronous);
        Assert.Equal(["UnlinkOperation", "UnlinkOperation", "RmdirOperation"], _mds.Sent<Request>().Select(r => r.Operation.GetType().Name));
    }

    [Fact]
    public void Add_AnEntryIsLeft_WaitsForTheOthersAndIsPipelined()
    {
        List(CapBits.All, CapBits.All, "x", "y");
        _mds.Unlink("x", dir: Other);
        long tid = _mds.TidSent();
        TrackedOperation rmdir = _mds.Rmdir(Dir, "other", Other);
        Assert.Equal(OperationState.Queued, rmdir.State);
        _mds.Says(Ok(tid, Other, 1));
        AssertFallback(FallbackReason.NotKnownEmpty, rmdir);
        Assert.Equal(0, References(Other));
    }

    [Fact]
    public void Add_ADeltaHasOvertakenTheReplyOfAnUnlink_IsNotTakenForEmpty()
    {
        List(CapBits.All, CapBits.All, "x", "y");
        _mds.Unlink("x", dir: Other);
        _mds.Says(Removed(Other, 1, "x")); // One entry is left, and one removal in flight: of another.
        Assert.Equal(OperationState.Queued, _mds.Rmdir(Dir, "other", Other).State);
    }

    [Theory]
    [InlineData(CapBits.Shared, CapBits.All)]
    [InlineData(CapBits.All, CapBits.Shared)]
    public void Add_ParentOrVictimIsShared_FallsBack(CapBits parent, CapBits victim)
    {
        List(parent, victim);
        AssertFallback(FallbackReason.NoExclusiveCap, _mds.Rmdir(Dir, "other", Other));
    }

    [Fact]
    public void Add_NothingIsKnownOfTheVictim_FallsBack()
    {
        _mds.List(Dir, CapBits.All, [("other", Directory(Other))]);
        AssertFallback(FallbackReason.NoExclusiveCap, _mds.Rmdir(Dir, "other", Other));
    }

    [Fact]
    public void Add_CallerMayNotWriteTheParent_IsRefusedAtOnce()
    {
        List(CapBits.All, CapBits.All);
        TrackedOperation rmdir = _mds.Core.Operations.Add(
            OperationKind.Rmdir, new Caller(1000, 1000, []), new RmdirOperation(Dir, Name("other"), Other), Dir, Name("other"), null, Other);
        Assert.Equal((OperationState.Failed, FsErrno.AccessDenied), (rmdir.State, rmdir.Errno));
    }

    [Fact]
    public void Revoke_OfTheVictim_IsAckedWhenTheRmdirHasEnded()
    {
        List(CapBits.All, CapBits.All);
        _mds.Rmdir(Dir, "other", Other);
        long tid = _mds.TidSent();
        CapRevoke revoke = _mds.Revoke(Other, CapBits.Shared);
        _mds.Says(revoke);
        Assert.Empty(_mds.Sent());
        _mds.Says(new Reply(tid, FsErrno.NotEmpty));
        Assert.Contains(new CapAck(Other, revoke.Seq, CapBits.Shared), _mds.Sent());
    }

    [Fact]
    public void Failed_AnUnlinkBeforeItFailed_BothAreReportedAndTheNameIsBack()
    {
        List(CapBits.All, CapBits.All, "x");
        _mds.Unlink("x", dir: Other);
        TrackedOperation rmdir = _mds.Rmdir(Dir, "other", Other);
        List<Request> sent = _mds.Sent<Request>();
        _mds.Says(new Reply(sent[0].Tid, FsErrno.Io), new Reply(sent[1].Tid, FsErrno.NotEmpty));
        Assert.Equal(FsErrno.NotEmpty, rmdir.Errno);
        Assert.Equal(2, _mds.Core.Counters.ErrorsAfterLocalSuccess);
        Assert.Equal((1, 1), (_mds.Core.Operations.ErrorSequence(Dir), _mds.Core.Operations.ErrorSequence(Other)));
        Assert.Equal(["other"], Names(_mds.Core.Directories.Find(Dir)!));
    }

    private void List(CapBits parent, CapBits victim, params string[] names)
    {
        _mds.List(Dir, parent, [("other", Directory(Other, names.Length))]);
        _mds.List(Other, victim, names);
    }

    private int References(InodeId dir) => _mds.Core.Caps.Find(dir)?.References ?? 0;

    private void AssertFallback(FallbackReason reason, TrackedOperation rmdir)
    {
        Assert.Equal((OperationState.Sent, false, reason), (rmdir.State, rmdir.IsAsynchronous, rmdir.Fallback));
        Assert.Equal(1, _mds.Core.Counters.Fallbacks[(int)reason]);
    }
}
