using Capstan.ClientGateway.Directories;
using Capstan.Shared;
using Capstan.Shared.Messages;
using static Capstan.ClientGateway.Tests.ScriptedMds;

namespace Capstan.ClientGateway.Tests.Caps;

public sealed class RecallTests
{
    private static readonly InodeId[] Dirs = [.. Enumerable.Range(20, 5).Select(i => new InodeId((ulong)i))];

    private readonly ScriptedMds _mds = new();

    public RecallTests()
    {
        _mds.Open();
        foreach (InodeId dir in Dirs)
        {
            _mds.Time.Advance(TimeSpan.FromSeconds(1));
            _mds.List(dir, CapBits.All, "a");
        }
        _mds.Sent();
    }

    [Fact]
    public void Recall_GivesBackTheLeastRecentlyUsedDownToTheTarget()
    {
        _mds.Says(new Recall(2));
        Assert.Equal(Dirs[..3], _mds.Sent<CapRelease>().Select(r => r.Ino));
        Assert.Equal(Dirs[3..], _mds.Core.Caps.Records.Select(r => r.Ino));
        Assert.Equal(1, _mds.Core.Counters.Recalls);
    }

    [Fact]
    public void Recall_LeavesWhatIsLookedAtOrInUse()
    {
        _mds.Core.Directories.Find(Dirs[0])!.Viewers++;
        _mds.Unlink("a", dir: Dirs[1]);
        _mds.Sent();
        _mds.Says(new Recall(0));
        Assert.Equal(Dirs[2..], _mds.Sent<CapRelease>().Select(r => r.Ino));
        Assert.Equal(Dirs[..2], _mds.Core.Caps.Records.Select(r => r.Ino));
    }

    [Fact]
    public void GivenBack_TheListingIsAsOfNow_AndAskedForAgainWhenItIsOld()
    {
        DirectoryState directory = _mds.Core.Directories.Find(Dirs[0])!;
        _mds.Says(new Recall(0));
        Assert.False(_mds.Core.Directories.IsLive(directory));
        Assert.True(_mds.Core.Directories.IsFresh(directory));
        _mds.Time.Advance(_mds.Options.AttributeTimeout);
        Assert.False(_mds.Core.Directories.IsFresh(directory));
    }
}
