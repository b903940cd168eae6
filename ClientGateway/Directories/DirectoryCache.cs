using System.Diagnostics;
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
    private readonly Dictionary<InodeId, DirectoryState> _directories = [];
    private FolderCounts? _counts;
    private DirectoryState? _found; // The last one: bulk work asks for the same one again and again.

    public PageBudget Budget { get; } = new(options.PageBudgetBytes, counters);

    /// <summary>Pages of readahead, at most, for one reader.</summary>
    public int MaxReadaheadPages { get; set; } = options.MaxReadaheadPages;

    public IReadOnlyCollection<DirectoryState> Directories => _directories.Values;

    /// <summary>Readers that wait for rows: who reads whole trees leaves them the line.</summary>
    public int Waiting { get; private set; }

    /// <summary>Of folders that are rows of what somebody looks at.</summary>
    public FolderCounts Counts => _counts ??= new FolderCounts(this, session, caps, time);

    /// <summary>Told of each change that was applied to any directory.</summary>
    public List<IChangeFollower> Followers { get; } = [];

    /// <summary>Told of each change that was applied, before readers are: (directory, change).</summary>
    public Action<DirectoryState>? Changed { get; set; }

    public DirectoryState? Find(InodeId ino) => _found?.Ino == ino ? _found : _directories.TryGetValue(ino, out DirectoryState? directory) ? _found = directory : null;

    /// <summary>For somebody who is about to use it.</summary>
    public DirectoryState GetOrAdd(InodeId ino)
    {
        if (Find(ino) is { } known)
        {
            Use(known);
            return known;
        }
        DirectoryState directory = new(ino, Budget, counters) { Path = ino == InodeId.Root ? "/" : null };
        _directories.Add(ino, directory);
        _byUse.AddFirst(directory.ByUse);
        return directory;
    }

    /// <summary>The same, or what is there in the place of one that was dropped.</summary>
    public DirectoryState Current(DirectoryState directory) => directory.IsDropped ? GetOrAdd(directory.Ino) : directory;

    /// <summary>The directory is gone for good: nothing is kept of it, unless somebody still uses what was known.</summary>
    public void Forget(InodeId ino)
    {
        if (Find(ino) is { IsInUse: false } directory)
            Drop(directory, EvictionCause.Invalid);
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
        Debug.Assert(!directory.IsDropped, "what was dropped is looked up anew");
        if (!options.StrictDeltas || seen <= directory.SettledAt)
            return null;
        if (directory.Settling is { } asked && asked.Version >= seen)
            return asked.Call.Reply;
        counters.ReadsSettled++;
        // What was seen may be more than is known now, of a directory that was dropped meanwhile.
        DirectoryVersion version = directory.Version > seen ? directory.Version : seen;
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
        if (!caps.Holds(ino, CapBits.Fs))
            Counts.Outdated(ino);
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
        Debug.Assert(!directory.IsDropped, "what was dropped is looked up anew");
        foreach (ReaddirStream stream in directory.Streams)
            stream.Shift(delta.Name, delta.Kind switch { DeltaKind.Added => 1, DeltaKind.Removed => -1, _ => 0 });
        directory.Apply(delta);
        foreach (IChangeFollower follower in Followers)
            follower.OnChange(delta.Dir, delta.Kind, delta.Name, delta.Attributes);
        Budget.Reclaim(null);
        if (directory.Waiters.Count > 0)
            Serve(directory);
    }

    /// <summary>One's own unlinks: each name's end made the next version, the first one that after <paramref name="from"/>.</summary>
    public void ApplyRemovals(DirectoryState directory, DirectoryVersion from, FileName[] names)
    {
        foreach (ReaddirStream stream in directory.Streams)
        {
            foreach (FileName name in names)
                stream.Shift(name, -1);
        }
        directory.ApplyRemovals(from, names);
        foreach (IChangeFollower follower in Followers)
            foreach (FileName name in names)
                follower.OnChange(directory.Ino, DeltaKind.Removed, name, null);
        if (directory.Waiters.Count > 0)
            Serve(directory);
    }
}
