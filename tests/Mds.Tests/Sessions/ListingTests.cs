using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Tests.Sessions;

/// <summary>Who may list when many want to: a snapshot a listing, so many at a time, and whoever is waited for goes first.</summary>
public sealed class ListingTests : IDisposable
{
    private readonly MdsFixture _mds = new();
    private readonly InodeId _dir;

    public ListingTests()
    {
        _mds.Options = _mds.Options with { MaxListings = 4, MaxListingsPerSession = 2 };
        _mds.Restart();
        _dir = _mds.Make("d");
        _mds.Make("file", directory: false, dir: _dir);
    }

    public void Dispose() => _mds.Dispose();

    [Fact]
    public void Listings_BeyondTheBound_WaitUntilOneHasEnded()
    {
        Peer[] peers = [.. "abcdef".Select(name => new Peer(_mds, name.ToString()))];
        Request[] asked = [.. peers.Select(peer => peer.Ask(Ahead()))];
        Assert.Equal((2, 4), _mds.Core.Listings);
        _mds.RunPages();
        Assert.True(_mds.Core.HasWaitingListings);
        _mds.Group(() => { });
        Assert.Equal((0, 2), _mds.Core.Listings);
        _mds.RunPages();
        foreach ((Peer peer, Request request) in peers.Zip(asked))
        {
            List<ServerMessage> told = peer.Take();
            Assert.Single(told.OfType<PageMessage>(), page => page.Tid == request.Tid);
            Assert.Equal(FsErrno.Ok, Assert.Single(told.OfType<Reply>()).Errno);
        }
        Assert.False(_mds.Core.HasWaitingListings);
    }

    [Fact]
    public void WaitedFor_TakesThePlaceOfOneThatReadsAhead_WhichIsToldToAskAgain()
    {
        Peer[] peers = [.. "abcd".Select(name => new Peer(_mds, name.ToString()))];
        foreach (Peer peer in peers)
            peer.Ask(Ahead());
        Peer hasty = new(_mds, "hasty");
        Request request = hasty.Ask(Ahead() with { Waited = 1 });
        Assert.Equal((0, 4), _mds.Core.Listings);
        _mds.RunPages();
        Assert.Single(hasty.Take<PageMessage>(), page => page.Tid == request.Tid);
        // Credits left and no page that says it is the last: cut short.
        List<ServerMessage> told = peers[0].Take();
        Assert.Empty(told.OfType<PageMessage>());
        Assert.Equal(FsErrno.Ok, Assert.Single(told.OfType<Reply>()).Errno);
        Assert.All(peers[1..], peer => Assert.Single(peer.Take<PageMessage>()));
    }

    [Fact]
    public void WaitedFor_WhereAllAreWaitedFor_GoesBeforeThoseAhead()
    {
        Peer[] peers = [.. "abcd".Select(name => new Peer(_mds, name.ToString()))];
        foreach (Peer peer in peers)
            peer.Ask(Ahead() with { Waited = 1 });
        Peer ahead = new(_mds, "ahead"), hurried = new(_mds, "hurried"), waiting = new(_mds, "waiting");
        ahead.Ask(Ahead());
        Request later = hurried.Ask(Ahead());
        waiting.Ask(Ahead() with { Waited = 1 });
        Assert.Equal((3, 4), _mds.Core.Listings);
        hurried.Say(new ReaddirCredit(later.Tid, 0, 1));
        _mds.EndPages(2);
        _mds.Group(() => { });
        Assert.Equal((1, 4), _mds.Core.Listings);
        _mds.RunPages();
        Assert.NotEmpty(waiting.Take<PageMessage>());
        Assert.NotEmpty(hurried.Take<PageMessage>());
        Assert.Empty(ahead.Take<PageMessage>());
    }

    [Fact]
    public void Listings_OfOneSession_LeaveRoomForOthers()
    {
        Peer greedy = new(_mds, "greedy"), other = new(_mds, "other");
        for (int i = 0; i < 10; i++)
            greedy.Ask(Ahead() with { Waited = 1 });
        Assert.Equal((8, 2), _mds.Core.Listings);
        other.Ask(Ahead());
        Assert.Equal((8, 3), _mds.Core.Listings);
    }

    [Fact]
    public void Cancelled_WaitingOrOpen_IsAnsweredOnceAndBringsNothing()
    {
        Peer peer = new(_mds, "peer");
        Request[] asked = [.. Enumerable.Range(0, 4).Select(_ => peer.Ask(Ahead()))];
        peer.Take();
        peer.Say(new ReaddirCancel(asked[3].Tid)); // waits
        Assert.Equal(asked[3].Tid, Assert.Single(peer.Take<Reply>()).Tid);
        peer.Say(new ReaddirCancel(asked[0].Tid), new ReaddirCancel(999)); // open; and one that nobody knows
        _mds.RunPages();
        List<ServerMessage> told = peer.Take();
        Assert.Equal(asked[1].Tid, Assert.Single(told.OfType<PageMessage>()).Tid);
        Assert.Equal([asked[0].Tid, asked[1].Tid], told.OfType<Reply>().Select(reply => reply.Tid).Order());
        _mds.Group(() => { });
        peer.Say(new ReaddirCancel(asked[2].Tid));
        _mds.RunPages();
        Assert.Equal(asked[2].Tid, Assert.Single(peer.Take<Reply>()).Tid);
        peer.Say(new ReaddirCancel(asked[2].Tid)); // once more, when it has ended
        Assert.Empty(peer.Take());
    }

    [Fact]
    public void Disconnected_WhatItWaitedForIsForgotten()
    {
        Peer peer = new(_mds, "peer"), other = new(_mds, "other");
        for (int i = 0; i < 6; i++)
            peer.Ask(Ahead());
        other.Ask(Ahead());
        peer.Disconnect();
        Assert.Equal(0, _mds.Core.Listings.Waiting);
        _mds.RunPages();
        Assert.NotEmpty(other.Take<PageMessage>());
        Assert.False(_mds.Core.HasWaitingListings);
    }

    [Fact]
    public void DirectoryRemovedWhileItsListingWaits_IsTold()
    {
        Peer peer = new(_mds, "peer");
        InodeId empty = _mds.Make("empty");
        Request first = peer.Ask(Ahead()), second = peer.Ask(Ahead()), late = peer.Ask(new ReaddirOperation(empty) { Credits = 4 });
        peer.Take();
        peer.Ask(new RmdirOperation(InodeId.Root, FileName.Create("empty"), empty));
        _mds.RunPages();
        _mds.Group(() => { });
        _mds.RunPages();
        Assert.Equal(FsErrno.Stale, peer.Take<Reply>().Single(reply => reply.Tid == late.Tid).Errno);
        Assert.NotEqual(first.Tid, second.Tid);
    }

    private ReaddirOperation Ahead() => new(_dir) { Credits = 4, Want = CapBits.Shared };
}
