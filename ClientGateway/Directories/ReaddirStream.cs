using Capstan.ClientGateway.Session;
using Capstan.Shared;
using Capstan.Shared.Messages;

namespace Capstan.ClientGateway.Directories;

/// <summary>One readdir under way: pages come until its credits or the directory end.</summary>
internal sealed class ReaddirStream(DirectoryCache cache, DirectoryState directory, Caller caller, long firstRank, FileName after, int credits) : IPageOwner
{
    private readonly TaskCompletionSource<FsErrno> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DirectoryState Directory => directory;

    public Caller Caller => caller;

    public long Tid { get; set; }

    /// <summary>Rank that the next page starts with; -1 while a stream that began at a name has brought none.</summary>
    public long NextRank { get; set; } = firstRank;

    /// <summary>It began behind the last entry.</summary>
    public bool IsPastTheEnd { get; set; }

    public FileName LastName { get; set; } = after;

    public int Credits { get; set; } = credits;

    /// <summary>A reader of all of it: pages are to keep coming to the end.</summary>
    public bool Whole { get; init; }

    /// <summary>Told of each page, and of the end.</summary>
    public IPageFollower? Follower { get; init; }

    /// <summary>In the place of what the shared cache did not bring in time: no more than it was begun with.</summary>
    public bool IsBrief { get; init; }

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

    /// <summary>Completes with the stream: for a reader who waits for what it brings, and not for rows whose ranks it knows.</summary>
    public Task<FsErrno> Ended => _ended.Task;

    public void PageArrived(byte[] page) => cache.OnPage(this, page);

    public void Replied(Reply reply)
    {
        cache.OnStreamEnded(this, reply);
        _ended.TrySetResult(reply.Errno);
    }

    public bool SessionLost() => true;

    public void Resumed(long tid) => Tid = tid;

    public ReaddirOperation Resume() => Request(CapBits.All, null);
}
