using Capstan.Shared;

namespace Capstan.Mds.Caps;

/// <summary>What has happened since this MDS started. Written by the one loop that owns the rules.</summary>
internal sealed class MdsCounters
{
    public long Grants;
    public long Revokes;
    public long DeltasSent;

    /// <summary>Answers that waited for the acks of holders: of writers, and of readers that had seen what not all holders have.</summary>
    public long WritersHeld;
    public long ReadersHeld;
    public long RequestsParked;
    public long Recalls;

    /// <summary>Listings that ended early for others that somebody waited for, and the most that were open at a time.</summary>
    public long ListingsCutShort;
    public int MostListings;
    public long LeasesExpired;
    public long Evictions;

    /// <summary>From sending the oldest unanswered revoke of a record to its ack.</summary>
    public readonly LatencyDistribution RevokeLatency = new();
}
