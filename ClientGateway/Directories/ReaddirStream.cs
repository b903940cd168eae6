using Capstan.ClientGateway.Session;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway.Directories;

/// <summary>One readdir under way: pages come until its credits or the directory end.</summary>
internal sealed class ReaddirStream(DirectoryCache cache, DirectoryState directory, Caller caller, long firstRank, FileName after, int credits) : IPageOwner
{
    public DirectoryState Directory => directory;

    public Caller Caller => caller;

    public long Tid { get; set; }

    /// <summary>Rank that the next page starts with.</summary>
    public long NextRank { get; set; } = firstRank;

    public FileName LastName { get; set; } = after;

    public int Credits { get; set; } = credits;

    /// <summary>A reader of all of it: pages are to keep coming to the end.</summary>
    public bool Whole { get; init; }

    /// <summary>Told of each page, and of the end.</summary>
    public IPageFollower? Follower { get; init; }

    /// <summary>The first page serves a reader; those after it were read ahead unless a reader waits for them.</summary>
    public int PagesArrived { get; set; }

    public ReaddirOperation Request(CapBits want, DirectoryVersion? ifVersion) => new(directory.Ino)
    {
        After = LastName,
        Rank = LastName.IsEmpty && NextRank > 0 ? NextRank : null,
        Credits = Credits,
        Want = want,
        IfVersion = ifVersion,
    };

    public void PageArrived(byte[] page) => cache.OnPage(this, page);

    public void Replied(Reply reply) => cache.OnStreamEnded(this, reply);

    public bool SessionLost() => true;

    public void Resumed(long tid) => Tid = tid;

    public ReaddirOperation Resume() => Request(CapBits.All, null);
}
