namespace Capstan.ClientGateway;

/// <summary>How a gateway behaves. Bound from configuration section "Capstan:Gateway".</summary>
public sealed record GatewayOptions
{
    /// <summary>Of the MDS: <c>unix:/path/to/socket</c> or <c>http://host:port</c>.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>
    /// Names this one gateway to the MDS: a new session under a name ends an older one, whose process must be gone. Empty: the one that is kept in
    /// <see cref="JournalDirectory"/>, the same at every start; without that directory one of this process alone.
    /// </summary>
    public string ClientName { get; init; } = "";

    /// <summary>Unlinks return before the MDS answers where the caps allow it. Off: every operation is pipelined and waits for its reply.</summary>
    public bool AsyncUnlink { get; init; } = true;

    /// <summary>The seed's rule: an asynchronous unlink also takes a reference on the victim's Lx. Off: primary link and current version suffice.</summary>
    public bool RequireTargetLx { get; init; } = true;

    /// <summary>Replies to other writers wait until this gateway has applied their deltas.</summary>
    public bool StrictDeltas { get; init; } = true;

    /// <summary>Requests sent and not answered, at most; the MDS may set less.</summary>
    public int MaxInFlight { get; init; } = 32_768;

    /// <summary>The same for one directory, which bounds how long a revoke takes.</summary>
    public int MaxInFlightPerDirectory { get; init; } = 16_384;

    /// <summary>Bytes of directory pages kept, over all directories.</summary>
    public long PageBudgetBytes { get; init; } = 256L << 20;

    /// <summary>Directories of which something is kept, open ones included. Those that were not used for longest go first, with their pages and caps; what is in use never.</summary>
    public int MaxDirectories { get; init; } = 65_536;

    /// <summary>How long a listing without Fs is served before it is revalidated.</summary>
    public TimeSpan AttributeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a read waits for the MDS before it fails.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Pages of readahead, at most, for one reader.</summary>
    public int MaxReadaheadPages { get; init; } = 64;

    /// <summary>Redis that gateways share as a second level of pages, as host:port; none: each has its own memory only.</summary>
    public string? Redis { get; init; }

    /// <summary>How long a read of the shared cache may take before it is bypassed.</summary>
    public TimeSpan SharedCacheTimeout { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How long a page is kept there, give or take a fifth.</summary>
    public TimeSpan SharedCacheLifetime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Finished jobs and failures that are kept for the operations page.</summary>
    public int FinishedJobsKept { get; init; } = 100;

    /// <summary>Where jobs are written down, so that they survive the process; none: they end with it. One gateway's alone.</summary>
    public string? JournalDirectory { get; init; }

    /// <summary>Jobs whose process ended no longer ago go on by themselves after a restart; older ones are shown as interrupted.</summary>
    public TimeSpan ResumeWithin { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Of jobs that have ended: for so long their undo outlives the process.</summary>
    public TimeSpan UndoKeptFor { get; init; } = TimeSpan.FromDays(1);

    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(5);
}
