using Capstan.ClientGateway.Operations;
using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.ClientGateway.Tests.ScriptedMds;

namespace Capstan.ClientGateway.Tests.Operations;

public sealed class TreeRemovalTests
{
    private static readonly InodeId Tree = new(20);
    private static readonly InodeId Sub = new(21);
    private static readonly InodeId Sub2 = new(22);

    private readonly ScriptedMds _mds = new();

    public TreeRemovalTests()
    {
        _mds.Open();
        _mds.List(Dir, CapBits.All, [("tree", Directory(Tree, 2))]);
    }

    [Fact]
    public void Remove_HeldExclusively_WaitsForNoReplyBetweenTheListingAndTheTopmostRmdir()
    {
        TrackedJob job = Remove();
        Lists(Tree, Listing(), [("file", File(100)), ("link", Symlink(101)), ("sub", Directory(Sub, 1))]);
        Lists(Sub, Listing(2), [("deep", File(102))]);
        // Behind each other, in the order in which they must be executed.
        Assert.Equal(["unlink 21/deep", "rmdir 20/sub", "rmdir 10/tree"], Removals(_mds.Sent()));
        Assert.Equal((5, 0), (job.Total, job.Done));
        Assert.False(job.IsFinished);
    }

    [Fact]
    public void Remove_AllAnswered_IsDoneAndNothingIsLeft()
    {
        TrackedJob job = Remove();
        Lists(Tree, Listing(), [("file", File(100)), ("sub", Directory(Sub, 1))]);
        List<ClientMessage> first = _mds.Sent();
        Request listing = Assert.Single(first.OfType<Request>(), r => r.Operation is ReaddirOperation);
        Lists(Sub, listing, [("deep", File(102))]);
        foreach (Request request in first.Concat(_mds.Sent()).OfType<Request>().Where(r => r.Operation.IsMutation))
            _mds.Says(new Reply(request.Tid, FsErrno.Ok));
        Assert.True(job.Completion.IsCompletedSuccessfully);
        Assert.Equal((4, 4, 0, 0), (job.Total, job.Done, job.Failed, job.Cancelled));
        Assert.Empty(_mds.Core.Operations.Trees);
        Assert.Empty(_mds.Core.Operations.Shown);
        Assert.Null(_mds.Core.Directories.Find(Sub));
        Assert.Null(_mds.Core.Directories.Find(Tree));
    }

    [Fact]
    public void Remove_DirectoryIsShared_ItsRmdirFollowsTheRepliesOfItsOwnEntriesAlone()
    {
        Remove();
        Lists(Tree, Listing(), [("sub", Directory(Sub, 1)), ("sub2", Directory(Sub2, 1))]);
        Request[] listings = [.. _mds.Sent<Request>()];
        Lists(Sub, listings.Single(l => ((ReaddirOperation)l.Operation).Dir == Sub), [("a", File(100))], CapBits.Shared);
        Lists(Sub2, listings.Single(l => ((ReaddirOperation)l.Operation).Dir == Sub2), [("b", File(101))], CapBits.Shared);
        List<ClientMessage> sent = _mds.Sent();
        Assert.Equal(["unlink 21/a", "unlink 22/b"], Removals(sent).Order());
        _mds.Says(new Reply(sent.OfType<Request>().Single(r => r.Operation is UnlinkOperation { Dir: var d } && d == Sub2).Tid, FsErrno.Ok));
        Assert.Equal(["rmdir 20/sub2"], Removals(_mds.Sent()));
    }

    [Fact]
    public void Remove_SeenEmpty_IsRemovedWithoutALookAndListedWhenThatWasWrong()
    {
        Remove();
        Lists(Tree, Listing(), [("sub", Directory(Sub))]);
        Request rmdir = Assert.Single(_mds.Sent<Request>());
        Assert.IsType<RmdirOperation>(rmdir.Operation);
        _mds.Says(new Reply(rmdir.Tid, FsErrno.NotEmpty));
        Lists(Sub, Listing(), [("late", File(100))]);
        Assert.Equal(["unlink 21/late", "rmdir 20/sub", "rmdir 10/tree"], Removals(_mds.Sent()));
    }

    [Fact]
    public void Remove_EntriesKeepAppearing_EndsAndSaysSo()
    {
        TrackedJob job = Remove();
        int listings = 0;
        for (ulong ino = 100; !job.IsFinished; ino++)
        {
            listings++;
            Lists(Tree, Listing(), [($"new-{ino}", File(ino))]);
            Request[] removals = [.. _mds.Sent<Request>()];
            _mds.Says(new Reply(removals[0].Tid, FsErrno.Ok), new Reply(removals[1].Tid, FsErrno.NotEmpty));
        }
        Assert.Equal(4, listings);
        JobFailure failure = Assert.Single(job.Failures);
        Assert.Equal((FsErrno.NotEmpty, "tree"), (failure.Errno, Text(failure)));
        Assert.Equal((5, 4, 1), (job.Total, job.Done, job.Failed));
    }

