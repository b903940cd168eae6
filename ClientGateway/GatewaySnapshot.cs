using Capstan.Shared;

namespace Capstan.ClientGateway;

/// <summary>Everything the cache page shows, at one moment. Counters count since the start of the gateway.</summary>
public sealed record GatewaySnapshot
{
    public required SessionSnapshot Session { get; init; }

    /// <summary>Answered without a request / needed one: pages, path lookups and attributes, names that are not there, xattrs.</summary>
    public required HitRatio Pages { get; init; }

    public required HitRatio Attributes { get; init; }

    public required HitRatio NegativeNames { get; init; }

    public required HitRatio NegativeXattrs { get; init; }

    /// <summary>Requests that were sent, and those that caches made needless.</summary>
    public long Requests { get; init; }

    /// <summary>Requests that were sent after something had arrived since the request before: those that a reader may have had to wait for one after another.</summary>
    public long SequentialRoundTrips { get; init; }

    public long RoundTripsSaved { get; init; }

    public long CachedBytes { get; init; }

    public long BudgetBytes { get; init; }

    public long CachedPages { get; init; }

    public long CachedEntries { get; init; }

    public long ReadaheadIssued { get; init; }

    public long ReadaheadUseful { get; init; }

    public long ReadaheadWasted { get; init; }

    /// <summary>Bytes read ahead that nobody has used yet: a small part of the budget.</summary>
    public long ReadaheadUnreadBytes { get; init; }

    /// <summary>Pages that the MDS sent and that were not believed.</summary>
    public long PagesRejected { get; init; }

    /// <summary>The shared second level; null when there is none.</summary>
    public SharedCacheSnapshot? SharedCache { get; init; }

    /// <summary>Bytes of sorted and filtered views, which count towards the budget.</summary>
    public long ArrangedBytes { get; init; }

    public long DeltasApplied { get; init; }

    public long DeltaGaps { get; init; }

    public long AsynchronousOperations { get; init; }

    public long PipelinedOperations { get; init; }

    /// <summary>Why operations were pipelined, by reason.</summary>
    public required IReadOnlyDictionary<FallbackReason, long> Fallbacks { get; init; }

    public int PendingOperations { get; init; }

    public TimeSpan OldestPending { get; init; }

    public long ErrorsAfterLocalSuccess { get; init; }

    public int RevokesWaiting { get; init; }

    public long Revokes { get; init; }

    public TimeSpan LastRevokeLatency { get; init; }

    /// <summary>From a revoke's arrival to its ack: the median, and what one in a hundred exceeds.</summary>
    public TimeSpan RevokeLatencyMedian { get; init; }

    public TimeSpan RevokeLatency99 { get; init; }

    /// <summary>Times a read had to ask whether every other holder has what it saw.</summary>
    public long ReadsSettled { get; init; }

    /// <summary>Times the MDS has asked for caps back.</summary>
    public long Recalls { get; init; }

    /// <summary>Sent and not answered, reads and mutations.</summary>
    public int RequestsInFlight { get; init; }

    /// <summary>Of the revokes that wait.</summary>
    public TimeSpan OldestRevoke { get; init; }

    /// <summary>Operations that failed and that nobody has dismissed.</summary>
    public int FailedOperations { get; init; }

    /// <summary>From a request's leaving to its answer: the median, and what one in a hundred exceeds.</summary>
    public TimeSpan RequestMedian { get; init; }

    public TimeSpan Request99 { get; init; }

    /// <summary>Pages given up, by cause.</summary>
    public IReadOnlyDictionary<EvictionCause, long> Evictions { get; init; } = new Dictionary<EvictionCause, long>();

    /// <summary>Directories known, and cap records held.</summary>
    public int DirectoriesKnown { get; init; }

    public int CapRecords { get; init; }

    /// <summary>Directories that were forgotten, because they are gone or because there were too many.</summary>
    public long DirectoriesDropped { get; init; }

    /// <summary>Cap records by bit.</summary>
    public required IReadOnlyDictionary<CapBits, int> CapsByClass { get; init; }

    public required IReadOnlyList<DirectorySnapshot> Directories { get; init; }
}

public readonly record struct HitRatio(long Hits, long Misses)
{
    public double? Value => Hits + Misses == 0 ? null : (double)Hits / (Hits + Misses);
}

/// <param name="IsOn">It answers in time; otherwise it is left alone and probed.</param>
/// <param name="Bypassed">Reads that were too slow, or met no server.</param>
/// <param name="Rejected">Pages that came and were not believed.</param>
public sealed record SharedCacheSnapshot(bool IsOn, HitRatio Reads, long Bypassed, long Rejected, long Writes, long WritesDropped, long Outages)
{
    /// <summary>Of the reads that were answered in time.</summary>
    public TimeSpan ReadMedian { get; init; }
}

public enum SessionState
{
    Connecting,
    Open,
    Reclaiming,
    Closed,
}

public sealed record SessionSnapshot(
    SessionState State, string Id, Epoch Epoch, TimeSpan LeaseRemaining, TimeSpan RoundTrip, int InFlight, long Reconnects, string Endpoint);

/// <summary>One directory known to the gateway.</summary>
public sealed record DirectorySnapshot
{
    public required InodeId Ino { get; init; }

    /// <summary>As last resolved through; null when only the number is known.</summary>
    public string? Path { get; init; }

    public long Entries { get; init; }

    public long CachedEntries { get; init; }

    public int Pages { get; init; }

    public long Bytes { get; init; }

    public bool IsComplete { get; init; }

    public DirectoryVersion Version { get; init; }

    public CapBits Caps { get; init; }

    public int OperationsInFlight { get; init; }

    public int Viewers { get; init; }

    public long Hits { get; init; }

    public long Misses { get; init; }

    public long Revokes { get; init; }

    /// <summary>Since what is cached was last known to be true; zero while it is held live.</summary>
    public TimeSpan Age { get; init; }

    public int ReadaheadWindow { get; init; }
}
