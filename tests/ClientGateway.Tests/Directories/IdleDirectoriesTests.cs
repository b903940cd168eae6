using Capstan.ClientGateway.Directories;
using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.ClientGateway.Tests.ScriptedMds;

namespace Capstan.ClientGateway.Tests.Directories;

/// <summary>Two directories are kept, one of them the root or whatever else is in use.</summary>
public sealed class IdleDirectoriesTests
{
    private static readonly InodeId Third = new(12);

    private readonly ScriptedMds _mds = new(new GatewayOptions { ClientName = "test", MaxDirectories = 2 });

    public IdleDirectoriesTests() => _mds.Open();

    private DirectoryCache Cache => _mds.Core.Directories;

    [Fact]
    public void TooMany_TheLeastRecentlyUsedGoes_WithItsPagesAndCaps()
    {
        _mds.List(Dir, CapBits.Shared, "a");
        _mds.List(Other, CapBits.Shared, "a");
        Cache.GetOrAdd(Dir);
        _mds.List(Third, CapBits.Shared, "a");
        Assert.Equal(Other, Assert.Single(_mds.Sent<CapRelease>()).Ino);
        Assert.Equal([Dir, Third], Cache.Directories.Select(d => d.Ino).Order());
        Assert.Equal([Dir, Third], _mds.Core.Caps.Records.Select(r => r.Ino).Order());
        Assert.Equal(2, Cache.Budget.Pages);
        Assert.Equal(1, _mds.Core.Counters.DirectoriesDropped);
    }

    [Fact]
    public void Walks_OfMoreDirectoriesThanAreKept_LeaveNoMore()
    {
        for (ulong ino = 100; ino < 200; ino++)
            _mds.List(new InodeId(ino), CapBits.Shared, "a");
        Assert.Equal(2, Cache.Directories.Count);
        Assert.Equal(2, _mds.Core.Caps.Records.Count);
    }

    [Fact]
    public void TheRoot_IsNeverDropped()
    {
        Cache.GetOrAdd(InodeId.Root);
        TouchOthers();
        Assert.NotNull(Cache.Find(InodeId.Root));
    }

    [Theory]
    [InlineData("viewer")]
    [InlineData("waiter and listing")]
    [InlineData("question whether it is settled")]
    [InlineData("rows that are about to leave")]
    [InlineData("read of the shared cache")]
    [InlineData("arrangement that is looked at")]
    [InlineData("operation ahead of its reply")]
    [InlineData("operation that waits for its reply")]
    [InlineData("rename into it")]
    [InlineData("removal of a tree")]
    public void InUse_IsNotDropped_AndOnceItIsNot_ItIs(string use)
    {
        DirectoryState directory = _mds.List(Dir, CapBits.All, "a");
        _mds.Sent();
        Action end = Use(directory, use);
        TouchOthers();
        Assert.Same(directory, Cache.Find(Dir));
        Assert.False(directory.IsDropped);
        end();
        TouchOthers();
        Assert.Null(Cache.Find(Dir));
        Assert.True(directory.IsDropped);
        Assert.Null(_mds.Core.Caps.Find(Dir));
    }

    [Fact]
    public void SessionNotOpen_CapsKeepIt()
    {
        _mds.List(Dir, CapBits.Shared, "a");
        _mds.Core.Disconnected();
        TouchOthers();
        Assert.NotNull(Cache.Find(Dir));
    }

    [Fact]
    public void Reclaim_DoesNotNameWhatWasDropped()
    {
        _mds.List(Dir, CapBits.Shared, "a");
        TouchOthers();
        Reclaim reclaim = Assert.Single(_mds.Reconnect().OfType<Reclaim>());
        Assert.DoesNotContain(Dir, reclaim.Caps.Select(c => c.Ino));
    }

    [Fact]
    public void MadeAnew_NothingIsKnown_AndTheOldOneNeverPassesForLive()
    {
        DirectoryState old = _mds.List(Dir, CapBits.Shared, "a");
        TouchOthers();
        _mds.Says(_mds.Grant(Dir, CapBits.Shared, version: 7, entries: 3));
        DirectoryState anew = Cache.Find(Dir)!;
        Assert.NotSame(old, anew);
        Assert.True(Cache.IsLive(anew));
        Assert.False(Cache.IsLive(old));
        Assert.False(Cache.IsFresh(old));
        Assert.Equal(0, old.PageCount);
        Assert.Same(anew, Cache.Current(old));
        Assert.Equal(new DirectoryVersion(7), anew.Version);
    }

    [Fact]
    public void Delta_AndGrant_ThatCrossedTheRelease_ChangeNothing()
    {
        DirectoryState old = _mds.List(Dir, CapBits.Shared, "a");
        TouchOthers();
        long counter = old.ChangeCounter;
        _mds.Says(Removed(Dir, 1, "a"), _mds.Revoke(Dir, CapBits.None));
        Assert.Equal(counter, old.ChangeCounter);
        Assert.Null(Cache.Find(Dir));
        Assert.Equal(Dir, Assert.Single(_mds.Sent<CapAck>()).Ino);
    }

