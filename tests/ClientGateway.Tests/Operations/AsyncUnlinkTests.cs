using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.ClientGateway.Tests.ScriptedMds;

namespace Capstan.ClientGateway.Tests.Operations;

public sealed class AsyncUnlinkTests
{
    private readonly ScriptedMds _mds = new();

    [Fact]
    public void Add_EverythingHeld_IsAsynchronous()
    {
        _mds.Open();
        _mds.List(Dir, CapBits.All, "a");
        TrackedOperation unlink = _mds.Unlink("a");
        Assert.True(unlink.IsAsynchronous);
        Assert.Equal(OperationState.Sent, unlink.State);
        Assert.Equal(FallbackReason.None, unlink.Fallback);
        Assert.Equal(1, _mds.Core.Caps.Find(Dir)!.References);
    }

    [Fact]
    public void Add_SwitchedOffHere_FallsBack()
    {
        ScriptedMds mds = new(new GatewayOptions { AsyncUnlink = false });
        mds.Open();
        mds.List(Dir, CapBits.All, "a");
        AssertFallback(FallbackReason.SwitchedOff, mds.Unlink("a"), mds);
    }

    [Fact]
    public void Add_SwitchedOffAtTheMds_FallsBack()
    {
        _mds.Open(asyncUnlink: false);
        _mds.List(Dir, CapBits.All, "a");
        AssertFallback(FallbackReason.SwitchedOff, _mds.Unlink("a"));
    }

    [Fact]
    public void Add_NotCached_FallsBack()
    {
        _mds.Open();
        _mds.List(Dir, CapBits.All, "a");
        AssertFallback(FallbackReason.NotCached, _mds.Unlink("zz"));
    }

    [Fact]
    public void Add_SharedCapsOnly_FallsBack()
    {
        _mds.Open();
        _mds.List(Dir, CapBits.Shared, "a");
        AssertFallback(FallbackReason.NoExclusiveCap, _mds.Unlink("a"));
    }

    [Fact]
    public void Add_NoAuthCap_FallsBack()
    {
        _mds.Open();
        _mds.List(Dir, CapBits.All & ~CapBits.As, "a");
        AssertFallback(FallbackReason.NoAuthCap, _mds.Unlink("a"));
    }

    [Fact]
    public void Add_NoLinkCapOfTheVictim_FallsBackOnlyIfRequired()
    {
        _mds.Open();
        _mds.List(Dir, CapBits.All & ~CapBits.Lx, "a");
        AssertFallback(FallbackReason.NoTargetLink, _mds.Unlink("a"));

        ScriptedMds lax = new(new GatewayOptions { RequireTargetLx = false });
        lax.Open();
        lax.List(Dir, CapBits.All & ~CapBits.Lx, "a");
        Assert.True(lax.Unlink("a").IsAsynchronous);
    }

    [Fact]
    public void Add_HardLinkedVictim_FallsBack()
    {
        _mds.Open();
        _mds.List(Dir, CapBits.All, [("a", File(100, nlink: 2))]);
        AssertFallback(FallbackReason.HardLinked, _mds.Unlink("a"));
    }

    [Fact]
    public void Add_VictimIsADirectory_FallsBack()
    {
        _mds.Open();
        _mds.List(Dir, CapBits.All, [("a", Directory(new InodeId(100)))]);
        AssertFallback(FallbackReason.IsDirectory, _mds.Unlink("a"));
    }

    [Fact]
    public void Add_AnotherInodeThanTheCallerSaw_FallsBack()
    {
        _mds.Open();
        _mds.List(Dir, CapBits.All, "a");
        AssertFallback(FallbackReason.VersionNotCurrent, _mds.Unlink("a", ino: 555));
    }

    [Fact]
    public void Add_NameBusy_FallsBack()
    {
        _mds.Open();
        _mds.List(Dir, CapBits.All, "a");
        _mds.Unlink("a");
        Assert.Equal(FallbackReason.NameBusy, _mds.Unlink("a").Fallback);
    }

    [Fact]
    public void Add_SessionNotOpen_FallsBackAndWaits()
    {
        _mds.Open();
        _mds.List(Dir, CapBits.All, "a");
        _mds.Core.Disconnected();
        TrackedOperation unlink = _mds.Unlink("a");
        Assert.Equal(FallbackReason.SessionNotOpen, unlink.Fallback);
        Assert.Equal(OperationState.Queued, unlink.State);
    }

    [Fact]
    public void Add_LeaseHasRunOut_FallsBack()
    {
        _mds.Open();
        _mds.List(Dir, CapBits.All, "a");
        _mds.Time.Advance(TimeSpan.FromSeconds(60));
        AssertFallback(FallbackReason.NoAuthCap, _mds.Unlink("a"));
    }

    [Fact]
    public void Add_CallerMayNotWriteTheDirectory_IsRefusedAtOnce()
    {
        _mds.Open();
        _mds.List(Dir, CapBits.All, "a");
        _mds.Sent();
        TrackedOperation unlink = _mds.Unlink("a", caller: new Caller(1000, 1000, []));
        Assert.Equal((OperationState.Failed, FsErrno.AccessDenied), (unlink.State, unlink.Errno));
        Assert.Empty(_mds.Sent());
        Assert.Equal(1, _mds.Core.Operations.ErrorSequence(Dir));
        Assert.Equal((0, 1), (_mds.Core.Operations.PendingCount, _mds.Core.Operations.FailedCount));
    }

    private void AssertFallback(FallbackReason reason, TrackedOperation unlink, ScriptedMds? mds = null)
    {
        Assert.Equal(reason, unlink.Fallback);
        Assert.False(unlink.IsAsynchronous);
        Assert.Equal(OperationState.Sent, unlink.State);
        Assert.Equal(1, (mds ?? _mds).Core.Counters.Fallbacks[(int)reason]);
        Assert.Equal(0, unlink.Reference);
    }
}
