using Capstan.Shared;

namespace Capstan.ClientGateway;

/// <summary>What has happened since the gateway started. Written under the gateway's lock.</summary>
internal sealed class GatewayCounters
{
    public long Requests;
    public long SequentialRoundTrips;
    public long RoundTripsSaved;
    public long PageHits;
    public long PageMisses;
    public long AttributeHits;
    public long AttributeMisses;
    public long NegativeNameHits;
    public long NegativeNameMisses;
    public long NegativeXattrHits;
    public long NegativeXattrMisses;
    /// <summary>What the MDS sent as a page and was none of the directory that was asked for.</summary>
    public long PagesRejected;
    public long ReadaheadIssued;
    public long ReadaheadUseful;
    public long ReadaheadWasted;
    public long SharedHits;
    public long SharedMisses;
    public long SharedBypassed;
    public long SharedRejected;
    public long SharedWrites;
    public long SharedWritesDropped;
    public long SharedOutages;
    public long DirectoriesDropped;
    public long DeltasApplied;
    public long DeltaGaps;
    public long AsynchronousOperations;
    public long PipelinedOperations;
    public long ErrorsAfterLocalSuccess;
    public long Revokes;
    public TimeSpan LastRevokeLatency;
    public long ReadsSettled;
    public long Recalls;
    public long Reconnects;
    public TimeSpan RoundTrip;

    /// <summary>From a revoke's arrival to its ack: the time of the operations that held a reference.</summary>
    public readonly LatencyDistribution RevokeLatency = new();

    /// <summary>From a request's leaving to its answer; of a run of answers once.</summary>
    public readonly LatencyDistribution RequestTimes = new();

    /// <summary>Answers of the shared cache that came in time.</summary>
    public readonly LatencyDistribution SharedReadTimes = new();

    /// <summary>Pages given up, by cause.</summary>
    public readonly long[] Evictions = new long[Enum.GetValues<EvictionCause>().Length];

    public readonly long[] Fallbacks = new long[Enum.GetValues<FallbackReason>().Length];
}
