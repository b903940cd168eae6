using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.ClientGateway.Tests.ScriptedMds;

namespace Capstan.ClientGateway.Tests.Operations;

public sealed class SecondDirectoryTests
{
    private readonly ScriptedMds _mds = new();

    public SecondDirectoryTests()
    {
        _mds.Open();
        _mds.List(Dir, CapBits.All, "a", "b", "c");
        _mds.List(Other, CapBits.All, "x", "y");
    }

    [Fact]
    public void Rmdir_WaitsForARenameIntoTheVictim()
    {
        _mds.Rename(Dir, "a", Other, "moved");
        long tid = _mds.TidSent();
        TrackedOperation rmdir = _mds.Rmdir(InodeId.Root, "other", Other);
        Assert.Equal(OperationState.Queued, rmdir.State);
        Assert.Single(_mds.Core.Operations.Live(Other));
        _mds.Says(new Reply(tid, FsErrno.Ok));
        Assert.Equal(OperationState.Sent, rmdir.State);
        Assert.Empty(_mds.Core.Operations.Live(Other));
    }
}
