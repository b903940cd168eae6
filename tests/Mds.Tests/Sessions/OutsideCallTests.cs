using Capstan.Mds.Namespace;
using Capstan.Mds.Sessions;
using Capstan.Mds.Storage;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Tests.Sessions;

/// <summary>Contents are read and written beside the session's stream, and keep its promises.</summary>
public sealed class OutsideCallTests : IDisposable
{
    private readonly MdsFixture _mds = new();
    private readonly InodeId _dir;
    private readonly InodeAddress _file;
    private readonly Peer _writer;
    private readonly Peer _reader;

    public OutsideCallTests()
    {
        _dir = _mds.Make("d");
        _file = new InodeAddress(_dir, FileName.Create("x"), _mds.Make("x", directory: false, _dir));
        _reader = new Peer(_mds, "reader");
        _writer = new Peer(_mds, "writer");
    }

    /// <summary>Both hold the directory.</summary>
    private void Share()
    {
        _reader.Listed(_dir);
        Request listing = _writer.List(_dir);
        _reader.Say(new CapAck(_dir, Assert.Single(_reader.Take<CapRevoke>()).Seq, CapBits.Shared));
        _mds.RunPages();
        Assert.Equal(FsErrno.Ok, _writer.ErrnoOf(listing));
    }

    private OperationOutcome? Write(OutsideCall call, long size = 9)
    {
        OperationOutcome? outcome = null;
        _mds.Group(() => _mds.Core.Guard(() => outcome = _mds.Core.TryRun(
            call, (e, uses) => e.Footprint(_file, write: true, uses), e =>
            {
                Assert.Equal(FsErrno.Ok, e.StageContent(Caller.Root, _file, null, out ContentTicket ticket));
                return e.CommitContent(Caller.Root, _file, ticket, size, null, null);
            })));
        return outcome;
    }

    [Fact]
    public void Writer_IsAnsweredWhenEveryOtherHasAcked_AndItsStreamSaysSoBehindItsDeltas()
    {
        Share();
        OutsideCall call = new(_writer.Session.Id, 7);
        Assert.True(Write(call)!.IsOk);
        Assert.False(call.MayTell.IsCompleted);
        DirectoryDelta delta = Assert.Single(_reader.Take<DirectoryDelta>());
        Assert.IsType<DirectoryDelta>(Assert.Single(_writer.Take()));
        _reader.Say(new DeltaAck(_dir, delta.To));
        Assert.True(call.MayTell.IsCompleted);
        Assert.Equal(new Told(7), Assert.Single(_writer.Take()));
    }

    [Fact]
    public void Writer_ItsGatewayHasStartedAnew_IsRefused()
    {
        OutsideCall call = new(_writer.Session.Id);
        _ = new Peer(_mds, "writer");
        Assert.Equal(FsErrno.KeyExpired, Write(call)!.Errno);
    }

    [Fact]
    public void Writer_SoleHolder_IsAnsweredAtOnce_BehindItsDelta()
    {
        _writer.Listed(_dir);
        OutsideCall call = new(_writer.Session.Id, 7);
        Write(call);
        Assert.True(call.MayTell.IsCompleted);
        Assert.Collection(_writer.Take(), m => Assert.IsType<DirectoryDelta>(m), m => Assert.Equal(new Told(7), m));
    }

    [Fact]
    public void Reader_OfWhatAnotherHolderHasNotYet_IsAnsweredWhenItHas()
    {
        Share();
        Write(new OutsideCall(_writer.Session.Id));
        OutsideCall read = new(new Peer(_mds, "third").Session.Id);
        bool hasRead = false;
        _mds.Group(() => Assert.True(_mds.Core.TryRead(read, _file, () => hasRead = true)));
        Assert.True(hasRead);
        Assert.False(read.MayTell.IsCompleted);
        foreach (Peer peer in new[] { _reader, _writer })
            peer.Say(new DeltaAck(_dir, peer.Take<DirectoryDelta>()[^1].To));
        Assert.True(read.MayTell.IsCompleted);
    }

    [Fact]
    public void InTheGracePeriod_ItWaits()
    {
        _mds.Restart();
        _writer.Connect(_writer.Session.Id);
        _writer.Say(new Reclaim([]));
        OutsideCall call = new(_writer.Session.Id);
        Assert.Null(Write(call)); // The other may be changing the directory ahead of replies.
        _reader.Connect(_reader.Session.Id);
        _reader.Say(new Reclaim([]));
        Assert.True(Write(call)!.IsOk);
    }

    [Fact]
    public void StoreCannotBeRead_WhatWasClaimedIsGivenBack()
    {
        _reader.Listed(_dir);
        OutsideCall call = new(_writer.Session.Id);
        Assert.Null(Write(call)); // The reader's exclusive caps come first.
        CapRevoke revoke = Assert.Single(_reader.Take<CapRevoke>());
        Assert.Equal(1, _mds.Core.Caps.Find(_dir)!.Claims);
        int reads = 0;
        _mds.Store.RefuseRead = () => reads++ == 0;
        Assert.Null(Write(call));
        Assert.Equal(0, _mds.Core.Caps.Find(_dir)!.Claims);
        // Nobody waits for it any more: its holder has it back.
        _reader.Say(new CapAck(_dir, revoke.Seq, CapBits.Shared));
        Assert.Equal(CapBits.All, Assert.Single(_reader.Take<CapGrant>()).Bits);
    }

    public void Dispose() => _mds.Dispose();
}
