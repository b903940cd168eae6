using Capstan.Mds.Sessions;
using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.Mds.Tests.Peer;

namespace Capstan.Mds.Tests.Caps;

public sealed class SharingTests : IDisposable
{
    private readonly MdsFixture _mds = new();
    private readonly InodeId _dir;

    public SharingTests() => _dir = _mds.Make("d");

    [Fact]
    public void Listing_ByTheOnlySession_GrantsEverything()
    {
        Peer a = new(_mds, "a");
        a.List(_dir);
        List<ServerMessage> received = a.Take();
        Assert.Equal(CapBits.All, Assert.IsType<CapGrant>(received[0]).Bits);
        Assert.IsType<PageMessage>(received[1]);
        Assert.Equal(FsErrno.Ok, Assert.IsType<Reply>(received[2]).Errno);
    }

    [Fact]
    public void Listing_WithAsyncUnlinkOff_GrantsOnlyShared()
    {
        _mds.Options = _mds.Options with { AsyncUnlink = false };
        _mds.Restart();
        Assert.Equal(CapBits.Shared, new Peer(_mds, "a").Listed(_dir));
    }

    [Fact]
    public void Lookup_OfANameThatIsNotThere_GrantsSharedOnEveryDirectoryWalked_AheadOfTheAnswer()
    {
        Peer a = new(_mds, "a");
        Request lookup = a.Ask(new LookupOperation(InodeId.Root, [FileName.Create("d"), FileName.Create("absent")], CapBits.Shared));
        List<ServerMessage> received = a.Take();
        Assert.Equal([(InodeId.Root, CapBits.Shared), (_dir, CapBits.Shared)], received.OfType<CapGrant>().Select(g => (g.Ino, g.Bits)));
        Reply answer = Assert.IsType<Reply>(received[^1]);
        Assert.Equal((lookup.Tid, FsErrno.NoEntry, false), (answer.Tid, answer.Errno, answer.IsLate));
    }

    [Fact]
    public void Lookup_ThatIsRefused_GrantsNothing()
    {
        _mds.Make("file", directory: false, _dir);
        Peer a = new(_mds, "a");
        a.Ask(new LookupOperation(_dir, [FileName.Create("file"), FileName.Create("x")], CapBits.Shared));
        Assert.Equal(FsErrno.NotDirectory, Assert.IsType<Reply>(Assert.Single(a.Take())).Errno);
    }

    [Fact]
    public void Listing_OfADirectoryThatIsRemovedInTheSameGroup_IsStale()
    {
        Peer a = new(_mds, "a");
        Request listing = a.NewRequest(new ReaddirOperation(_dir) { Want = CapBits.All });
        _mds.Group(() => a.SayInGroup(listing, a.NewRequest(new RmdirOperation(InodeId.Root, FileName.Create("d"), _dir))));
        Assert.Equal(FsErrno.Stale, a.ErrnoOf(listing));
    }

    [Fact]
    public void SecondSession_WaitsForTheRevokeToBeAcked_ThenBothShare()
    {
        Peer a = new(_mds, "a"), b = new(_mds, "b");
        a.Listed(_dir);
        Request listing = b.List(_dir);
        CapRevoke revoke = Assert.Single(a.Take<CapRevoke>());
        Assert.Equal(CapBits.Shared, revoke.Keep);
        Assert.Empty(b.Take());
        a.Say(new CapAck(_dir, revoke.Seq, CapBits.Shared));
        _mds.RunPages();
        List<ServerMessage> received = b.Take();
        Assert.Equal(CapBits.Shared, Assert.Single(received.OfType<CapGrant>()).Bits);
        Assert.Equal(listing.Tid, Assert.Single(received.OfType<Reply>()).Tid);
        Assert.Empty(a.Take());
    }

    [Fact]
    public void ParkedRequests_RunInTheOrderInWhichTheyCame()
    {
        Peer a = new(_mds, "a"), b = new(_mds, "b"), c = new(_mds, "c");
        a.Listed(_dir);
        Request create = b.Ask(Create(_dir, "x")), again = c.Ask(Create(_dir, "x")), unlink = b.Ask(Unlink(_dir, "x"));
        CapRevoke revoke = Assert.Single(a.Take<CapRevoke>());
        a.Say(new CapAck(_dir, revoke.Seq, CapBits.Shared));
        a.Say([.. a.Take<DirectoryDelta>().Select(d => new DeltaAck(d.Dir, d.To))]);
        Assert.Equal([(create.Tid, FsErrno.Ok), (unlink.Tid, FsErrno.Ok)], b.Take<Reply>().Select(r => (r.Tid, r.Errno)));
        Assert.Equal(FsErrno.Exists, c.ErrnoOf(again));
    }

