using System.Numerics;
using Capstan.ClientGateway.Caps;
using Capstan.ClientGateway.Directories;
using Capstan.ClientGateway.Operations;
using Capstan.Shared;

namespace Capstan.ClientGateway.Administration;

/// <summary>Reads a gateway's figures and tables. Under its lock: what is told belongs to one moment.</summary>
internal static class GatewayReport
{
    private static readonly CapBits[] SingleBits = [.. Enum.GetValues<CapBits>().Where(b => BitOperations.IsPow2((uint)b))];
    private static readonly FallbackReason[] Reasons = [.. Enum.GetValues<FallbackReason>().Where(r => r != FallbackReason.None)];
    private static readonly EvictionCause[] Causes = Enum.GetValues<EvictionCause>();

    /// <param name="withDirectories">Also a line for each directory: it takes as long as there are many.</param>
    public static GatewaySnapshot Take(GatewayCore core, bool withDirectories)
    {
        GatewayCounters c = core.Counters;
        int[] caps = new int[SingleBits.Length];
        int revokes = 0;
        long oldestRevoke = long.MaxValue;
        foreach (CapRecord record in core.Caps.Records)
        {
            for (int i = 0; i < caps.Length; i++)
                caps[i] += (record.Issued & SingleBits[i]) != 0 ? 1 : 0;
            if (record.UnackedRevokes.Count == 0)
                continue;
            revokes++;
            oldestRevoke = Math.Min(oldestRevoke, record.RevokedAt);
        }
        long cachedEntries = 0;
        foreach (DirectoryState directory in core.Directories.Directories)
            cachedEntries += directory.CachedEntries;
        return new GatewaySnapshot
        {
            Session = DescribeSession(core),
            Pages = new HitRatio(c.PageHits, c.PageMisses),
            Attributes = new HitRatio(c.AttributeHits, c.AttributeMisses),
            NegativeNames = new HitRatio(c.NegativeNameHits, c.NegativeNameMisses),
            NegativeXattrs = new HitRatio(c.NegativeXattrHits, c.NegativeXattrMisses),
            Requests = c.Requests,
            SequentialRoundTrips = c.SequentialRoundTrips,
            RoundTripsSaved = c.RoundTripsSaved,
            CachedBytes = core.Directories.Budget.Bytes,
            BudgetBytes = core.Directories.Budget.Budget,
            CachedPages = core.Directories.Budget.Pages,
            CachedEntries = cachedEntries,
            ReadaheadIssued = c.ReadaheadIssued,
            ReadaheadUseful = c.ReadaheadUseful,
            ReadaheadWasted = c.ReadaheadWasted,
            ReadaheadUnreadBytes = core.Directories.Budget.UnreadBytes,
            PagesRejected = c.PagesRejected,
            ArrangedBytes = core.Directories.Budget.ArrangedBytes,
            SharedCache = core.HasSharedCache
                ? new SharedCacheSnapshot(core.SharedPages.IsOn, new HitRatio(c.SharedHits, c.SharedMisses), c.SharedBypassed, c.SharedRejected, c.SharedWrites, c.SharedWritesDropped, c.SharedOutages) { ReadMedian = c.SharedReadTimes.Percentile(0.5) }
                : null,
            DeltasApplied = c.DeltasApplied,
            DeltaGaps = c.DeltaGaps,
            AsynchronousOperations = c.AsynchronousOperations,
            PipelinedOperations = c.PipelinedOperations,
            Fallbacks = Reasons.ToDictionary(r => r, r => c.Fallbacks[(int)r]),
            PendingOperations = core.Operations.PendingCount,
            FailedOperations = core.Operations.FailedCount,
            OldestPending = core.Operations.OldestPending,
            ErrorsAfterLocalSuccess = c.ErrorsAfterLocalSuccess,
            RevokesWaiting = revokes,
            OldestRevoke = revokes == 0 ? TimeSpan.Zero : core.Time.GetElapsedTime(oldestRevoke),
            Revokes = c.Revokes,
            LastRevokeLatency = c.LastRevokeLatency,
            RevokeLatencyMedian = c.RevokeLatency.Percentile(0.5),
            RevokeLatency99 = c.RevokeLatency.Percentile(0.99),
            RequestMedian = c.RequestTimes.Percentile(0.5),
            Request99 = c.RequestTimes.Percentile(0.99),
            ReadsSettled = c.ReadsSettled,
            Recalls = c.Recalls,
            RequestsInFlight = core.Session.Sent,
            Evictions = Causes.ToDictionary(cause => cause, cause => c.Evictions[(int)cause]),
            DirectoriesKnown = core.Directories.Directories.Count,
            DirectoriesDropped = c.DirectoriesDropped,
            CapRecords = core.Caps.Records.Count,
            CapsByClass = Enumerable.Range(0, caps.Length).ToDictionary(i => SingleBits[i], i => caps[i]),
            Directories = withDirectories ? Directories(core) : [],
        };
    }

