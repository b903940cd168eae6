using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.ClientGateway.Tests.ScriptedMds;

namespace Capstan.ClientGateway.Tests.Caps;

public sealed class RevokeTests
{
    private readonly ScriptedMds _mds = new();

    public RevokeTests() => _mds.Open();

    [Fact]
    public void Revoke_UnlinksInFlight_IsAckedWhenTheLastHasEnded()
    {
        _mds.List(Dir, CapBits.All, "a", "b");
        _mds.Unlink("a");
        _mds.Unlink("b");
        List<Request> sent = _mds.Sent<Request>();
        CapRevoke revoke = _mds.Revoke(Dir, CapBits.Shared);
        _mds.Says(revoke, Ok(sent[0].Tid, Dir, 1));
        Assert.Empty(_mds.Sent<CapAck>());
        Assert.Equal(1, _mds.Core.Caps.RevokesWaiting);
        _mds.Says(Ok(sent[1].Tid, Dir, 2));
        Assert.Equal([new CapAck(Dir, revoke.Seq, CapBits.Shared)], _mds.Sent<CapAck>());
        Assert.Equal(0, _mds.Core.Caps.RevokesWaiting);
    }

    [Fact]
    public void Revoke_WhileWaiting_NoNewReference()
    {
        _mds.List(Dir, CapBits.All, "a", "b");
        _mds.Unlink("a");
        _mds.Says(_mds.Revoke(Dir, CapBits.Shared));
        TrackedOperation second = _mds.Unlink("b");
        Assert.Equal(FallbackReason.NoExclusiveCap, second.Fallback);
    }

    [Fact]
    public void Revoke_UnlinkFails_IsAckedToo()
    {
        _mds.List(Dir, CapBits.All, "a");
        _mds.Unlink("a");
        long tid = _mds.TidSent();
        CapRevoke revoke = _mds.Revoke(Dir, CapBits.Shared);
        _mds.Says(revoke, new Reply(tid, FsErrno.Io));
        Assert.Equal([new CapAck(Dir, revoke.Seq, CapBits.Shared)], _mds.Sent());
    }

    [Fact]
    public void Revoke_ThatChangesNothing_IsAckedWithItsOwnSeq()
    {
        _mds.List(Dir, CapBits.Shared, "a");
        CapRevoke revoke = _mds.Revoke(Dir, CapBits.All);
        _mds.Says(revoke);
        Assert.Equal([new CapAck(Dir, revoke.Seq, CapBits.Shared)], _mds.Sent());
    }

    [Fact]
    public void Revoke_OfAnUnknownInode_IsAcked()
    {
        _mds.Says(new CapRevoke(Other, CapBits.Shared, 7));
        Assert.Equal([new CapAck(Other, 7, CapBits.None)], _mds.Sent());
    }

    [Fact]
    public void Revoke_Twice_EachIsAckedWithItsOwnSeq()
    {
        _mds.List(Dir, CapBits.All, "a");
        _mds.Unlink("a");
        long tid = _mds.TidSent();
        CapRevoke first = _mds.Revoke(Dir, CapBits.Shared), second = _mds.Revoke(Dir, CapBits.As | CapBits.Fs);
        _mds.Says(first, second);
        Assert.Empty(_mds.Sent());
        _mds.Says(Ok(tid, Dir, 1));
        Assert.Equal([first.Seq, second.Seq], _mds.Sent<CapAck>().Select(a => a.Seq));
    }

    [Fact]
    public void Revoke_CrossingARelease_IsAckedAsUnknown()
    {
        _mds.List(Dir, CapBits.Shared, "a");
        _mds.Core.Caps.Release(Dir);
        Assert.IsType<CapRelease>(Assert.Single(_mds.Sent()));
        CapRevoke revoke = _mds.Revoke(Dir, CapBits.None);
        _mds.Says(revoke);
        Assert.Equal([new CapAck(Dir, revoke.Seq, CapBits.None)], _mds.Sent());
    }

    [Fact]
    public void Revoke_OfEverything_ListingIsNotLive()
    {
        var directory = _mds.List(Dir, CapBits.Shared, "a");
        Assert.True(_mds.Core.Directories.IsLive(directory));
        _mds.Says(_mds.Revoke(Dir, CapBits.None));
        Assert.False(_mds.Core.Directories.IsLive(directory));
        Assert.Null(_mds.Core.Caps.Find(Dir));
    }

    [Fact]
    public void Lease_HasRunOut_CapsDoNotCount()
    {
        var directory = _mds.List(Dir, CapBits.All, "a");
        _mds.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.True(_mds.Core.Caps.Holds(Dir, CapBits.Fs));
        long sentAt = _mds.Time.GetTimestamp();
        _mds.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(_mds.Core.Caps.Holds(Dir, CapBits.Fs));
        Assert.False(_mds.Core.Directories.IsFresh(directory));
        // Counted from when the renewal was sent, not from when its answer came.
        _mds.Says(new Renewed(sentAt));
        Assert.True(_mds.Core.Caps.Holds(Dir, CapBits.Fs));
        _mds.Time.Advance(TimeSpan.FromSeconds(58));
        Assert.False(_mds.Core.Caps.Holds(Dir, CapBits.Fs));
    }

    [Fact]
    public void Recall_RecordsInUseAreKept()
    {
        _mds.List(Dir, CapBits.All, "a");
        _mds.List(Other, CapBits.Shared, "b");
        _mds.Unlink("a");
        _mds.Sent();
        _mds.Says(new Recall(0));
        Assert.Equal(Other, Assert.Single(_mds.Sent<CapRelease>()).Ino);
        Assert.NotNull(_mds.Core.Caps.Find(Dir));
    }
}