    [Fact]
    public void Remove_SomeFail_TheRestGoesOnAndTheDirectoriesAboveStay()
    {
        TrackedJob job = Remove();
        Lists(Tree, Listing(), [("file", File(100)), ("sub", Directory(Sub, 1)), ("sub2", Directory(Sub2, 1))]);
        Request[] sent = [.. _mds.Sent<Request>()];
        Request Listed(InodeId dir) => sent.Single(r => r.Operation is ReaddirOperation o && o.Dir == dir);
        _mds.Says(new Reply(Listed(Sub2).Tid, FsErrno.AccessDenied));
        Lists(Sub, Listed(Sub), [("deep", File(102))]);
        Request[] more = [.. _mds.Sent<Request>()];
        _mds.Says(new Reply(sent.Single(r => r.Operation is UnlinkOperation).Tid, FsErrno.Ok));
        _mds.Says(new Reply(more[0].Tid, FsErrno.NotPermitted), new Reply(more[1].Tid, FsErrno.NotEmpty));
        Assert.True(job.IsFinished);
        Assert.Equal((5, 1, 2, 2), (job.Total, job.Done, job.Failed, job.Cancelled)); // tree and sub are kept.
        Assert.Equal(["tree/sub2 AccessDenied", "tree/sub/deep NotPermitted"], job.Failures.Select(f => $"{Text(f)} {f.Errno}"));
        Assert.Equal("deep", Assert.Single(_mds.Core.Operations.Shown).Name.ToString()); // To be retried or dismissed.

        TrackedJob again = _mds.Core.Operations.Again(job);
        Assert.Equal(Tree, ((ReaddirOperation)Listing().Operation).Dir);
        Assert.Empty(_mds.Core.Operations.Shown);
        Assert.False(again.IsFinished);
    }

    [Fact]
    public void Remove_AFileIsGoneMeanwhile_IsAsGoodAsRemoved()
    {
        TrackedJob job = Remove();
        Lists(Tree, Listing(), [("file", File(100))]);
        Request[] sent = [.. _mds.Sent<Request>()];
        _mds.Says(new Reply(sent[0].Tid, FsErrno.NoEntry), new Reply(sent[1].Tid, FsErrno.Ok));
        Assert.Equal((2, 2), (job.Total, job.Done));
        Assert.Empty(_mds.Core.Operations.Shown);
    }

    [Theory]
    [InlineData(FsErrno.NotDirectory)]
    [InlineData(FsErrno.Stale)]
    public void Remove_OfAFile_IsAnUnlink(FsErrno listing)
    {
        TrackedJob job = Remove();
        _mds.Says(new Reply(Listing().Tid, listing));
        Request unlink = Assert.Single(_mds.Sent<Request>());
        Assert.Equal(new UnlinkOperation(Dir, Name("tree"), Tree), unlink.Operation);
        _mds.Says(new Reply(unlink.Tid, FsErrno.Stale)); // What the user saw is not there any more: that is an error.
        Assert.Equal((1, FsErrno.Stale), (job.Failed, Assert.Single(job.Failures).Errno));
    }

    [Fact]
    public void Cancel_InTheMiddle_NothingElseIsSentAndEverythingIsAccountedFor()
    {
        ScriptedMds mds = new(new GatewayOptions { MaxInFlightPerDirectory = 1 });
        mds.Open();
        mds.List(Dir, CapBits.All, [("tree", Directory(Tree, 3))]);
        TrackedJob job = mds.Core.Operations.RemoveTrees("Delete tree", Caller.Root, [new InodeAddress(Dir, Name("tree"), Tree)]);
        Request listing = mds.Sent<Request>().Single();
        mds.Says(mds.Grant(Tree, CapBits.All, 1, 3));
        mds.Says(new PageMessage(listing.Tid, mds.Page(Tree, 1, 0, 3, true, [("a", File(100)), ("b", File(101)), ("sub", Directory(Sub, 5))])));
        mds.Says(mds.EndOfListing(listing.Tid, Tree, 1, 3));
        Request[] sent = [.. mds.Sent<Request>()];
        Assert.Equal(2, sent.Length); // One unlink, and the listing of sub.
        job.Cancel();
        Assert.False(job.IsFinished);
        mds.Says(new Reply(sent.Single(r => r.Operation is ReaddirOperation).Tid, FsErrno.Ok), new Reply(sent.Single(r => r.Operation is UnlinkOperation).Tid, FsErrno.Ok));
        Assert.Empty(mds.Sent<Request>());
        Assert.True(job.IsFinished);
        Assert.Equal((4, 1, 0, 3), (job.Total, job.Done, job.Failed, job.Cancelled));
        Assert.Equal(0, mds.Core.Operations.PendingCount);
    }

