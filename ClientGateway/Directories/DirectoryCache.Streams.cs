using System.Diagnostics;
using Capstan.ClientGateway.SharedCache;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Directories;

// Readers that wait, and the listings under way that bring what they wait for.
internal sealed partial class DirectoryCache
{
    private const int MaxCredits = 512;
    private const int MaxAttempts = 8;

    /// <summary>Pages that a reader of all of a directory asks the MDS for before it is known whether the shared cache has the rest.</summary>
    private const int PagesBesideShared = 8;

    private long _askedAt;

    /// <summary>Whether somebody has asked for rows so short a time ago, and after <paramref name="since"/>. Read without the lock.</summary>
    public bool IsAsked(TimeSpan lately, long since)
    {
        long asked = Volatile.Read(ref _askedAt);
        return asked > since && time.GetElapsedTime(asked) < lately;
    }

    /// <summary>Waits until rows [first, first + count) are cached, asking for what is missing; with <paramref name="whole"/> for all that follows, too.</summary>
    public RangeWaiter Demand(DirectoryState directory, Caller caller, long first, long count, bool whole = false, ReadaheadWindow? window = null)
    {
        Debug.Assert(!directory.IsDropped, "what was dropped is looked up anew");
        if (window is not null)
            Observe(directory, window, first, count);
        Volatile.Write(ref _askedAt, time.GetTimestamp());
        RangeWaiter waiter = new(first, count, caller) { Whole = whole, Window = window };
        directory.Waiters.Add(waiter);
        Waiting++;
        Serve(directory);
        return waiter;
    }

    /// <summary>Lists up to <paramref name="credits"/> pages behind the name <paramref name="after"/> (empty: from the start) for somebody who takes them as they come.</summary>
    /// <param name="yields">At the MDS, too, every page that somebody waits for goes before these.</param>
    public void Follow(DirectoryState directory, Caller caller, FileName after, int credits, IPageFollower follower, bool yields = false)
    {
        // Of a listing that goes on behind a name nobody knows the rank before its first page.
        const long Unknown = long.MinValue / 2;
        Send(new ReaddirStream(this, directory, caller, after.IsEmpty ? 0 : Unknown, after, credits) { Follower = follower, Waited = yields ? 0 : 1 });
    }

    /// <summary>Asks for the page around the place of a name, whose rank it then tells.</summary>
    public ReaddirStream DemandAround(DirectoryState directory, Caller caller, FileName name)
    {
        ReaddirStream stream = new(this, directory, caller, name.Predecessor is { IsEmpty: false } before ? -1 : 0, name.Predecessor, 1) { Waited = 1 };
        Send(stream);
        return stream;
    }

    /// <summary>Nobody waits for these rows any more. What is on its way for them alone is called off.</summary>
    public void Abandon(DirectoryState directory, RangeWaiter waiter)
    {
        if (!Forget(directory, waiter))
            return;
        foreach (ReaddirStream stream in directory.Streams.ToArray())
        {
            if (stream.PagesUntil(waiter.Missing, PageRows(directory)) > 0 && (waiter.Whole || !stream.Whole))
                CallOff(stream);
        }
    }

    private bool Forget(DirectoryState directory, RangeWaiter waiter)
    {
        if (!directory.Waiters.Remove(waiter))
            return false;
        Waiting--;
        return true;
    }

    public void OnPage(ReaddirStream stream, byte[] bytes)
    {
        DirectoryState directory = stream.Directory;
        if (DirectoryPage.TryOpen(bytes) is not { } page || page.Header.Dir != directory.Ino || page.Header.Epoch != session.Epoch || !stream.Continues(page))
        {
            // Never believed; the stream's end asks again for what is still wanted.
            counters.PagesRejected++;
            stream.IsBroken = true;
            return;
        }
        stream.Credits--;
        stream.Waited = Math.Max(0, stream.Waited - 1);
        stream.PagesArrived++;
        directory.PagesFromMds++;
        stream.HasLast |= page.Header.Last;
        if (page.Count > 0)
            shared.Write(new PageKey(session.Generation, directory.Ino, page.Header.Version, page.Header.FirstRank), bytes);
        stream.IsPastTheEnd |= page.Count == 0;
        if (page.Count > 0)
        {
            stream.NextRank = page.Header.FirstRank + page.Count;
            stream.LastName = page.Name(page.Count - 1);
        }
        bool wanted = directory.Waiters.Exists(w => w.Wants(page.Header.FirstRank, page.Header.FirstRank + page.Count));
        bool isAhead = !wanted && stream.Window is not null;
        CachedPage? cached = directory.AddPage(page, IsLive(directory), isAhead, stream.Window);
        stream.Position = directory.RankAfter(stream.LastName) is >= 0 and var rank ? rank : stream.NextRank;
        directory.ValidatedAt = directory.ListedAt = time.GetTimestamp();
        Serve(directory);
        Budget.Reclaim(cached);
        stream.Follower?.PageArrived(page);
        if (!page.Header.Last)
            TopUp(stream);
    }

