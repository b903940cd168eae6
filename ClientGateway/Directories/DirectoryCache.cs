using Capstan.ClientGateway.Caps;
using Capstan.ClientGateway.Session;
using Capstan.ClientGateway.SharedCache;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Directories;

/// <summary>
/// Listings: demand, readahead, deltas. No page is asked for twice while it is on its way. Not thread-safe: owned by
/// <c>GatewayCore</c>.
/// </summary>
internal sealed partial class DirectoryCache(GatewayOptions options, GatewaySession session, CapTable caps, SharedPages shared, TimeProvider time, GatewayCounters counters)
{
    private const int MaxCredits = 512;
    private const int MaxAttempts = 8;

    private readonly Dictionary<InodeId, DirectoryState> _directories = [];

    public PageBudget Budget { get; } = new(options.PageBudgetBytes, counters);

    public IReadOnlyCollection<DirectoryState> Directories => _directories.Values;

    /// <summary>Told of each change that was applied, before readers are: (directory, change).</summary>
    public Action<DirectoryState>? Changed { get; set; }

    public DirectoryState? Find(InodeId ino) => _directories.GetValueOrDefault(ino);

    public DirectoryState GetOrAdd(InodeId ino)
    {
        if (!_directories.TryGetValue(ino, out DirectoryState? directory))
            _directories.Add(ino, directory = new DirectoryState(ino, Budget, counters) { Path = ino == InodeId.Root ? "/" : null });
        return directory;
    }

    /// <summary>The directory is gone for good: nothing is kept of it, unless somebody still looks at it.</summary>
    public void Drop(InodeId ino)
    {
        if (Find(ino) is not { Viewers: 0, StreamsUnderWay: 0, Waiters.Count: 0 } directory)
            return;
        directory.DropPages();
        _directories.Remove(ino);
    }

    public bool IsLive(DirectoryState directory) => directory.IsKnown && caps.Holds(directory.Ino, CapBits.Fs);

    /// <summary>May be served: live, or seen within the attribute timeout.</summary>
    public bool IsFresh(DirectoryState directory) =>
        IsLive(directory) || (directory.IsKnown && time.GetElapsedTime(directory.ValidatedAt) < options.AttributeTimeout);

    /// <summary>
    /// What is to be waited for before anybody is told what the directory showed at a version; null when every other strict holder is
    /// known to have that. A reader who is told sooner could meet one who asks another gateway later and is told of what was before.
    /// </summary>
    public Task<Reply>? Settle(DirectoryState directory, DirectoryVersion seen)
    {
        if (!options.StrictDeltas || seen <= directory.SettledAt)
            return null;
        if (directory.Settling is { } asked && asked.Version >= seen)
            return asked.Call.Reply;
        counters.ReadsSettled++;
        DirectoryVersion version = directory.Version;
        ReadCall call = new(reply =>
        {
            if (reply.Errno == FsErrno.Ok)
                directory.OnSettled(version);
            if (directory.Settling?.Version == version)
                directory.Settling = null;
        });
        directory.Settling = (version, call);
        session.Send(Caller.Root, new SettleOperation(directory.Ino), call);
        return call.Reply;
    }

    /// <summary>Only of what is live: without Fs a listing is as of a moment, and says so.</summary>
    public bool IsSettled(DirectoryState directory) => !options.StrictDeltas || directory.Version <= directory.SettledAt || !IsLive(directory);

    public void OnGrant(CapGrant grant)
    {
        DirectoryState directory = GetOrAdd(grant.Ino);
        directory.OnGrant(grant.Version, grant.Attributes);
        if (!grant.IsUnsettled)
            directory.OnSettled(grant.Version);
        directory.ValidatedAt = time.GetTimestamp();
        Serve(directory);
    }

    /// <param name="asOfNow">The cap was good until now: the listing has just been seen. Otherwise nobody knows since when it was not.</param>
    public void OnCapsLost(InodeId ino, bool asOfNow)
    {
        if (Find(ino) is not { } directory)
            return;
        if (asOfNow)
            directory.ValidatedAt = time.GetTimestamp();
        directory.OnCapsLost(asOfNow ? EvictionCause.Revoked : EvictionCause.Expired);
    }

