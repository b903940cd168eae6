using Capstan.ClientGateway.Session;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Directories;

/// <summary>One readdir under way: pages come until its credits or the directory end.</summary>
internal sealed class ReaddirStream(DirectoryCache cache, DirectoryState directory, Caller caller, long firstRank, FileName after, int credits) : IPageOwner
{
    private readonly TaskCompletionSource<FsErrno> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DirectoryState Directory => directory;

    public Caller Caller => caller;

    public long Tid { get; set; }

    /// <summary>Rank that the next page starts with, at the version that the stream reads; -1 while a stream that began at a name has brought none.</summary>
    public long NextRank { get; set; } = firstRank;

    /// <summary>The same by the ranks of now: what comes and goes before it moves it.</summary>
    public long Position { get; set; } = firstRank;

    /// <summary>It began behind the last entry.</summary>
    public bool IsPastTheEnd { get; set; }

    public FileName LastName { get; set; } = after;

    public int Credits { get; set; } = credits;

    /// <summary>The MDS has been told that somebody waits for so many of the next pages.</summary>
    public int Waited { get; set; }

    /// <summary>Nobody waits for more than what it has been told to end with.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>A reader of all of it: pages are to keep coming to the end.</summary>
    public bool Whole { get; init; }

    /// <summary>Of the reader for whom it brings more than was asked for.</summary>
    public ReadaheadWindow? Window { get; set; }

    /// <summary>Told of each page, and of the end.</summary>
    public IPageFollower? Follower { get; init; }

    /// <summary>In the place of what the shared cache did not bring in time: no more than it was begun with.</summary>
    public bool IsBrief { get; init; }

    /// <summary>Asked only whether there is another version.</summary>
    public DirectoryVersion? IfVersion { get; init; }

    /// <summary>The first page serves a reader; those after it were read ahead unless a reader waits for them.</summary>
    public int PagesArrived { get; set; }

    public bool HasLast { get; set; }

    /// <summary>Something came that was no page of this directory.</summary>
    public bool IsBroken { get; set; }

    /// <summary>The MDS has let go of it for others' sake, with credits left.</summary>
    public bool WasCutShort => Credits > 0 && !HasLast && !IsCancelled && !IsBroken && IfVersion is null;

    /// <summary>Pages up to and with the one that a row is on, as far as one can tell; 0: it does not bring it.</summary>
    public int PagesUntil(long rank, int pageRows)
    {
        int pages = Math.Max(1, Credits);
        if (IsCancelled || Position < 0 || rank < Position || rank >= Position + ((long)pages * DirectoryPageBuilder.MaxEntries))
            return 0;
        return (int)Math.Min(pages, ((rank - Position) / pageRows) + 1);
    }

    /// <summary>An entry has come (1) or gone (-1).</summary>
    public void Shift(FileName name, int by)
    {
        if (Position > 0 && name.CompareTo(LastName) <= 0)
            Position += by;
    }

    /// <summary>
    /// Whether a page can be the next one: behind the last name, and where the one before ended, or the jump that was asked for. Behind a cookie only the MDS knows the rank:
    /// what the cookie had may have moved since.
    /// </summary>
    public bool Continues(DirectoryPage page)
    {
        PageHeader header = page.Header;
        bool knowsRank = NextRank >= 0 && (PagesArrived > 0 || (LastName.IsEmpty && IfVersion is null));
        return (!knowsRank || header.FirstRank == Math.Min(NextRank, header.Total)) && (page.Count == 0 || LastName.IsEmpty || LastName.CompareTo(page.Name(0)) < 0);
    }

    public ReaddirOperation Request() => new(directory.Ino)
    {
        After = LastName,
        Rank = LastName.IsEmpty && NextRank > 0 ? NextRank : null,
        Credits = Credits,
        Waited = Math.Min(Waited, Credits),
        Want = CapBits.All,
        IfVersion = IfVersion,
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

    public void Resumed(long tid)
    {
        Tid = tid;
        PagesArrived = 0;
    }

    public ReaddirOperation Resume() => Request() with { IfVersion = null };
}
