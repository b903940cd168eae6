using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.ClientGateway.Tests.ScriptedMds;

namespace Capstan.ClientGateway.Tests.Session;

public sealed class CloseTests
{
    [Fact]
    public void Close_SentAndQueuedAndBlocked_AllFail()
    {
        ScriptedMds mds = new();
        mds.Open(maxInFlight: 1);
        TrackedOperation[] all = [mds.Create("a"), mds.Create("b"), mds.Create("a"), mds.Create("b")];
        mds.Core.Close();
        Assert.All(all, o => Assert.Equal((OperationState.Failed, FsErrno.NotConnected), (o.State, o.Errno)));
        Assert.Equal(0, mds.Core.Operations.PendingCount);
        Assert.Empty(mds.Core.Operations.Live(Dir));
    }
}
