using Capstan.ClientGateway.Caps;
using Capstan.ClientGateway.Directories;
using Capstan.ClientGateway.Operations;
using Capstan.ClientGateway.Session;
using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.ClientGateway.Tests.ScriptedMds;

namespace Capstan.ClientGateway.Tests.Session;

public sealed class StaleTests
{
    private readonly ScriptedMds _mds = new();

    public StaleTests() => _mds.Open();

    [Fact]
    public void Stale_DropsEveryCapAndReclaimsNothing()
    {
        DirectoryState directory = _mds.List(Dir, CapBits.All, "a");
        _mds.Says(new SessionStale());
        Assert.False(_mds.Core.Directories.IsLive(directory));
        List<ClientMessage> sent = _mds.Sent();
        Assert.IsType<Renew>(sent[0]);
        Assert.Empty(Assert.IsType<Reclaim>(sent[1]).Caps);
        Assert.Equal(SessionState.Reclaiming, _mds.Core.Session.State);
        _mds.Says(new Reclaimed());
        Assert.Equal(SessionState.Open, _mds.Core.Session.State);
    }

    [Fact]
    public void Stale_UnlinkInFlight_ItsReferenceIsNotTakenFromTheNextRecord()
    {
        _mds.List(Dir, CapBits.All, "a", "b");
        _mds.Unlink("a");
        long tid = _mds.TidSent();
        _mds.Says(new SessionStale(), new Reclaimed(), _mds.Grant(Dir, CapBits.All, 1, 2));
        Assert.True(_mds.Core.Caps.Holds(Dir, CapBits.All));
        _mds.Sent();
        CapRecord record = _mds.Core.Caps.Find(Dir)!;
        _mds.Says(Ok(tid, Dir, 1));
        Assert.Equal(0, record.References);
    }

    [Fact]
    public void Stale_GrantThatCrossedTheReclaim_IsNotKept()
    {
        // The MDS granted it after the lease had run out and before it read the reclaim, which names nothing and so gives it back.
        _mds.Says(new SessionStale(), _mds.Grant(Dir, CapBits.Shared, 1, 0));
        Assert.False(_mds.Core.Caps.Holds(Dir, CapBits.Fs));
        _mds.Says(new Reclaimed());
        Assert.Null(_mds.Core.Caps.Find(Dir));
    }

    [Fact]
    public void Stale_ListingIsNotServedAsIfItHadJustBeenSeen()
    {
        DirectoryState directory = _mds.List(Dir, CapBits.All, "a");
        _mds.Time.Advance(TimeSpan.FromMinutes(2));
        _mds.Says(new SessionStale());
        Assert.False(_mds.Core.Directories.IsFresh(directory));
    }
}