    /// <summary>A change of one's own that no delta tells of: without Fs what is cached is older than it, and no reader may be served from that.</summary>
    public void OnUntoldChange(InodeId ino)
    {
        if (Find(ino) is { IsKnown: true } directory && !IsLive(directory))
            directory.ValidatedAt = Math.Min(directory.ValidatedAt, time.GetTimestamp() - (long)(options.AttributeTimeout.TotalSeconds * time.TimestampFrequency));
    }

    public void OnDelta(DirectoryDelta delta)
    {
        if (Find(delta.Dir) is { } directory)
        {
            counters.DeltasApplied++;
            Apply(directory, delta);
        }
    }

    public void Apply(DirectoryState directory, DirectoryDelta delta)
    {
        directory.Apply(delta);
        Budget.Reclaim(null);
        if (directory.Waiters.Count > 0)
            Serve(directory);
    }

    /// <summary>One's own unlinks: each name's end made the next version, the first one that after <paramref name="from"/>.</summary>
    public void ApplyRemovals(DirectoryState directory, DirectoryVersion from, FileName[] names)
    {
        directory.ApplyRemovals(from, names);
        if (directory.Waiters.Count > 0)
            Serve(directory);
    }

    /// <summary>Waits until rows [first, first + count) are cached, asking for what is missing; with <paramref name="whole"/> for all that follows, too.</summary>
    public RangeWaiter Demand(DirectoryState directory, Caller caller, long first, long count, bool whole = false)
    {
        RangeWaiter waiter = new(first, count, caller) { Whole = whole };
        directory.Waiters.Add(waiter);
        Serve(directory);
        return waiter;
    }

    /// <summary>Lists up to <paramref name="credits"/> pages behind the name <paramref name="after"/> (empty: from the start) for somebody who takes them as they come.</summary>
    public void Follow(DirectoryState directory, Caller caller, FileName after, int credits, IPageFollower follower)
    {
        // Of a listing that goes on behind a name nobody knows the rank before its first page.
        const long Unknown = long.MinValue / 2;
        Send(new ReaddirStream(this, directory, caller, after.IsEmpty ? 0 : Unknown, after, credits) { Follower = follower }, null);
    }

    /// <summary>Asks for the page around the place of a name, whose rank it then tells.</summary>
    public ReaddirStream DemandAround(DirectoryState directory, Caller caller, FileName name)
    {
        ReaddirStream stream = new(this, directory, caller, name.Predecessor is { IsEmpty: false } before ? -1 : 0, name.Predecessor, 1);
        Send(stream, null);
        return stream;
    }

    public void Abandon(DirectoryState directory, RangeWaiter waiter) => directory.Waiters.Remove(waiter);

    /// <summary>Notes a read that was served and reads ahead of it as the window says.</summary>
    public void OnRead(DirectoryState directory, Caller caller, long first, long count)
    {
        int pageRows = PageRows(directory);
        directory.Readahead.OnRead(first, count, pageRows);
        directory.Readahead.Limit(Math.Min(options.MaxReadaheadPages, (int)(Budget.Budget / 4 / DirectoryPageBuilder.MaxBytes)));
        if (directory.Readahead.Pages == 0 || directory.IsComplete || !IsLive(directory))
            return;
        long end = directory.EndOfRun(Math.Min(first, Math.Max(0, directory.Total - 1)));
        if (end >= directory.Total)
            return;
        ReaddirStream? stream = directory.Streams.Find(s => s.NextRank == end);
        long ready = end + (long)(stream?.Credits ?? 0) * pageRows - (first + count);
        long wanted = (long)directory.Readahead.Pages * pageRows;
        if (ready >= wanted / 2)
            return;
        int credits = (int)Math.Min(MaxCredits, (wanted - ready + pageRows - 1) / pageRows);
        if (stream is not null)
            AddCredits(stream, credits);
        else if (!AskShared(directory, caller, end))
            Start(directory, caller, end, credits);
    }

