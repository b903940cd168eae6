using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.ClientGateway.Tests.ScriptedMds;

namespace Capstan.ClientGateway.Tests.Operations;

public sealed class LateReferenceTests
{
    [Fact]
    public void Add_BeyondTheBound_NoReferenceIsTakenBeforeItIsSent()
    {
        ScriptedMds mds = new(new GatewayOptions { MaxInFlightPerDirectory = 1 });
        mds.Open();
        mds.List(Dir, CapBits.All, "a", "b");
        mds.Unlink("a");
        TrackedOperation second = mds.Unlink("b");
        Assert.Equal(OperationState.Queued, second.State);
        Assert.Equal(1, mds.Core.Caps.Find(Dir)!.References);

        long tid = mds.TidSent();
        CapRevoke revoke = mds.Revoke(Dir, CapBits.Shared);
        mds.Says(revoke, Ok(tid, Dir, 1));
        // The revoke waits for what was in flight, not for what was still to be sent.
        Assert.Contains(new CapAck(Dir, revoke.Seq, CapBits.Shared), mds.Sent());
        Assert.Equal(OperationState.Sent, second.State);
        Assert.False(second.IsAsynchronous);
    }
}