    [Fact]
    public void ExclusiveHolder_GoesOnWhileOthersWait()
    {
        _mds.Make("x", directory: false, _dir);
        Peer a = new(_mds, "a"), b = new(_mds, "b");
        a.Listed(_dir);
        Request waiting = b.Ask(Unlink(_dir, "x")), ahead = a.Ask(Unlink(_dir, "x"));
        Reply done = Assert.Single(a.Take<Reply>());
        Assert.Equal((ahead.Tid, FsErrno.Ok), (done.Tid, done.Errno));
        Assert.Empty(b.Take());
        a.Say(new CapAck(_dir, _mds.Core.Caps.Find(_dir)!.Of(a.Session)!.Seq, CapBits.Shared));
        Assert.Empty(b.Take()); // Not before the readers of the other gateway know it, too.
        a.Say(new DeltaAck(_dir, done.Changed[0].To));
        Assert.Equal(FsErrno.NoEntry, b.ErrnoOf(waiting));
    }

    [Fact]
    public void Ack_WithAnOldSeq_IsIgnored()
    {
        Peer a = new(_mds, "a"), b = new(_mds, "b");
        a.Listed(_dir);
        b.Ask(Create(_dir, "x"));
        CapRevoke revoke = Assert.Single(a.Take<CapRevoke>());
        a.Say(new CapAck(_dir, revoke.Seq - 1, CapBits.Shared));
        Assert.Empty(b.Take());
        Assert.Single(_mds.Core.Caps.Find(_dir)!.Waiters);
    }

    [Fact]
    public void Release_WithAnOldSeq_IsIgnored_WithTheLastOneHonoured()
    {
        Peer a = new(_mds, "a"), b = new(_mds, "b");
        a.Listed(_dir);
        long seq = a.Session.Caps[_dir].Seq;
        b.Ask(Create(_dir, "x"));
        a.Say(new CapRelease(_dir, seq));
        Assert.True(a.Session.Caps.ContainsKey(_dir));
        a.Say(new CapAck(_dir, a.Session.Caps[_dir].Seq, CapBits.None));
        Assert.False(a.Session.Caps.ContainsKey(_dir));
        Assert.Single(b.Take<Reply>());

        b.Listed(_dir);
        b.Say(new CapRelease(_dir, b.Session.Caps[_dir].Seq));
        Assert.Null(_mds.Core.Caps.Find(_dir));
    }

    [Fact]
    public void SoleHolderAgain_GetsItsExclusiveBitsBack()
    {
        Peer a = new(_mds, "a"), b = new(_mds, "b");
        a.Listed(_dir);
        b.List(_dir);
        a.Say(new CapAck(_dir, Assert.Single(a.Take<CapRevoke>()).Seq, CapBits.Shared));
        b.Say(new CapRelease(_dir, b.Session.Caps[_dir].Seq));
        Assert.Equal(CapBits.All, Assert.Single(a.Take<CapGrant>()).Bits);
    }

    [Fact]
    public void RequestOnTwoBusyDirectories_KeepsTheFirstWhileItWaitsForTheSecond()
    {
        InodeId other = _mds.Make("e");
        _mds.Make("x", directory: false, _dir);
        Peer a = new(_mds, "a"), b = new(_mds, "b");
        a.Listed(_dir);
        a.Listed(other);
        Request rename = b.Ask(new RenameOperation(new InodeAddress(_dir, FileName.Create("x"), InodeId.None), other, FileName.Create("x"), true));
        CapRevoke[] revokes = [.. a.Take<CapRevoke>()];
        Assert.Equal([_dir, other], revokes.Select(r => r.Ino).Order());
        a.Say(new CapAck(_dir, revokes.Single(r => r.Ino == _dir).Seq, CapBits.Shared));
        Assert.Empty(a.Take<CapGrant>());
        a.Say(new CapAck(other, revokes.Single(r => r.Ino == other).Seq, CapBits.Shared));
        a.Say([.. a.Take<DirectoryDelta>().Select(d => new DeltaAck(d.Dir, d.To))]);
        Assert.Equal(FsErrno.Ok, b.ErrnoOf(rename));
        Assert.All(a.Session.Caps.Values, cap => Assert.Equal(CapBits.All, cap.Issued));
    }

    [Fact]
    public void SeveralHoldersGoAtOnce_TheNextHolderIsNotForgotten()
    {
        // Each that goes wakes the waiters: the directory stands in the queue of those that may run twice.
        _mds.Options = _mds.Options with { AutoClose = TimeSpan.FromSeconds(100) };
        _mds.Restart();
        Peer a = new(_mds, "a"), b = new(_mds, "b");
        a.Listed(_dir);
        Request listing = b.List(_dir);
        _mds.Group(() =>
        {
            _mds.Core.Caps.RemoveAll(a.Session);
            _mds.Core.Caps.Ready.Enqueue(_mds.Core.Caps.Find(_dir)!);
            b.SayInGroup(new Renew(1, 0));
        });
        Assert.Contains(b.Take<CapGrant>(), g => g.Ino == _dir);
        Assert.Same(b.Session.Caps[_dir].Directory, _mds.Core.Caps.Find(_dir));
        Assert.NotEqual(0, listing.Tid);
    }

    public void Dispose() => _mds.Dispose();
}
