using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.Mds.Tests.Peer;

namespace Capstan.Mds.Tests.Sessions;

public sealed class StrictDeltaTests : IDisposable
{
    private readonly MdsFixture _mds = new();
    private readonly InodeId _dir;
    private readonly Peer _writer;
    private readonly Peer _reader;

    public StrictDeltaTests()
    {
        _dir = _mds.Make("d");
        _mds.Make("x", directory: false, _dir);
        _reader = new Peer(_mds, "reader");
        _reader.Listed(_dir);
        _writer = new Peer(_mds, "writer");
        Request listing = _writer.List(_dir);
        _reader.Say(new CapAck(_dir, Assert.Single(_reader.Take<CapRevoke>()).Seq, CapBits.Shared));
        _mds.RunPages();
        Assert.Equal(FsErrno.Ok, _writer.ErrnoOf(listing));
    }

    [Fact]
    public void Writer_IsAnsweredWhenTheReaderHasAcked()
    {
        Request unlink = _writer.Ask(Unlink(_dir, "x"));
        DirectoryDelta delta = Assert.Single(_reader.Take<DirectoryDelta>());
        Assert.Equal(DeltaKind.Removed, delta.Kind);
        Assert.Empty(_writer.Take<Reply>());
        _reader.Say(new DeltaAck(_dir, delta.To));
        Assert.Equal(FsErrno.Ok, _writer.ErrnoOf(unlink));
    }

    [Fact]
    public void Writer_IsAnsweredWhenTheReadersLeaseHasRunOut()
    {
        Request unlink = _writer.Ask(Unlink(_dir, "x"));
        _reader.Disconnect();
        _mds.Time.Advance(_mds.Options.Lease);
        _writer.Say(new Renew(1, 0));
        Assert.Empty(_writer.Take<Reply>());
        _mds.Core.Tick();
        Assert.Equal(FsErrno.Ok, _writer.ErrnoOf(unlink));
    }

    [Fact]
    public void Writer_RemovalOfTheDirectoryUndone_StillWaitsForTheReaderWhoWasToldToForgetIt()
    {
        Request unlink = _writer.Ask(Unlink(_dir, "x"));
        _reader.Say(new DeltaAck(_dir, Assert.Single(_reader.Take<DirectoryDelta>()).To));
        Assert.Equal(FsErrno.Ok, _writer.ErrnoOf(unlink));
        // The directory goes, and with it everybody's caps; then the store refuses the group, and the directory is there as before.
        _mds.Store.RefuseCommit = () => true;
        Assert.Equal(FsErrno.NoSpace, _writer.ErrnoOf(_writer.Ask(new RmdirOperation(InodeId.Root, FileName.Create("d"), _dir))));
        _mds.Store.RefuseCommit = () => false;
        CapRevoke revoke = Assert.Single(_reader.Take<CapRevoke>());
        Request create = _writer.Ask(Create(_dir, "y"));
        Assert.Null(_writer.ErrnoOf(create));
        _reader.Say(new CapAck(_dir, revoke.Seq, CapBits.None));
        Assert.Equal(FsErrno.Ok, _writer.ErrnoOf(create));
    }

    [Fact]
    public void Writer_DirectoryRemovedRightAfter_StillWaitsForTheReader()
    {
        Request unlink = _writer.Ask(Unlink(_dir, "x"));
        Request rmdir = _writer.Ask(new RmdirOperation(InodeId.Root, FileName.Create("d"), _dir));
        List<ServerMessage> told = _reader.Take();
        Assert.IsType<DirectoryDelta>(told[0]);
        CapRevoke revoke = Assert.IsType<CapRevoke>(told[1]);
        Assert.Equal(CapBits.None, revoke.Keep);
        Assert.DoesNotContain(_writer.Take<Reply>(), r => r.Tid == unlink.Tid);
        _reader.Say(new CapAck(_dir, revoke.Seq, CapBits.None));
        Assert.Equal(FsErrno.Ok, _writer.ErrnoOf(unlink));
        Assert.NotEqual(rmdir.Tid, unlink.Tid);
        Assert.False(_reader.Session.Caps.ContainsKey(_dir));
    }

