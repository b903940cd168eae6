using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.ClientGateway.Tests.ScriptedMds;

namespace Capstan.ClientGateway.Tests.Operations;

public sealed class CancelTests
{
    private readonly ScriptedMds _mds = new();

    public CancelTests()
    {
        _mds.Open();
        _mds.List(Dir, CapBits.All, "a", "b", "c");
    }

    [Fact]
    public void Cancel_OfAnOperationInTheMiddle_ThoseBehindItStillWaitForTheFirst()
    {
        TrackedOperation unlink = _mds.Unlink("a");
        long tid = _mds.TidSent();
        TrackedOperation second = _mds.Unlink("a");
        TrackedOperation create = _mds.Create("a");
        Assert.True(_mds.Core.Operations.TryCancel(second));
        Assert.Equal(OperationState.Queued, create.State);
        _mds.Says(Ok(tid, Dir, 1));
        Assert.Equal(OperationState.Done, unlink.State);
        Assert.Equal(OperationState.Sent, create.State);
    }

    [Fact]
    public void Cancel_OfTheLatest_TheNameIsStillBusy()
    {
        TrackedOperation unlink = _mds.Unlink("a");
        _mds.Sent();
        TrackedOperation second = _mds.Unlink("a");
        Assert.True(_mds.Core.Operations.TryCancel(second));
        Assert.Same(unlink, _mds.Core.Operations.FindPending(Dir, Name("a")));
        Assert.Equal(OperationState.Queued, _mds.Create("a").State);
    }

    [Fact]
    public void Rename_OntoItsOwnName_LeavesNoClaim()
    {
        TrackedOperation rename = _mds.Rename(Dir, "a", Dir, "a");
        _mds.Says(new Reply(_mds.TidSent(), FsErrno.Exists));
        Assert.Equal(OperationState.Failed, rename.State);
        Assert.Null(_mds.Core.Operations.FindPending(Dir, Name("a")));
    }

    [Fact]
    public void Cancel_OfWhatWasSent_IsRefused()
    {
        TrackedOperation unlink = _mds.Unlink("a");
        Assert.False(_mds.Core.Operations.TryCancel(unlink));
        Assert.Equal(OperationState.Sent, unlink.State);
    }
}
