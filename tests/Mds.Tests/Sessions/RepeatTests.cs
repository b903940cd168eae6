using Capstan.Mds.Sessions;
using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.Mds.Tests.Peer;

namespace Capstan.Mds.Tests.Sessions;

/// <summary>Exactly once: repeats after a cut, after a restart, and in a group that the store refuses.</summary>
public sealed class RepeatTests : IDisposable
{
    private readonly MdsFixture _mds = new();
    private readonly InodeId _dir;

    public RepeatTests() => _dir = _mds.Make("d");

    [Fact]
    public void Repeat_OfACompletedRequest_IsAnsweredAndNotRunAgain()
    {
        Peer a = new(_mds, "a");
        Request create = a.Ask(Create(_dir, "x"));
        InodeId made = a.Take<Reply>()[0].Attributes[0].Ino;
        a.Ask(Unlink(_dir, "x"));
        a.Connect(a.Session.Id);
        a.Say(create with { Retry = true });
        Reply again = Assert.Single(a.Take<Reply>());
        Assert.Equal((FsErrno.Ok, made), (again.Errno, again.Attributes[0].Ino));
        Assert.False(_mds.Exists(_dir, "x"));
    }

    [Fact]
    public void Repeat_OfAParkedRequest_RunsOnce()
    {
        Peer a = new(_mds, "a"), b = new(_mds, "b");
        a.Listed(_dir);
        Request create = b.Ask(Create(_dir, "x"));
        b.Connect(b.Session.Id);
        b.Say(create with { Retry = true }, new Reclaim([]));
        a.Say(new CapAck(_dir, Assert.Single(a.Take<CapRevoke>()).Seq, CapBits.None));
        Assert.Equal([FsErrno.Ok], b.Take<Reply>().Select(r => r.Errno));
    }

    [Fact]
    public void Restart_RepeatsRunInTheGracePeriod_AndTheirAnswersAreHeld()
    {
        Peer a = new(_mds, "a"), absent = new(_mds, "absent");
        absent.Listed(_dir);
        Request done = a.Ask(Create(InodeId.Root, "done")), lost = a.NewRequest(Create(InodeId.Root, "lost"));
        _mds.Restart();
        Assert.True(_mds.Core.IsInGrace);
        Assert.True(a.Connect(a.Session.Id).Resumed);
        Request fresh = a.NewRequest(Create(InodeId.Root, "fresh")), read = a.NewRequest(new LookupOperation(InodeId.Root, [FileName.Create("lost")], CapBits.Shared));
        a.Say(done with { Retry = true }, lost with { Retry = true }, new Reclaim([]), fresh, read with { Retry = true });
        Assert.True(_mds.Exists(InodeId.Root, "lost"));
        Assert.False(_mds.Exists(InodeId.Root, "fresh"));
        Assert.Empty(a.Take<Reply>());
        a.Say(new Renew(1, 0));
        _mds.PassTime(_mds.Options.Lease);
        Assert.False(_mds.Core.IsInGrace);
        Assert.Null(_mds.Core.Find(absent.Session.Id));
        Assert.Equal([done.Tid, lost.Tid, fresh.Tid, read.Tid], a.Take<Reply>().Select(r => r.Tid).Order());
    }

    [Fact]
    public void Restart_AllBack_TheGracePeriodEndsAtOnce()
    {
        Peer a = new(_mds, "a");
        _mds.Restart();
        a.Connect(a.Session.Id);
        a.Say(new Reclaim([new HeldCap(_dir, CapBits.All, default)]));
        Assert.False(_mds.Core.IsInGrace);
        Assert.Equal(CapBits.All, a.Take<CapGrant>()[^1].Bits);
    }

    [Fact]
    public void Refusal_InTheMiddleOfAGroup_InnocentsSucceedAndNothingElseIsTold()
    {
        Peer a = new(_mds, "a");
        a.Listed(_dir);
        _mds.Store.RefusePut = name => name == FileName.Create("big");
        Request first = a.NewRequest(Create(_dir, "one")), big = a.NewRequest(Create(_dir, "big")), last = a.NewRequest(Create(_dir, "two"));
        StoreException? refusal = _mds.Group(() => a.SayInGroup(first, big, last));
        Assert.Equal(FsErrno.NoSpace, refusal!.Errno);
        Assert.Equal([(first.Tid, FsErrno.Ok), (big.Tid, FsErrno.NoSpace), (last.Tid, FsErrno.Ok)], a.Take<Reply>().Select(r => (r.Tid, r.Errno)));
        Assert.Equal([true, false, true], new[] { "one", "big", "two" }.Select(n => _mds.Exists(_dir, n)));
    }