    [Fact]
    public void PathWalk_WhoseDirectoryIsDroppedWhileItWaits_AsksOnceAndEndsWithWhatItSaw()
    {
        PathWalk walk = WalkThatHasToWait();
        Task? wait = walk.Step();
        Request asked = Assert.Single(_mds.Sent<Request>());
        Assert.Equal(new SettleOperation(Dir), asked.Operation);

        // With the answer nothing keeps the directory any more.
        _mds.Says(new Reply(asked.Tid, FsErrno.Ok));
        TouchOthers();
        Assert.Null(Cache.Find(Dir));
        Assert.True(wait!.IsCompleted);
        wait = walk.Step();
        Request next = Assert.Single(_mds.Sent<Request>());
        Assert.Equal(new SettleOperation(InodeId.Root), next.Operation);
        _mds.Says(new Reply(next.Tid, FsErrno.Ok));
        Assert.True(wait!.IsCompleted);
        Assert.Null(walk.Step());
        Assert.Equal(new InodeId(51), walk.Result!.Value.Value!.Address.Ino);
    }

    [Fact]
    public void PathWalk_WhoseDirectoryIsDroppedBeforeItAsks_AsksForWhatItSaw()
    {
        PathWalk walk = WalkThatHasToWait();
        walk.Step();
        long first = _mds.TidSent();
        Cache.Forget(Dir); // Is in use.
        _mds.Says(new Reply(first, FsErrno.NoEntry));
        TouchOthers();
        Assert.Null(Cache.Find(Dir));
        Task wait = walk.Step()!;
        Request again = Assert.Single(_mds.Sent<Request>());
        Assert.Equal(new SettleOperation(Dir), again.Operation);
        _mds.Says(new Reply(again.Tid, FsErrno.Ok));
        Assert.True(wait.IsCompleted);
        Assert.Equal(new DirectoryVersion(2), Cache.Find(Dir)!.SettledAt);
    }

    [Fact]
    public void IdleArrangement_GoesWithItsDirectory()
    {
        Follower follower = new() { IsIdle = true };
        _mds.List(Dir, CapBits.Shared, "a").Follower = follower;
        TouchOthers();
        Assert.Null(Cache.Find(Dir));
        Assert.True(follower.WasDropped);
    }

    /// <summary>To /d/b, by listings that others may not have yet: of the root and of <see cref="Dir"/>.</summary>
    private PathWalk WalkThatHasToWait()
    {
        _mds.List(InodeId.Root, CapBits.Shared, [("d", Directory(Dir, 1))]);
        _mds.List(Dir, CapBits.Shared, "a");
        _mds.Says(
            new DirectoryDelta(InodeId.Root, new DirectoryVersion(1), new DirectoryVersion(2), DeltaKind.Added, Name("e"), File(50)) { IsShared = true },
            new DirectoryDelta(Dir, new DirectoryVersion(1), new DirectoryVersion(2), DeltaKind.Added, Name("b"), File(51)) { IsShared = true });
        _mds.Sent();
        return new PathWalk(_mds.Core, Caller.Root, [Name("d"), Name("b")]);
    }

    private void TouchOthers()
    {
        foreach (InodeId ino in new[] { Other, Third })
        {
            Cache.GetOrAdd(ino);
            _mds.Says(new Recall(1000));
        }
    }

    private Action Use(DirectoryState directory, string use)
    {
        switch (use)
        {
            case "viewer":
                directory.Viewers++;
                return () => directory.Viewers--;
            case "waiter and listing":
                _mds.Says(_mds.Revoke(Dir, CapBits.None));
                directory.Forget();
                Cache.Demand(directory, Caller.Root, 0, 1);
                long listing = _mds.TidSent();
                return () => _mds.Says(new Reply(listing, FsErrno.NoEntry));
            case "question whether it is settled":
                Cache.Settle(directory, directory.Version.Next);
                long question = _mds.TidSent();
                return () => _mds.Says(new Reply(question, FsErrno.Ok));
            case "rows that are about to leave":
                LeavingRows leaving = new(_ => true);
                directory.Announce(leaving);
                return () => directory.Withdraw(leaving);
            case "read of the shared cache":
                directory.Shared.Asked(0);
                return () => directory.Shared.Answered(0);
            case "arrangement that is looked at":
                Follower follower = new();
                directory.Follower = follower;
                return () => follower.IsIdle = true;
            case "operation ahead of its reply":
                Assert.True(_mds.Unlink("a").IsAsynchronous);
                long unlink = _mds.TidSent();
                return () => _mds.Says(Ok(unlink, Dir, 1));
            case "operation that waits for its reply":
                _mds.Create("b");
                long create = _mds.TidSent();
                return () => _mds.Says(Ok(create, Dir, 1, File(60)));
            case "rename into it":
                _mds.Rename(new InodeId(99), "x", Dir, "y");
                long rename = _mds.TidSent();
                return () => _mds.Says(new Reply(rename, FsErrno.NoEntry));
            case "removal of a tree":
                _mds.Core.Operations.RemoveTrees("t", Caller.Root, [new InodeAddress(new InodeId(99), Name("d"), Dir)]);
                long list = _mds.TidSent();
                return () =>
                {
                    _mds.Says(new Reply(list, FsErrno.AccessDenied));
                    Assert.Empty(_mds.Core.Operations.Trees);
                };
            default:
                throw new ArgumentOutOfRangeException(nameof(use), use, null);
        }
    }

    private sealed class Follower : IDirectoryFollower
    {
        public bool IsIdle { get; set; }

        public bool WasDropped { get; private set; }

        public void OnChange(DirectoryDelta delta)
        {
        }

        public void OnDropped() => WasDropped = true;
    }
}
