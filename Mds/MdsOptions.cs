namespace Capstan.Mds;

/// <summary>How the MDS behaves.</summary>
public sealed record MdsOptions
{
    public required string DataDirectory { get; init; }

    /// <summary>How long caps live without a renewal.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A session that does not answer a revoke for so long is evicted. Not below <see cref="Lease"/> in production: until that has
    /// run out an evicted session that cannot be reached may believe in its caps.
    /// </summary>
    public TimeSpan RevokeTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A session that does not renew for so long is ended and its completed tids forgotten.</summary>
    public TimeSpan AutoClose { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Requests that one session may have out.</summary>
    public int MaxInFlight { get; init; } = 32_768;

    /// <summary>
    /// Answered requests that are remembered for one session. A gateway stays far below (its oldest unanswered request trails by a quarter of
    /// this at most); one that never says what it has been answered is evicted, so that it cannot fill the memory.
    /// </summary>
    public int MaxRemembered { get; init; } = 1 << 20;

    /// <summary>
    /// Listings that are read from a snapshot of the store at a time, over all sessions and of one. Each takes some megabytes; further ones wait, and
    /// those that are only read ahead end early for those that somebody waits for.
    /// </summary>
    public int MaxListings { get; init; } = 64;

    public int MaxListingsPerSession { get; init; } = 32;

    /// <summary>Cap records that one session may hold before it is asked to give some back.</summary>
    public int MaxCapsPerSession { get; init; } = 200_000;

    /// <summary>The switch for all gateways: off, nobody gets Fx and Du.</summary>
    public bool AsyncUnlink { get; init; } = true;

    /// <summary>What has been in the trash for so long is purged. Zero: it stays until somebody purges it.</summary>
    public TimeSpan TrashRetention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How the store is tuned; null for its defaults in <see cref="DataDirectory"/>.</summary>
    internal Storage.StoreOptions? Store { get; init; }

    /// <summary>Operations in one transaction, at most.</summary>
    public int MaxGroup { get; init; } = 4096;
}
