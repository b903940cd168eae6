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

    public void Dispose() => _mds.Dispose();
}