    [Fact]
    public void Refusal_OfTheReadOfAFootprint_IsThatRequestsAnswer_AndTheGroupGoesOn()
    {
        Peer a = new(_mds, "a");
        _mds.Make("sub", dir: _dir);
        _mds.Engine.BeginGroup();
        _mds.Engine.AbortGroup(); // So that nothing is in memory.
        Request first = a.NewRequest(Create(_dir, "one")), rmdir = a.NewRequest(new RmdirOperation(_dir, FileName.Create("sub"), InodeId.None)), last = a.NewRequest(Create(_dir, "two"));
        bool isRead = false;
        _mds.Group(() =>
        {
            a.SayInGroup(first);
            // In the group that it came in, and in the one of its own.
            int reads = 0;
            _mds.Store.RefuseRead = () => isRead && reads++ == 0;
            isRead = true;
            a.SayInGroup(rmdir);
            _mds.Store.RefuseRead = () => false;
            a.SayInGroup(last);
        });
        Reply[] replies = [.. a.Take<Reply>().OrderBy(r => r.Tid)];
        Assert.Equal([first.Tid, rmdir.Tid, last.Tid], replies.Select(r => r.Tid));
        Assert.Equal([FsErrno.Ok, FsErrno.Ok], [replies[0].Errno, replies[2].Errno]);
        Assert.Empty(a.Session.Live);
        Assert.True(_mds.Exists(_dir, "one") && _mds.Exists(_dir, "two"));
    }

    [Fact]
    public void Refusal_OfEveryReadOfAFootprint_IsToldAsItsErrno()
    {
        Peer a = new(_mds, "a");
        Request create = a.NewRequest(Create(new InodeId(4711), "x")); // Its directory has to be looked for.
        _mds.Store.RefuseRead = () => true;
        _mds.Group(() => a.SayInGroup(create));
        _mds.Store.RefuseRead = () => false;
        Assert.Equal((create.Tid, FsErrno.NoSpace), a.Take<Reply>().Select(r => (r.Tid, r.Errno)).Single());
        Assert.Equal(FsErrno.Stale, a.ErrnoOf(a.Ask(Create(new InodeId(4711), "x"))));
    }

    [Fact]
    public void Refusal_TwiceInAGroup_AListingIsStillAnswered()
    {
        Peer a = new(_mds, "a");
        _mds.Store.RefusePut = name => name == FileName.Create("big");
        Request listing = a.NewRequest(new ReaddirOperation(_dir) { Want = CapBits.All });
        Request big = a.NewRequest(Create(_dir, "big")), again = a.NewRequest(Create(_dir, "big"));
        _mds.Group(() => a.SayInGroup(listing, big, again));
        _mds.RunPages();
        Assert.Equal([(big.Tid, FsErrno.NoSpace), (again.Tid, FsErrno.NoSpace), (listing.Tid, FsErrno.Ok)], a.Take<Reply>().Select(r => (r.Tid, r.Errno)));
    }

    [Fact]
    public void Refusal_OfTheCommit_EachRunsByItself()
    {
        Peer a = new(_mds, "a");
        int commits = 0;
        _mds.Store.RefuseCommit = () => commits++ is 0 or 2;
        Request one = a.NewRequest(Create(_dir, "one")), two = a.NewRequest(Create(_dir, "two"));
        _mds.Group(() => a.SayInGroup(one, two));
        Assert.Equal([(one.Tid, FsErrno.Ok), (two.Tid, FsErrno.NoSpace)], a.Take<Reply>().Select(r => (r.Tid, r.Errno)));
        Assert.Equal([true, false], new[] { "one", "two" }.Select(n => _mds.Exists(_dir, n)));
    }

    [Fact]
    public void Refusal_OfAGroupWithARequestAndItsRepeat_IsNotToldAsSuccess()
    {
        Peer a = new(_mds, "a");
        Request create = a.NewRequest(Create(_dir, "x"));
        _mds.Store.RefuseCommit = () => true;
        _mds.Group(() =>
        {
            // The connection is cut and resumed while the group is being gathered.
            a.SayInGroup(create);
            _mds.Core.Disconnected(a.Session, a.CurrentLink);
            _mds.Core.Open(a.CurrentLink, new SessionOpen(a.Session.Id, "a", SessionOpen.CurrentProtocol, true));
            a.SayInGroup(create with { Retry = true });
        });
        Assert.All(a.Take<Reply>(), r => Assert.Equal(FsErrno.NoSpace, r.Errno));
        Assert.False(_mds.Exists(_dir, "x"));
    }

    [Fact]
    public void Repeat_OfACompletedRequest_InAGroupThatIsRefused_IsStillItsSuccess()
    {
        Peer a = new(_mds, "a");
        Request create = a.Ask(Create(_dir, "x"));
        a.Connect(a.Session.Id);
        _mds.Store.RefuseCommit = () => true;
        _mds.Group(() => a.SayInGroup(create with { Retry = true }));
        Assert.Equal((create.Tid, FsErrno.Ok), a.Take<Reply>().Select(r => (r.Tid, r.Errno)).Single());
    }

    public void Dispose() => _mds.Dispose();
}
