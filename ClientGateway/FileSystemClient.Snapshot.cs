using Capstan.ClientGateway.Caps;
using Capstan.ClientGateway.Directories;
using Capstan.Shared;

namespace Capstan.ClientGateway;

public sealed partial class FileSystemClient
{
    private static readonly CapBits[] SingleBits = [.. Enum.GetValues<CapBits>().Where(b => System.Numerics.BitOperations.IsPow2((uint)b))];

    SessionSnapshot IFileSystemClient.Session
    {
        get
        {
            lock (_core.Gate)
                return DescribeSession();
        }
    }

    public GatewaySnapshot Snapshot()
    {
        lock (_core.Gate)
        {
            GatewayCounters c = _core.Counters;
            return new GatewaySnapshot
            {
                Session = DescribeSession(),
                Pages = new HitRatio(c.PageHits, c.PageMisses),
                Attributes = new HitRatio(c.AttributeHits, c.AttributeMisses),
                NegativeNames = new HitRatio(c.NegativeNameHits, c.NegativeNameMisses),
                NegativeXattrs = new HitRatio(c.NegativeXattrHits, c.NegativeXattrMisses),
                Requests = c.Requests,
                SequentialRoundTrips = c.SequentialRoundTrips,
                RoundTripsSaved = c.RoundTripsSaved,
                CachedBytes = _core.Directories.Budget.Bytes,
                BudgetBytes = _core.Directories.Budget.Budget,
                CachedPages = _core.Directories.Budget.Pages,
                CachedEntries = _core.Directories.Directories.Sum(d => d.CachedEntries),
                ReadaheadIssued = c.ReadaheadIssued,
                ReadaheadUseful = c.ReadaheadUseful,
                ReadaheadWasted = c.ReadaheadWasted,
                ArrangedBytes = _core.Directories.Budget.ArrangedBytes,
                SharedCache = _core.HasSharedCache
                    ? new SharedCacheSnapshot(_core.SharedPages.IsOn, new HitRatio(c.SharedHits, c.SharedMisses), c.SharedBypassed, c.SharedRejected, c.SharedWrites, c.SharedWritesDropped, c.SharedOutages)
                    : null,
                DeltasApplied = c.DeltasApplied,
                DeltaGaps = c.DeltaGaps,
                AsynchronousOperations = c.AsynchronousOperations,
                PipelinedOperations = c.PipelinedOperations,
                Fallbacks = Enum.GetValues<FallbackReason>().Where(r => r != FallbackReason.None).ToDictionary(r => r, r => c.Fallbacks[(int)r]),
                PendingOperations = _core.Operations.PendingCount,
                OldestPending = _core.Operations.OldestPending,
                ErrorsAfterLocalSuccess = c.ErrorsAfterLocalSuccess,
                RevokesWaiting = _core.Caps.RevokesWaiting,
                Revokes = c.Revokes,
                LastRevokeLatency = c.LastRevokeLatency,
                RevokeLatencyMedian = c.RevokeLatency.Percentile(0.5),
                RevokeLatency99 = c.RevokeLatency.Percentile(0.99),
                ReadsSettled = c.ReadsSettled,
                Recalls = c.Recalls,
                RequestsInFlight = _core.Session.Sent,
                CapsByClass = SingleBits.ToDictionary(b => b, b => _core.Caps.Records.Count(r => r.Issued.HasFlag(b))),
                Directories = [.. _core.Directories.Directories.Where(d => d.IsKnown || d.Viewers > 0).Select(Describe)],
            };
        }
    }

    private SessionSnapshot DescribeSession() => new(
        _core.Session.State, _core.Session.Id.ToString(), _core.Session.Epoch, _core.Session.LeaseRemaining,
        _core.Counters.RoundTrip, _core.Session.InFlight, _core.Counters.Reconnects, _core.Options.Endpoint);

    private DirectorySnapshot Describe(DirectoryState directory) => new()
    {
        Ino = directory.Ino,
        Path = directory.Path,
        Entries = directory.Total,
        CachedEntries = directory.CachedEntries,
        Pages = directory.PageCount,
        Bytes = directory.Bytes,
        IsComplete = directory.IsComplete,
        Version = directory.Version,
        Caps = _core.Caps.Find(directory.Ino)?.Issued ?? CapBits.None,
        OperationsInFlight = _core.Operations.InFlight(directory.Ino),
        Viewers = directory.Viewers,
        Hits = directory.Hits,
        Misses = directory.Misses,
        ReadaheadWindow = directory.Readahead.Pages,
    };
}