    public void OnPage(ReaddirStream stream, byte[] bytes)
    {
        DirectoryState directory = stream.Directory;
        if (DirectoryPage.TryOpen(bytes) is not { } page || page.Header.Dir != directory.Ino || page.Header.Epoch != session.Epoch)
            return; // Never believed; the stream's end asks again for what is still wanted.
        stream.Credits--;
        stream.PagesArrived++;
        directory.PagesFromMds++;
        if (page.Count > 0)
            shared.Write(new PageKey(session.Generation, directory.Ino, page.Header.Version, page.Header.FirstRank), bytes);
        stream.IsPastTheEnd |= page.Count == 0;
        if (page.Count > 0)
        {
            stream.NextRank = page.Header.FirstRank + page.Count;
            stream.LastName = page.Name(page.Count - 1);
        }
        bool wanted = directory.Waiters.Exists(w => w.First < page.Header.FirstRank + page.Count && w.First + w.Count > page.Header.FirstRank);
        CachedPage? cached = directory.AddPage(page, IsLive(directory), prefetched: !wanted && stream.Follower is null);
        directory.ValidatedAt = time.GetTimestamp();
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
            directory.Waiters.Remove(waiter);
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
            if (IsFresh(directory) && directory.FirstMissing(waiter.First, waiter.Count) < 0)
            {
                directory.Waiters.RemoveAt(i);
                waiter.Complete(FsErrno.Ok);
            }
        }
        foreach (RangeWaiter waiter in directory.Waiters.ToArray())
        {
            bool fresh = IsFresh(directory);
            long missing = fresh ? directory.FirstMissing(waiter.First, waiter.Count) : directory.IsKnown ? Math.Max(0, directory.FirstMissing(waiter.First, waiter.Count)) : waiter.First;
            if (directory.Streams.Find(s => s.NextRank >= 0 && s.NextRank <= missing && missing < s.NextRank + ((long)Math.Max(1, s.Credits) * DirectoryPageBuilder.MaxEntries)) is { } coming)
            {
                TopUp(coming);
                continue;
            }
            if (AskShared(directory, waiter.Caller, missing))
                continue;
            if (++waiter.Attempts > MaxAttempts)
            {
                directory.Waiters.Remove(waiter);
                waiter.Complete(FsErrno.TryAgain);
                continue;
            }
            long pages = (waiter.First + waiter.Count - missing + PageRows(directory) - 1) / PageRows(directory);
            Start(directory, waiter.Caller, missing, (int)Math.Clamp(pages + (missing == 0 ? 1 : 0), 1, MaxCredits), waiter.Whole);
        }
    }

    /// <summary>Not before the first page: until then the MDS may not know the stream yet.</summary>
    private void TopUp(ReaddirStream stream)
    {
        if (stream.PagesArrived == 0 || stream.IsBrief)
            return;
        DirectoryState directory = stream.Directory;
        long target = directory.Waiters.Count == 0 ? 0 : directory.Waiters.Max(w => w.First <= stream.NextRank ? w.First + w.Count : 0);
        if (stream.Whole && Budget.Bytes < Budget.Budget / 2)
            target = directory.Total;
        target = Math.Min(target, directory.Total);
        long wanted = Math.Min(MaxCredits, (target - stream.NextRank + PageRows(directory) - 1) / PageRows(directory));
        if (wanted - stream.Credits > MaxCredits / 8 || (stream.Credits == 0 && wanted > 0))
            AddCredits(stream, (int)(wanted - stream.Credits));
    }

    private void AddCredits(ReaddirStream stream, int credits)
    {
        stream.Credits += credits;
        session.Post(new ReaddirCredit(stream.Tid, credits));
    }

    private void Start(DirectoryState directory, Caller caller, long rank, int credits, bool whole = false, bool brief = false)
    {
        if (whole)
            credits = MaxCredits;
        if (shared.IsOn && !directory.IsKnown)
            credits = 1; // The version is what the MDS alone can tell; the rest may be nearer.
        FileName after = IsFresh(directory) ? directory.CookieBefore(rank) : default;
        bool revalidate = directory.IsKnown && !IsFresh(directory);
        directory.Misses++;
        ReaddirStream stream = new(this, directory, caller, after.IsEmpty && revalidate ? 0 : rank, after, credits) { Whole = whole && credits > 1, IsBrief = brief };
        Send(stream, revalidate ? directory.Version : null);
    }

    private void Send(ReaddirStream stream, DirectoryVersion? ifVersion)
    {
        DirectoryState directory = stream.Directory;
        directory.Streams.Add(stream);
        directory.StreamsUnderWay++;
        stream.Tid = session.Send(stream.Caller, stream.Request(CapBits.All, ifVersion), stream);
    }

    private static int PageRows(DirectoryState directory) =>
        directory.PageCount == 0 ? DirectoryPageBuilder.MaxEntries : (int)Math.Clamp(directory.CachedEntries / directory.PageCount, 1, DirectoryPageBuilder.MaxEntries);
}
