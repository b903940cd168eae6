using Capstan.ClientGateway.Directories;
using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.ClientGateway.Tests.ScriptedMds;

namespace Capstan.ClientGateway.Tests.Directories;

/// <summary>Deltas go on while a listing was given up and its successor is on its way: the page that comes may be older than they are.</summary>
public sealed class ForgottenWhileListedTests
{
    private readonly ScriptedMds _mds = new();
    private readonly DirectoryState _directory;
    private readonly RangeWaiter _waiter;
    private readonly long _tid;

    public ForgottenWhileListedTests()
    {
        _mds.Open();
        _directory = _mds.List(Dir, CapBits.Shared, "a", "b");
        _directory.Forget();
        _waiter = _mds.Core.Directories.Demand(_directory, Caller.Root, 0, 10);
        _tid = _mds.TidSent();
    }

    [Fact]
    public void Delta_AheadOfTheFirstPage_IsAppliedToIt()
    {
        _mds.Says(Removed(Dir, 1, "a"), new PageMessage(_tid, _mds.Page(Dir, 1, 0, 2, true, ("a", File(100)), ("b", File(101)))), _mds.EndOfListing(_tid, Dir, 1, 2));
        Assert.True(_waiter.Done.IsCompletedSuccessfully);
        Assert.Equal(["b"], Names(_directory));
        Assert.Equal(new DirectoryVersion(2), _directory.Version);
    }

    [Fact]
    public void Delta_OlderThanTheFirstPage_IsNotAppliedTwice()
    {
        _mds.Says(Removed(Dir, 1, "a"), new PageMessage(_tid, _mds.Page(Dir, 2, 0, 1, true, ("b", File(101)))), _mds.EndOfListing(_tid, Dir, 2, 1));
        Assert.Equal(["b"], Names(_directory));
    }

    [Fact]
    public void Delta_AfterAGap_OnlyWhatFollowsWithoutOneIsApplied()
    {
        _mds.Says(
            Removed(Dir, 1, "a"), Added(Dir, 4, "c", 200), Added(Dir, 5, "d", 201),
            new PageMessage(_tid, _mds.Page(Dir, 4, 0, 1, true, ("b", File(101)))), _mds.EndOfListing(_tid, Dir, 4, 1));
        Assert.Equal(["b", "c", "d"], Names(_directory));
        Assert.Equal(new DirectoryVersion(6), _directory.Version);
    }
}
