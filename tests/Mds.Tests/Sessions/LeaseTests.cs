using Capstan.Mds.Sessions;
using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.Mds.Tests.Peer;

namespace Capstan.Mds.Tests.Sessions;

public sealed class LeaseTests : IDisposable
{
    private readonly MdsFixture _mds = new();
    private readonly InodeId _dir;

    public LeaseTests() => _dir = _mds.Make("d");

    [Fact]
    public void Lease_RunsOut_CapsAreGoneAndTheSessionLives()
    {
        Peer a = new(_mds, "a");
        a.Listed(_dir);
        _mds.PassTime(_mds.Options.Lease);
        Assert.IsType<SessionStale>(Assert.Single(a.Take()));
        Assert.Empty(a.Session.Caps);
        Assert.Equal(MdsSessionState.Stale, a.Session.State);
        a.Say(new Renew(1, 42), new Reclaim([]));
        Assert.Equal(MdsSessionState.Open, a.Session.State);
        Assert.Equal([new Renewed(42), new Reclaimed()], a.Take());
    }

    [Fact]
    public void Lease_RunsOut_WhoWaitsForItsCapsRuns()
    {
        Peer a = new(_mds, "a"), b = new(_mds, "b");
        a.Listed(_dir);
        Request create = b.Ask(Create(_dir, "x"));
        _mds.Time.Advance(_mds.Options.Lease);
        b.Say(new Renew(1, 0));
        _mds.Core.Tick();
        Assert.Equal(FsErrno.Ok, b.ErrnoOf(create));
    }

    [Fact]
    public void Revoke_NotAnsweredInTime_EvictsAndRefusesWhatComesLate()
    {
        _mds.Options = _mds.Options with { Lease = TimeSpan.FromSeconds(8), RevokeTimeout = TimeSpan.FromSeconds(10) };
        _mds.Restart();
        Peer a = new(_mds, "a"), b = new(_mds, "b");
        a.Listed(_dir);
        Request create = b.Ask(Create(_dir, "x"));
        _mds.PassTime(TimeSpan.FromSeconds(5));
        a.Say(new Renew(1, 0));
        b.Say(new Renew(1, 0));
        b.Take();
        _mds.PassTime(TimeSpan.FromSeconds(4));
        Assert.Empty(b.Take());
        _mds.PassTime(TimeSpan.FromSeconds(2));
        Assert.Equal(FsErrno.Ok, b.ErrnoOf(create));
        Assert.Contains(a.Take(), m => m is SessionEvicted);
        Assert.True(a.IsClosed);
        a.Ask(Unlink(_dir, "x"));
        Assert.True(_mds.Exists(_dir, "x"));
        Assert.False(a.Connect(a.Session.Id).Resumed);
    }

    [Fact]
    public void Recall_OfASessionWithTooManyCaps_UntilItHasGivenBack()
    {
        _mds.Options = _mds.Options with { MaxCapsPerSession = 10 };
        InodeId[] dirs = [.. Enumerable.Range(0, 12).Select(i => _mds.Make($"many{i}"))];
        _mds.Restart();
        Peer a = new(_mds, "a");
        foreach (InodeId dir in dirs)
            a.Listed(dir);
        a.Say(new Renew(1, 0));
        Assert.Equal(9, Assert.Single(a.Take<Recall>()).Target);
        foreach (InodeId dir in dirs[..3])
            a.Say(new CapRelease(dir, a.Session.Caps[dir].Seq));
        a.Say(new Renew(1, 0));
        Assert.Empty(a.Take<Recall>());
        Assert.Equal((9, 1), (a.Session.Caps.Count, (int)_mds.Core.Counters.Recalls));
    }

    [Fact]
    public void Remembered_MoreThanIsAllowed_EndsTheSessionThatNeverForgets()
    {
        _mds.Options = _mds.Options with { MaxRemembered = 8 };
        _mds.Restart();
        Peer a = new(_mds, "a"), b = new(_mds, "b");
        for (int i = 0; i < 8; i++)
            a.Ask(Create(_dir, $"n{i}"));
        a.Ask(Create(_dir, "one too many"));
        Assert.Contains("never says", Assert.Single(a.Take<SessionEvicted>()).Reason);
        Assert.False(_mds.Exists(_dir, "one too many"));
        Assert.Equal(FsErrno.Ok, b.ErrnoOf(b.Ask(Create(_dir, "of another"))));
    }

    [Fact]
    public void SameClientName_EndsTheOlderSession()
    {
        Peer old = new(_mds, "a");
        old.Listed(_dir);
        Peer fresh = new(_mds, "a");
        Assert.True(old.IsClosed);
        Assert.Equal(MdsSessionState.Ended, old.Session.State);
        Assert.Equal(CapBits.All, fresh.Listed(_dir));
    }

    [Fact]
    public void OldConnection_AfterAResume_IsRefused()
    {
        Peer a = new(_mds, "a");
        ISessionLink old = a.CurrentLink;
        Assert.True(a.Connect(a.Session.Id).Resumed);
        _mds.Group(() => _mds.Core.Receive(a.Session, old, a.NewRequest(Create(_dir, "late"))));
        Assert.False(_mds.Exists(_dir, "late"));
    }

    [Fact]
    public void Reclaim_NamesWhatIsKept_TheRestIsGone()
    {
        InodeId other = _mds.Make("e");
        Peer a = new(_mds, "a");
        a.Listed(_dir);
        a.Listed(other);
        a.Connect(a.Session.Id);
        a.Say(new Reclaim([new HeldCap(_dir, CapBits.All, default)]));
        List<ServerMessage> received = a.Take();
        Assert.Equal((_dir, CapBits.All), (((CapGrant)received[0]).Ino, ((CapGrant)received[0]).Bits));
        Assert.IsType<Reclaimed>(received[1]);
        Assert.Equal([_dir], a.Session.Caps.Keys);
    }

    [Fact]
    public void Reclaim_AfterALostRevoke_TheWaiterRuns()
    {
        Peer a = new(_mds, "a"), b = new(_mds, "b");
        a.Listed(_dir);
        a.Disconnect();
        Request create = b.Ask(Create(_dir, "x"));
        a.Connect(a.Session.Id);
        a.Say(new Reclaim([new HeldCap(_dir, CapBits.All, default)]));
        Assert.Equal(CapBits.Shared, a.Take<CapGrant>()[0].Bits);
        a.Say(new DeltaAck(_dir, _mds.Engine.VersionOf(_dir)));
        Assert.Equal(FsErrno.Ok, b.ErrnoOf(create));
    }

    public void Dispose() => _mds.Dispose();
}
