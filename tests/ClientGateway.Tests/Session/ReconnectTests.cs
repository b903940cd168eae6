using Capstan.ClientGateway.Caps;
using Capstan.ClientGateway.Directories;
using Capstan.ClientGateway.Operations;
using Capstan.ClientGateway.Session;
using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.ClientGateway.Tests.ScriptedMds;

namespace Capstan.ClientGateway.Tests.Session;

public sealed class ReconnectTests
{
    private static readonly SessionId Another = new(new Guid("22222222-2222-2222-2222-222222222222"));

    private readonly ScriptedMds _mds = new();

    public ReconnectTests() => _mds.Open();

    [Fact]
    public void Reconnect_UnansweredMutations_AreRepeatedInOrderUnderTheirTidsAheadOfTheReclaim()
    {
        _mds.List(Dir, CapBits.All, "a", "b");
        _mds.Unlink("a");
        _mds.Create("n");
        _mds.Unlink("b");
        List<Request> sent = _mds.Sent<Request>();
        _mds.Says(new Reply(sent[1].Tid, FsErrno.Exists));
        List<ClientMessage> again = _mds.Reconnect();
        Request[] repeats = [.. again.OfType<Request>()];
        Assert.Equal([sent[0].Tid, sent[2].Tid], repeats.Select(r => r.Tid));
        Assert.All(repeats, r => Assert.True(r.Retry));
        Assert.All(repeats, r => Assert.Equal(sent[0].Tid, r.OldestTid));
        Reclaim reclaim = Assert.IsType<Reclaim>(again[^1]);
        Assert.Equal([new HeldCap(Dir, CapBits.All, new DirectoryVersion(1))], reclaim.Caps);
    }

    [Fact]
    public void Reconnect_ReadsFollowTheReclaim_AndNewRequestsWait()
    {
        ReadCall read = new();
        _mds.Core.Session.Send(Caller.Root, new GetAttrOperation(InodeAddress.ByNumber(Dir)), read);
        long tid = _mds.TidSent();
        Assert.Empty(_mds.Reconnect().OfType<Request>());
        TrackedOperation create = _mds.Create("n");
        Assert.Empty(_mds.Sent());
        _mds.Says(new Reclaimed());
        List<Request> sent = _mds.Sent<Request>();
        Assert.Equal([tid, tid + 1], sent.Select(r => r.Tid));
        Assert.Equal([true, false], sent.Select(r => r.Retry));
        Assert.Equal(OperationState.Sent, create.State);
    }

    [Fact]
    public void Reconnect_ReferencesAreVoid_ARevokeIsAckedAtOnce()
    {
        _mds.List(Dir, CapBits.All, "a");
        _mds.Unlink("a");
        long tid = _mds.TidSent();
        _mds.Reconnect();
        _mds.Says(_mds.Grant(Dir, CapBits.All, 1, 1), new Reclaimed());
        _mds.Sent();
        CapRevoke revoke = _mds.Revoke(Dir, CapBits.Shared);
        _mds.Says(revoke);
        Assert.Contains(new CapAck(Dir, revoke.Seq, CapBits.Shared), _mds.Sent());
        _mds.Says(Ok(tid, Dir, 1));
        Assert.Equal(0, _mds.Core.Caps.Find(Dir)!.References);
    }

    [Fact]
    public void Reconnect_CapsDoNotCountBeforeTheyAreGrantedAgain()
    {
        DirectoryState directory = _mds.List(Dir, CapBits.All, "a");
        Assert.True(_mds.Core.Directories.IsLive(directory));
        _mds.Core.Disconnected();
        Assert.True(_mds.Core.Directories.IsLive(directory)); // The lease runs: the MDS waits for us.
        _mds.Core.Connected();
        _mds.Says(_mds.Opened(resumed: true));
        Assert.False(_mds.Core.Directories.IsLive(directory)); // The reclaim is on its way: it waits no more.
        _mds.Says(_mds.Grant(Dir, CapBits.All, 1, 1));
        Assert.False(_mds.Core.Directories.IsLive(directory)); // Perhaps from before it was read.
        _mds.Says(new Reclaimed());
        Assert.True(_mds.Core.Directories.IsLive(directory));
        Assert.Equal(["a"], Names(directory));
    }

    [Fact]
    public void Reconnect_ReleaseWhileReclaiming_IsNotSent()
    {
        _mds.List(Dir, CapBits.Shared, "a");
        _mds.Reconnect();
        Assert.Equal(0, _mds.Core.ReleaseDownTo(0));
        _mds.Core.Caps.Release(Dir);
        Assert.Empty(_mds.Sent());
        _mds.Says(_mds.Grant(Dir, CapBits.Shared, 1, 1), new Reclaimed());
        Assert.True(_mds.Core.Caps.Holds(Dir, CapBits.Fs));
    }