    public void OnStreamEnded(ReaddirStream stream, Reply reply)
    {
        Close(stream, reply);
        stream.Follower?.ListingEnded(reply.Errno);
    }

    private void Close(ReaddirStream stream, Reply reply)
    {
        DirectoryState directory = stream.Directory;
        directory.Streams.Remove(stream);
        if (reply.Errno == FsErrno.Ok && !directory.IsKnown && reply.Attributes.Count > 0)
            directory.OnListed(reply.Version, reply.Attributes[0]);
        directory.StreamEnded();
        if (reply.Errno == FsErrno.Ok)
        {
            directory.ValidatedAt = time.GetTimestamp();
            if (stream.WasCutShort)
            {
                foreach (RangeWaiter waiter in directory.Waiters)
                    waiter.Attempts = Math.Max(0, waiter.Attempts - 1);
            }
            Serve(directory);
            return;
        }
        if (reply.Errno is FsErrno.NoEntry or FsErrno.Stale)
        {
            directory.Forget();
            directory.ChangeCounter++;
        }
        // The refusal is the caller's who asked; other callers' readers ask for themselves.
        foreach (RangeWaiter waiter in directory.Waiters.ToArray())
        {
            if (waiter.Caller != stream.Caller && reply.Errno is FsErrno.AccessDenied)
                continue;
            Forget(directory, waiter);
            waiter.Complete(reply.Errno);
        }
        Serve(directory);
    }

    /// <summary>Completes the waiters whose rows are there and sees that the others' are on their way.</summary>
    private void Serve(DirectoryState directory)
    {
        for (int i = directory.Waiters.Count - 1; i >= 0; i--)
        {
            RangeWaiter waiter = directory.Waiters[i];
            bool fresh = IsFresh(directory);
            long missing = directory.IsKnown ? directory.FirstMissing(waiter.First, waiter.Count) : waiter.First;
            waiter.Missing = Math.Max(0, missing);
            if (fresh && missing < 0)
            {
                Forget(directory, waiter);
                waiter.Complete(FsErrno.Ok);
            }
        }
        foreach (RangeWaiter waiter in directory.Waiters.ToArray())
        {
            if (Coming(directory, waiter) is { } stream)
                TopUp(stream);
            else if (!AskShared(directory, waiter.Caller, waiter.Missing, waiter.Window))
                Fetch(directory, waiter);
        }
    }

    /// <summary>
    /// The stream that brings what a reader waits for. One that has much else to bring first does not count for somebody who looks at an empty place: to ask for
    /// a page twice costs less than to wait for a hundred.
    /// </summary>
    private ReaddirStream? Coming(DirectoryState directory, RangeWaiter waiter)
    {
        int pageRows = PageRows(directory);
        ReaddirStream? nearest = Bringer(directory, waiter);
        if (nearest is null || !waiter.IsUrgent)
            return nearest;
        int distance = nearest.PagesUntil(waiter.Missing, pageRows);
        if (distance > RangeWaiter.UrgentPages)
            return null;
        int waited = Math.Min(nearest.Credits, nearest.PagesUntil(Math.Max(waiter.Missing, waiter.First + waiter.Count - 1), pageRows) is var last and > 0 ? last : distance);
        if (waited > nearest.Waited)
        {
            nearest.Waited = waited;
            session.Post(new ReaddirCredit(nearest.Tid, 0, waited));
        }
        return nearest;
    }

    /// <summary>Whoever looks waits for the nearest; bulk stays with the stream that comes from far, and makes no other one longer.</summary>
    private static ReaddirStream? Bringer(DirectoryState directory, RangeWaiter waiter)
    {
        int pageRows = PageRows(directory), distance = 0;
        ReaddirStream? bringer = null;
        foreach (ReaddirStream stream in directory.Streams)
        {
            if (stream.PagesUntil(waiter.Missing, pageRows) is var pages and > 0 && (bringer is null || (waiter.IsUrgent ? pages < distance : pages > distance)))
                (bringer, distance) = (stream, pages);
        }
        return bringer;
    }