    [Fact]
    public void Remove_OfAWideTree_ListsABoundedNumberOfDirectoriesAtATime()
    {
        Remove();
        (string, InodeAttributes)[] many = [.. Enumerable.Range(0, 1000).Select(i => ($"d{i:D4}", Directory(new InodeId((ulong)(1000 + i)), 1)))];
        Lists(Tree, Listing(), many);
        Assert.Equal(TreeRemoval.MaxListings, _mds.Sent<Request>().Count(r => r.Operation is ReaddirOperation));
    }

    [Fact]
    public void Remove_OfALongDirectory_GoesOnBehindItsLastName()
    {
        Remove();
        Request listing = Listing();
        _mds.Says(_mds.Grant(Tree, CapBits.All, 1, 5000));
        _mds.Says(new PageMessage(listing.Tid, _mds.Page(Tree, 1, 0, 5000, false, ("a", File(100)), ("b", File(101)))), _mds.EndOfListing(listing.Tid, Tree, 1, 5000));
        Request next = _mds.Sent<Request>().Single(r => r.Operation is ReaddirOperation);
        Assert.Equal("b", ((ReaddirOperation)next.Operation).After.ToString());
    }

    [Fact]
    public void Close_OfTheGateway_EndsTheJob()
    {
        TrackedJob job = Remove();
        Lists(Tree, Listing(), [("file", File(100)), ("sub", Directory(Sub, 1))]);
        _mds.Core.Close();
        Assert.True(job.IsFinished);
    }

    [Fact]
    public void Evicted_InTheMiddle_WhatIsUnknownIsReportedAndTheListingIsAskedForAgain()
    {
        TrackedJob job = Remove();
        Lists(Tree, Listing(), [("file", File(100)), ("sub", Directory(Sub, 1))]);
        _mds.Sent();
        _mds.Says(new SessionEvicted("gone"));
        _mds.Core.Disconnected();
        _mds.Core.Connected();
        _mds.Says(_mds.Opened(id: new SessionId(Guid.NewGuid())), new Reclaimed());
        Request listing = _mds.Sent<Request>().Single(r => r.Operation is ReaddirOperation);
        _mds.Says(new PageMessage(listing.Tid, _mds.Page(Sub, 1, 0, 1, true, ("deep", File(102)))), _mds.EndOfListing(listing.Tid, Sub, 1, 1));
        Request unlink = _mds.Sent<Request>().Single(r => r.Operation.IsMutation);
        _mds.Says(new Reply(unlink.Tid, FsErrno.Ok));
        _mds.Says(new Reply(_mds.Sent<Request>().Single().Tid, FsErrno.Ok));
        Assert.True(job.IsFinished);
        Assert.Equal((4, 2, 1, 1), (job.Total, job.Done, job.Failed, job.Cancelled));
    }

    private static InodeAttributes Symlink(ulong ino) => new() { Ino = new InodeId(ino), Mode = InodeAttributes.ModeOf(FileKind.Symlink, 0x1FF), Nlink = 1, Size = 3 };

    private static string Text(JobFailure failure) => string.Join('/', failure.Path.Select(n => n.ToString()));

    private static IEnumerable<string> Removals(List<ClientMessage> sent) => sent.OfType<Request>().Select(r => r.Operation switch
    {
        UnlinkOperation o => $"unlink {o.Dir}/{o.Name}",
        RmdirOperation o => $"rmdir {o.Dir}/{o.Name}",
        _ => "",
    }).Where(t => t.Length > 0);

    private TrackedJob Remove() => _mds.Core.Operations.RemoveTrees("Delete tree", Caller.Root, [new InodeAddress(Dir, Name("tree"), Tree)]);

    /// <summary>The one listing asked for since the last look, or the one of several requests.</summary>
    private Request Listing(int of = 1)
    {
        List<Request> sent = _mds.Sent<Request>();
        Assert.True(sent.Count >= of);
        return sent.Single(r => r.Operation is ReaddirOperation);
    }

    private void Lists(InodeId dir, Request listing, (string Name, InodeAttributes Attributes)[] entries, CapBits bits = CapBits.All)
    {
        Assert.Equal(dir, ((ReaddirOperation)listing.Operation).Dir);
        _mds.Says(
            _mds.Grant(dir, bits, 1, entries.Length),
            new PageMessage(listing.Tid, _mds.Page(dir, 1, 0, entries.Length, true, entries)),
            _mds.EndOfListing(listing.Tid, dir, 1, entries.Length));
    }
}