    [Fact]
    public void Reconnect_VersionIsAnother_ListingIsDropped()
    {
        DirectoryState directory = _mds.List(Dir, CapBits.All, "a");
        _mds.Reconnect();
        _mds.Says(_mds.Grant(Dir, CapBits.All, 2, 1), new Reclaimed());
        Assert.Equal(0, directory.PageCount);
        Assert.Equal(0, directory.FirstMissing(0, 1));
    }

    [Fact]
    public void Reconnect_NotGrantedAgain_IsLost()
    {
        DirectoryState directory = _mds.List(Dir, CapBits.All, "a");
        _mds.Reconnect();
        _mds.Says(new Reclaimed());
        Assert.Null(_mds.Core.Caps.Find(Dir));
        Assert.False(_mds.Core.Directories.IsLive(directory));
    }

    [Fact]
    public void EpochChange_SameSession_MutationsAreRepeatedAndCapsAreVoid()
    {
        _mds.List(Dir, CapBits.All, "a");
        TrackedOperation unlink = _mds.Unlink("a");
        long tid = _mds.TidSent();
        _mds.Epoch = new Epoch(2);
        List<ClientMessage> again = _mds.Reconnect();
        Assert.Equal(tid, Assert.Single(again.OfType<Request>()).Tid);
        Assert.Equal(CapBits.None, _mds.Core.Caps.Find(Dir)!.Issued);
        _mds.Says(new Reclaimed(), new Reply(tid, FsErrno.Ok));
        Assert.Equal(OperationState.Done, unlink.State);
        Assert.Equal(0, _mds.Core.Caps.RevokesWaiting);
    }

    [Fact]
    public void SessionLost_WhatWasSentFails_WhatWasNotIsSentInTheNext()
    {
        ScriptedMds mds = new(new GatewayOptions { MaxInFlightPerDirectory = 1 });
        mds.Open();
        mds.List(Dir, CapBits.All, "a", "b");
        TrackedOperation sent = mds.Unlink("a"), queued = mds.Unlink("b");
        mds.Sent();
        ReadCall read = new();
        mds.Core.Session.Send(Caller.Root, new StatFsOperation(), read);
        Assert.Empty(mds.Reconnect(resumed: false, id: Another).OfType<Request>());
        Assert.Equal((OperationState.Failed, FsErrno.KeyExpired), (sent.State, sent.Errno));
        Assert.Equal(OperationState.Queued, queued.State);
        Assert.Equal(1, mds.Core.Operations.ErrorSequence(Dir));
        mds.Says(new Reclaimed());
        Assert.Equal(2, mds.Sent<Request>().Count);
        Assert.Equal(OperationState.Sent, queued.State);
        Assert.False(read.Reply.IsCompleted);
    }

    [Fact]
    public void Evicted_EveryOperationInFlightFails()
    {
        _mds.List(Dir, CapBits.All, "a");
        TrackedOperation unlink = _mds.Unlink("a"), create = _mds.Create("n");
        _mds.Says(new SessionEvicted("a revoke was not answered"));
        Assert.All([unlink, create], o => Assert.Equal((OperationState.Failed, FsErrno.KeyExpired), (o.State, o.Errno)));
        Assert.Empty(_mds.Core.Caps.Records);
        Assert.Equal(SessionState.Closed, _mds.Core.Session.State);
        _mds.Core.Connected();
        Assert.True(Assert.IsType<SessionOpen>(Assert.Single(_mds.Sent())).Id.IsNone);
    }

    [Fact]
    public void Readdir_CutMidway_RestartsWhereItsLastPageEndedUnderATidOfItsOwn()
    {
        DirectoryState directory = _mds.Core.Directories.GetOrAdd(Dir);
        RangeWaiter waiter = _mds.Core.Directories.Demand(directory, Caller.Root, 0, 3);
        long tid = _mds.TidSent();
        _mds.Says(_mds.Grant(Dir, CapBits.All, 1, 3), new PageMessage(tid, _mds.Page(Dir, 1, 0, 3, false, ("a", File(100)), ("b", File(101)))));
        _mds.Reconnect();
        _mds.Says(_mds.Grant(Dir, CapBits.All, 1, 3), new Reclaimed());
        Request again = Assert.Single(_mds.Sent<Request>());
        Assert.NotEqual(tid, again.Tid);
        Assert.Equal("b", ((ReaddirOperation)again.Operation).After.ToString());
        Assert.Equal(again.Tid, Assert.Single(directory.Streams).Tid);
        // A late page of the old stream is nobody's.
        _mds.Says(new PageMessage(tid, _mds.Page(Dir, 1, 2, 3, true, ("zz", File(102)))));
        Assert.False(waiter.Done.IsCompleted);
        _mds.Says(new PageMessage(again.Tid, _mds.Page(Dir, 1, 2, 3, true, ("c", File(102)))), _mds.EndOfListing(again.Tid, Dir, 1, 3));
        Assert.True(waiter.Done.IsCompletedSuccessfully);
        Assert.Equal(["a", "b", "c"], Names(directory));
    }
}
