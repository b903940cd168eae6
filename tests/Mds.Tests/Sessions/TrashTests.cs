using Capstan.Mds.Sessions;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.Mds.Tests.Sessions;

public sealed class TrashTests : IDisposable
{
    private readonly MdsFixture _mds = new();

    public void Dispose() => _mds.Dispose();

    [Fact]
    public void Move_BySoleHolder_IsToldByItsReplyAlone_AndOthersByDeltas()
    {
        InodeId dir = _mds.Make("dir");
        _mds.Make("a", directory: false, dir);
        _mds.Make("b", directory: false, dir);
        Peer writer = new(_mds, "writer");
        Assert.Equal(CapBits.All, writer.Listed(dir));
        Request first = writer.Ask(new TrashOperation(dir, FileName.Create("a"), InodeId.None));
        Reply reply = Assert.Single(writer.Take<Reply>());
        Assert.Equal((first.Tid, FsErrno.Ok, 1, 1), (reply.Tid, reply.Errno, reply.Changed.Count, reply.Attributes.Count));

        Peer viewer = new(_mds, "viewer");
        viewer.List(dir);
        CapRevoke revoke = Assert.Single(writer.Take<CapRevoke>());
        writer.Say(new CapAck(dir, revoke.Seq, revoke.Keep));
        viewer.Take();
        writer.Ask(new TrashOperation(dir, FileName.Create("b"), InodeId.None));
        Assert.Equal((DeltaKind.Removed, "b"), (Assert.Single(viewer.Take<DirectoryDelta>()).Kind, "b"));
    }

    [Fact]
    public void Move_Repeated_IsAnsweredTheSameAndDoneOnce()
    {
        _mds.Make("f", directory: false);
        Peer peer = new(_mds, "peer");
        Request request = peer.NewRequest(new TrashOperation(InodeId.Root, FileName.Create("f"), InodeId.None));
        peer.Say(request);
        Reply first = Assert.Single(peer.Take<Reply>());
        _mds.Restart();
        peer.Connect(peer.Session.Id);
        peer.Say(request with { Retry = true }, new Reclaim([]));
        Reply again = Assert.Single(peer.Take<Reply>());
        Assert.Equal(first.Attributes, again.Attributes);
        Request list = peer.Ask(new ListTrashOperation(null, 10, false));
        Assert.Single(Assert.Single(peer.Take<Reply>(), r => r.Tid == list.Tid).Trash);
    }

    [Fact]
    public void Purge_DirectoryHeldExclusively_TakesItBackAndDoesNotGiveItAnew()
    {
        InodeId dir = _mds.Make("dir");
        _mds.Make("f", directory: false, dir);
        Peer holder = new(_mds, "holder");
        Assert.Equal(CapBits.All, holder.Listed(dir));
        Peer other = new(_mds, "other");
        Request trash = other.NewRequest(new TrashOperation(InodeId.Root, FileName.Create("dir"), dir));
        other.Say(trash);
        Assert.Single(other.Take<Reply>());
        other.Ask(new PurgeTrashOperation(long.MaxValue, false));
        _mds.Time.Advance(TimeSpan.FromSeconds(1));
        other.Ask(new PurgeTrashOperation(long.MaxValue, false));
        Assert.Equal((1, true), Step()); // It is doomed; what is in it is the holder's.
        CapRevoke revoke = Assert.Single(holder.Take<CapRevoke>());
        Assert.Equal((0, true), Step());
        holder.Say(new CapAck(dir, revoke.Seq, revoke.Keep));
        Assert.Empty(holder.Take<CapGrant>());
        Assert.Equal((2, false), Step());
        Assert.Equal(DeltaKind.Removed, Assert.Single(holder.Take<DirectoryDelta>()).Kind);
        Assert.Equal((0, false), Step());
        Assert.False(_mds.Core.HasTrashToPurge);

        (int, bool) Step()
        {
            (int, bool) step = default;
            Assert.Null(_mds.Group(() => step = _mds.Core.PurgeTrash(100)));
            return step;
        }
    }
}
