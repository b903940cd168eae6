using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.ClientGateway.Tests.ScriptedMds;

namespace Capstan.ClientGateway.Tests.Operations;

public sealed class BoundsTests
{
    [Fact]
    public void Session_InFlightIsBounded_TheRestFollowsInOrder()
    {
        ScriptedMds mds = new();
        mds.Open(maxInFlight: 2);
        TrackedOperation[] all = [.. "abcd".Select(c => mds.Create(c.ToString()))];
        List<Request> sent = mds.Sent<Request>();
        Assert.Equal(2, sent.Count);
        Assert.Equal(2, mds.Core.Session.InFlight);
        mds.Says(new Reply(sent[1].Tid, FsErrno.Exists));
        Assert.Equal("c", ((CreateOperation)Assert.Single(mds.Sent<Request>()).Operation).Name.ToString());
        Assert.Equal(OperationState.Queued, all[3].State);
    }

    [Fact]
    public void Directory_InFlightIsBounded_OtherDirectoriesGoOn()
    {
        ScriptedMds mds = new(new GatewayOptions { MaxInFlightPerDirectory = 1 });
        mds.Open();
        TrackedOperation first = mds.Create("a"), second = mds.Create("b"), elsewhere = mds.Create("a", Other);
        Assert.Equal([OperationState.Sent, OperationState.Queued, OperationState.Sent], [first.State, second.State, elsewhere.State]);
        mds.Says(new Reply(mds.Sent<Request>()[0].Tid, FsErrno.Exists));
        Assert.Equal(OperationState.Sent, second.State);
    }

    [Fact]
    public void Directory_HeldOperations_GoOnWhenTheirDirectoryEmptiedBeforeTheSessionWasOpenAgain()
    {
        ScriptedMds mds = new(new GatewayOptions { MaxInFlightPerDirectory = 1 });
        mds.Open();
        mds.Create("a");
        TrackedOperation held = mds.Create("b");
        long tid = mds.TidSent();
        mds.Reconnect();
        mds.Says(new Reply(tid, FsErrno.Exists), new Reclaimed());
        Assert.Equal(OperationState.Sent, held.State);
    }

    [Fact]
    public void Session_FullOfReads_OperationsGoOnWhenOneIsAnswered()
    {
        ScriptedMds mds = new();
        mds.Open(maxInFlight: 1);
        long tid = mds.Core.Session.Send(Caller.Root, new StatFsOperation(), new ReadCall());
        TrackedOperation create = mds.Create("a");
        Assert.Equal(OperationState.Queued, create.State);
        mds.Says(new Reply(tid, FsErrno.Ok));
        Assert.Equal(OperationState.Sent, create.State);

        long abandoned = mds.Core.Session.Send(Caller.Root, new StatFsOperation(), new ReadCall());
        TrackedOperation second = mds.Create("b");
        mds.Says(new Reply(mds.Sent<Request>()[1].Tid, FsErrno.Exists));
        mds.Core.Abandon(abandoned);
        Assert.Equal(OperationState.Sent, second.State);
    }

    [Fact]
    public void Session_ReadsBeyondTheCredit_WaitForIt()
    {
        ScriptedMds mds = new();
        mds.Open(maxInFlight: 2);
        long[] tids = [.. Enumerable.Range(0, 4).Select(_ => mds.Core.Session.Send(Caller.Root, new StatFsOperation(), new ReadCall()))];
        Assert.Equal(tids[..2], mds.Sent<Request>().Select(r => r.Tid));
        mds.Core.Abandon(tids[0]); // The MDS still has it.
        Assert.Empty(mds.Sent<Request>());
        mds.Says(new Reply(tids[0], FsErrno.Ok));
        Assert.Equal(tids[2], Assert.Single(mds.Sent<Request>()).Tid);
        mds.Reconnect();
        mds.Says(new Reclaimed());
        Assert.Equal(tids[1..], mds.Sent<Request>().Select(r => r.Tid));
    }

    [Fact]
    public void Cancel_OfQueued_IsNeverSent()
    {
        ScriptedMds mds = new();
        mds.Open(maxInFlight: 1);
        TrackedJob job = mds.Core.Operations.AddJob(JobKind.Delete, "Delete 3 items", Caller.Root, Dir, 3);
        TrackedOperation[] all = [.. "abc".Select(c => mds.Unlink(c.ToString(), job: job))];
        job.Cancel();
        Assert.Equal([OperationState.Sent, OperationState.Cancelled, OperationState.Cancelled], all.Select(o => o.State));
        long tid = mds.TidSent();
        mds.Says(new Reply(tid, FsErrno.NoEntry));
        Assert.Empty(mds.Sent());
        Assert.True(job.IsFinished);
        Assert.Equal((0, 1, 2), (job.Done, job.Failed, job.Cancelled));
    }
}