    [Fact]
    public void SoleHolder_ItsReplyCarriesTheVersionAndNoDeltaIsSent()
    {
        _reader.Say(new CapRelease(_dir, _reader.Session.Caps[_dir].Seq));
        _writer.Take();
        _writer.Ask(Unlink(_dir, "x"));
        Reply reply = Assert.IsType<Reply>(Assert.Single(_writer.Take()));
        Assert.Equal(_dir, Assert.Single(reply.Changed).Dir);
    }

    [Fact]
    public void Delta_WithSeveralReaders_IsShared_AndTheirReadsSettleWhenAllHaveIt()
    {
        Peer third = new(_mds, "third");
        third.Listed(_dir);
        _writer.Ask(Unlink(_dir, "x"));
        DirectoryDelta delta = Assert.Single(_reader.Take<DirectoryDelta>());
        Assert.True(delta.IsShared);
        Request settle = _reader.Ask(new SettleOperation(_dir));
        _reader.Say(new DeltaAck(_dir, delta.To));
        third.Say(new DeltaAck(_dir, delta.To));
        Assert.Empty(_reader.Take<Reply>()); // The writer's own gateway has readers, too.
        _writer.Say(new DeltaAck(_dir, delta.To));
        Assert.Equal(FsErrno.Ok, _reader.ErrnoOf(settle));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_AtTheMds_IsAnsweredWhenEveryHolderHasWhatItSaw(bool isRefusal)
    {
        Peer stranger = new(_mds, "stranger");
        _writer.Ask(Unlink(_dir, "x"));
        DirectoryDelta delta = Assert.Single(_writer.Take<DirectoryDelta>());
        _writer.Say(new DeltaAck(_dir, delta.To));
        Request read = stranger.Ask(isRefusal ? Unlink(_dir, "x") : new LookupOperation(_dir, [FileName.Create("x")], CapBits.None));
        Assert.Empty(stranger.Take<Reply>());
        _reader.Say(new DeltaAck(_dir, delta.To));
        Reply reply = Assert.Single(stranger.Take<Reply>());
        Assert.Equal((read.Tid, FsErrno.NoEntry, true), (reply.Tid, reply.Errno, reply.IsLate));
    }

    [Fact]
    public void Grant_WhileAHolderIsBehind_IsUnsettled()
    {
        Peer third = new(_mds, "third");
        _writer.Ask(Unlink(_dir, "x"));
        third.List(_dir);
        Assert.True(Assert.Single(third.Take<CapGrant>()).IsUnsettled);
    }

    [Fact]
    public void Reader_ThatRenewsAndNeverAcks_IsEvicted_AndTheWriterAnswered()
    {
        Request unlink = _writer.Ask(Unlink(_dir, "x"));
        for (TimeSpan passed = TimeSpan.Zero; passed <= _mds.Options.RevokeTimeout + _mds.Options.Lease; passed += _mds.Options.Lease / 4)
        {
            _mds.Time.Advance(_mds.Options.Lease / 4);
            _reader.Say(new Renew(1, 0));
            _writer.Say(new Renew(1, 0));
            _mds.Core.Tick();
        }
        Assert.Single(_reader.Take<SessionEvicted>());
        Assert.Equal(FsErrno.Ok, _writer.ErrnoOf(unlink));
        Assert.Equal(1, _mds.Core.Counters.Evictions);
    }

    [Fact]
    public void Ack_OfAVersionThatWasNeverTold_CountsForNothing()
    {
        _reader.Say(new DeltaAck(_dir, new DirectoryVersion(long.MaxValue)));
        Request unlink = _writer.Ask(Unlink(_dir, "x"));
        Assert.Null(_writer.ErrnoOf(unlink));
    }

    public void Dispose() => _mds.Dispose();
}