    public static SessionSnapshot DescribeSession(GatewayCore core) => new(
        core.Session.State, core.Session.Id.ToString(), core.Session.Epoch, core.Session.LeaseRemaining,
        core.Counters.RoundTrip, core.Session.InFlight, core.Counters.Reconnects, core.Options.Endpoint);

    public static List<DirectorySnapshot> Directories(GatewayCore core)
    {
        List<DirectorySnapshot> lines = new(core.Directories.Directories.Count);
        foreach (DirectoryState directory in core.Directories.Directories)
        {
            if (directory.IsKnown || directory.Viewers > 0 || directory.Revokes > 0)
                lines.Add(Describe(core, directory));
        }
        return lines;
    }

    private static DirectorySnapshot Describe(GatewayCore core, DirectoryState directory) => new()
    {
        Ino = directory.Ino,
        Path = directory.Path,
        Entries = directory.Total,
        CachedEntries = directory.CachedEntries,
        Pages = directory.PageCount,
        Bytes = directory.Bytes,
        IsComplete = directory.IsComplete,
        Version = directory.Version,
        Caps = core.Caps.Find(directory.Ino)?.Issued ?? CapBits.None,
        OperationsInFlight = core.Operations.InFlight(directory.Ino),
        Viewers = directory.Viewers,
        Hits = directory.Hits,
        Misses = directory.Misses,
        Revokes = directory.Revokes,
        Age = core.Directories.IsLive(directory) ? TimeSpan.Zero : core.Time.GetElapsedTime(directory.ValidatedAt),
        ReadaheadWindow = directory.Readers.Count == 0 ? 0 : directory.Readers.Max(reader => reader.Pages),
    };

    public static List<CapSnapshot> Caps(GatewayCore core)
    {
        List<CapSnapshot> lines = new(core.Caps.Records.Count);
        foreach (CapRecord record in core.Caps.Records)
        {
            DirectoryState? directory = core.Directories.Find(record.Ino);
            int viewers = directory?.Viewers ?? 0;
            CapBits used = (record.References > 0 ? CapBits.Exclusive & record.Implemented : CapBits.None) | (viewers > 0 ? CapBits.Shared & record.Issued : CapBits.None);
            lines.Add(new CapSnapshot(
                record.Ino, directory?.Path, record.Issued, directory?.Wanted ?? CapBits.None, used, core.Time.GetElapsedTime(record.GrantedAt),
                viewers, core.Operations.InFlight(record.Ino), record.UnackedRevokes.Count > 0));
        }
        return lines;
    }

    public static List<RevokeSnapshot> Revokes(GatewayCore core)
    {
        List<RevokeSnapshot> lines = [];
        foreach (CapRecord record in core.Caps.Records.Where(r => r.UnackedRevokes.Count > 0).OrderBy(r => r.RevokedAt))
        {
            TrackedOperation[] holding = [.. core.Operations.Live(record.Ino).Where(o => o.Reference != 0 || o.VictimReference != 0)];
            lines.Add(new RevokeSnapshot(
                record.Ino, core.Directories.Find(record.Ino)?.Path, record.Implemented & ~record.Issued, core.Time.GetElapsedTime(record.RevokedAt),
                Math.Max(record.References, holding.Length), [.. holding.Select(o => o.Job?.Title).OfType<string>().Distinct()]));
        }
        return lines;
    }
}
