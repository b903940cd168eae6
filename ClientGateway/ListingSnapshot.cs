using Capstan.Shared;

namespace Capstan.ClientGateway;

/// <summary>What a gateway had of a directory at the moment when somebody began to look at it.</summary>
public enum ListingStart
{
    /// <summary>Pages of its own under Fs: nothing had to be asked.</summary>
    WarmUnderCaps,

    /// <summary>Pages of its own without a cap, seen within the attribute timeout: nothing had to be asked.</summary>
    WarmWithinTimeout,

    /// <summary>It had never been listed here, or had been forgotten.</summary>
    NeverSeen,

    /// <summary>It had been listed, but the cap was gone and the timeout over: the MDS had to say whether it is still the same.</summary>
    CapsLost,

    /// <summary>The directory was known and true, but the first rows were not in memory (dropped for others, or never read).</summary>
    RowsMissing,
}

/// <summary>Where the rows of a view came from, and by which right they are shown.</summary>
public sealed record ListingSnapshot
{
    public required ListingStart Start { get; init; }

    /// <summary>Held on the directory now.</summary>
    public required CapBits Caps { get; init; }

    public required DirectoryVersion Version { get; init; }

    /// <summary>Rows of the directory that are in this gateway's memory now.</summary>
    public long CachedEntries { get; init; }

    public long Entries { get; init; }

    /// <summary>Since the view was opened, for all who look at the directory: listings asked of the MDS, and pages that came from it and from the shared cache.</summary>
    public long Requests { get; init; }

    public long PagesFromMds { get; init; }

    public long PagesFromSharedCache { get; init; }
}