    private void Fetch(DirectoryState directory, RangeWaiter waiter)
    {
        if (++waiter.Attempts > MaxAttempts)
        {
            Forget(directory, waiter);
            waiter.Complete(FsErrno.TryAgain);
            return;
        }
        int pageRows = PageRows(directory);
        int pages = (int)Math.Clamp((waiter.First + waiter.Count - waiter.Missing + pageRows - 1) / pageRows, 1, MaxCredits);
        // Of bulk somebody waits for the first page only.
        int waited = waiter.IsUrgent ? pages : waiter.Attempts == 1 && waiter.Missing == waiter.First ? 1 : 0;
        int ahead = waiter.Window is { Pattern: AccessPattern.Opening or AccessPattern.Sequential } window && MayReadAhead(directory) ? window.Pages
            : waiter.Window is null && waiter.Missing == 0 ? 1 : 0;
        long from = waiter.Missing;
        // Who goes backwards wants what is before these rows next: pages that end with them, not such as begin with them.
        if (waiter.Window is { Pattern: AccessPattern.Reverse } && IsFresh(directory))
            from = Math.Min(from, Math.Max(directory.StartOfGap(from), Math.Min(waiter.First + waiter.Count, directory.Total) - ((long)pages * pageRows)));
        Start(directory, waiter.Caller, from, Math.Min(MaxCredits, pages + ahead), waited, waiter.Whole, waiter.Window);
    }

    /// <summary>Not before the first page: until then the MDS may not know the stream yet.</summary>
    private void TopUp(ReaddirStream stream)
    {
        if (stream.PagesArrived == 0 || stream.IsBrief || stream.IsCancelled)
            return;
        DirectoryState directory = stream.Directory;
        int pageRows = PageRows(directory);
        long target = 0;
        foreach (RangeWaiter waiter in directory.Waiters)
        {
            if (Bringer(directory, waiter) == stream)
                target = Math.Max(target, waiter.First + waiter.Count);
        }
        if (stream.Whole && Budget.Bytes < Budget.Budget / 2)
            target = directory.Total;
        target = Math.Min(target, directory.Total);
        long wanted = Math.Min(MaxCredits, (target - stream.Position + pageRows - 1) / pageRows);
        if (wanted - stream.Credits > MaxCredits / 8 || (stream.Credits == 0 && wanted > 0))
            AddCredits(stream, (int)(wanted - stream.Credits));
    }

    private void AddCredits(ReaddirStream stream, int credits)
    {
        stream.Credits += credits;
        session.Post(new ReaddirCredit(stream.Tid, credits));
    }

    private void Start(DirectoryState directory, Caller caller, long rank, int credits, int waited, bool whole = false, ReadaheadWindow? window = null, bool brief = false)
    {
        if (whole)
            credits = shared.IsOn && !directory.IsKnown ? PagesBesideShared : MaxCredits;
        FileName after = IsFresh(directory) ? directory.CookieBefore(rank) : default;
        bool revalidate = directory.IsKnown && !IsFresh(directory);
        directory.Misses++;
        Send(new ReaddirStream(this, directory, caller, after.IsEmpty && revalidate ? 0 : rank, after, credits)
        {
            Whole = whole && credits == MaxCredits,
            Waited = waited,
            Window = window,
            IsBrief = brief || (whole && credits < MaxCredits),
            IfVersion = revalidate ? directory.Version : null,
        });
    }

    private void Send(ReaddirStream stream)
    {
        DirectoryState directory = stream.Directory;
        Debug.Assert(!directory.IsDropped, "what was dropped is looked up anew");
        directory.Streams.Add(stream);
        directory.StreamsUnderWay++;
        directory.Wanted |= CapBits.All;
        stream.Tid = session.Send(stream.Caller, stream.Request(), stream);
    }

    /// <summary>Ends a stream early that brings nothing anybody waits for. Its reply comes all the same.</summary>
    private void CallOff(ReaddirStream stream)
    {
        DirectoryState directory = stream.Directory;
        int pageRows = PageRows(directory);
        if (stream.IsCancelled || stream.Follower is not null || directory.Waiters.Exists(w => stream.PagesUntil(w.Missing, pageRows) > 0))
            return;
        stream.IsCancelled = true;
        stream.Credits = 0;
        session.Post(new ReaddirCancel(stream.Tid));
    }

    private static int PageRows(DirectoryState directory) =>
        directory.PageCount == 0 ? DirectoryPageBuilder.MaxEntries : (int)Math.Clamp(directory.CachedEntries / directory.PageCount, 1, DirectoryPageBuilder.MaxEntries);
}
