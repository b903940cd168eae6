using Capstan.ClientGateway.Directories;
using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.ClientGateway.Tests.ScriptedMds;

namespace Capstan.ClientGateway.Tests.Operations;

public sealed class FailureTests
{
    private readonly ScriptedMds _mds = new();
    private readonly DirectoryState _directory;

    public FailureTests()
    {
        _mds.Open();
        _directory = _mds.List(Dir, CapBits.All, "a", "b");
    }

    [Fact]
    public void Done_TheRowIsGoneAndNothingIsLeft()
    {
        _mds.Unlink("a");
        _mds.Says(Ok(_mds.TidSent(), Dir, 1));
        Assert.Equal(["b"], Names(_directory));
        Assert.Null(_mds.Core.Operations.Find(Dir, Name("a")));
        Assert.Empty(_mds.Core.Operations.Shown);
        Assert.Equal(0, _mds.Core.Caps.Find(Dir)!.References);
    }

    [Fact]
    public void Failed_TheRowIsBackWithItsErrnoUntilDismissed()
    {
        TrackedOperation unlink = _mds.Unlink("a");
        _mds.Says(new Reply(_mds.TidSent(), FsErrno.Io));
        Assert.Equal((OperationState.Failed, FsErrno.Io), (unlink.State, unlink.Errno));
        Assert.Equal(["a", "b"], Names(_directory));
        Assert.Null(_mds.Core.Operations.FindPending(Dir, Name("a")));
        Assert.Same(unlink, _mds.Core.Operations.Find(Dir, Name("a")));
        Assert.Equal((0, 1), (_mds.Core.Operations.PendingCount, _mds.Core.Operations.FailedCount));
        Assert.Equal(1, _mds.Core.Counters.ErrorsAfterLocalSuccess);

        _mds.Core.Operations.Dismiss(unlink);
        Assert.Null(_mds.Core.Operations.Find(Dir, Name("a")));
        Assert.Empty(_mds.Core.Operations.Shown);
        Assert.Equal(0, _mds.Core.Operations.FailedCount);
    }

    [Fact]
    public void Failed_SameNameAgain_TheNewOperationTakesItsPlace()
    {
        TrackedOperation failed = _mds.Unlink("a");
        _mds.Says(new Reply(_mds.TidSent(), FsErrno.Io));
        TrackedOperation again = _mds.Unlink("a");
        Assert.True(again.IsAsynchronous);
        Assert.Equal([again], _mds.Core.Operations.Shown);
        Assert.NotSame(failed, again);
    }

    [Fact]
    public void Failed_TheDirectoryRecordsIt_EachObserverIsToldOnce()
    {
        long one = _mds.Core.Operations.ErrorSequence(Dir);
        _mds.Unlink("a");
        _mds.Says(new Reply(_mds.TidSent(), FsErrno.Io));
        Assert.Equal(one + 1, _mds.Core.Operations.ErrorSequence(Dir));
        Assert.Equal(FsErrno.Io, _mds.Core.Operations.LastError(Dir));
        _mds.Unlink("b");
        _mds.Says(Ok(_mds.TidSent(), Dir, 1));
        Assert.Equal(one + 1, _mds.Core.Operations.ErrorSequence(Dir));
    }

    [Fact]
    public void Live_IsEveryOperationOfTheDirectory()
    {
        TrackedOperation a = _mds.Unlink("a"), b = _mds.Unlink("b");
        Assert.Equal([a, b], _mds.Core.Operations.Live(Dir).OrderBy(o => o.Id));
        List<Request> sent = _mds.Sent<Request>();
        _mds.Says(Ok(sent[1].Tid, Dir, 1));
        Assert.Equal([a], _mds.Core.Operations.Live(Dir));
    }

    [Fact]
    public void Failed_OutcomeUnknown_TheListingIsSuspectAtOnce()
    {
        _mds.Unlink("a");
        _mds.Says(new SessionEvicted("gone"));
        Assert.False(_directory.IsKnown);
    }

    [Fact]
    public void Reply_OvertakenByADelta_ChangesNothing()
    {
        _mds.Unlink("a");
        long tid = _mds.TidSent();
        _mds.Says(Removed(Dir, 1, "a"), Ok(tid, Dir, 1));
        Assert.Equal(["b"], Names(_directory));
        Assert.Equal(1, _directory.Total);
    }
}
