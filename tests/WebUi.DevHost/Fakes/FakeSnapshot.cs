using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.DevHost.Fakes;

/// <summary>Figures for the cache page that look like those of a gateway at work.</summary>
internal static class FakeSnapshot
{
    public static GatewaySnapshot Of(FakeFileSystem files, IEnumerable<FakeInode> directories)
    {
        long beat = files.Time.GetUtcNow().ToUnixTimeMilliseconds() / 500 % 1000;
        return new GatewaySnapshot
        {
            Session = new SessionSnapshot(
                files.Down == FsErrno.Ok ? SessionState.Open : SessionState.Connecting, "5f3a09c1", new Epoch(3), TimeSpan.FromSeconds(45 + (beat % 15)),
                TimeSpan.FromMilliseconds(0.8), files.Operations.PendingCount, 1, "unix:/run/capstan/mds.sock"),
            Pages = new HitRatio(48_210 + beat, 311),
            Attributes = new HitRatio(903_114 + (beat * 3), 2_480),
            NegativeNames = new HitRatio(1_204, 96),
            NegativeXattrs = new HitRatio(880_001, 0),
            Requests = 4_102,
            RoundTripsSaved = 1_832_525 + beat,
            CachedBytes = 96_400_000 + (beat * 1000),
            BudgetBytes = 268_435_456,
            CachedPages = 2_381,
            CachedEntries = 2_204_118,
            ReadaheadIssued = 1_980,
            ReadaheadUseful = 1_911,
            ReadaheadWasted = 42,
            DeltasApplied = 12_377,
            DeltaGaps = 1,
            AsynchronousOperations = 98_100,
            PipelinedOperations = 1_310,
            Fallbacks = new Dictionary<FallbackReason, long>
            {
                [FallbackReason.NoExclusiveCap] = 811,
                [FallbackReason.IsDirectory] = 344,
                [FallbackReason.HardLinked] = 121,
                [FallbackReason.NameBusy] = 34,
            },
            PendingOperations = files.Operations.PendingCount,
            OldestPending = files.Operations.OldestPending,
            ErrorsAfterLocalSuccess = files.Operations.FailedCount,
            Revokes = 217,
            RevokeLatencyMedian = TimeSpan.FromMilliseconds(2.1),
            RevokeLatency99 = TimeSpan.FromMilliseconds(41),
            RequestMedian = TimeSpan.FromMilliseconds(0.9),
            Request99 = TimeSpan.FromMilliseconds(6.4),
            CapRecords = 14,
            Evictions = new Dictionary<EvictionCause, long>
            {
                [EvictionCause.Expired] = 12, [EvictionCause.Revoked] = 61, [EvictionCause.Pressure] = 140 + (beat / 10), [EvictionCause.Manual] = 3, [EvictionCause.Invalid] = 1,
            },
            LastRevokeLatency = TimeSpan.FromMilliseconds(3.4),
            CapsByClass = new Dictionary<CapBits, int>
            {
                [CapBits.As] = 14, [CapBits.Ls] = 14, [CapBits.Lx] = 9, [CapBits.Xs] = 14, [CapBits.Fs] = 14, [CapBits.Fx] = 9, [CapBits.Du] = 9,
            },
            Directories = [.. directories.Take(40).Select(d => new DirectorySnapshot
            {
                Ino = d.Attributes.Ino,
                Path = d.Attributes.Ino == InodeId.Root ? "/" : $"/directory {d.Attributes.Ino}",
                Entries = d.Directory!.Count,
                CachedEntries = d.Directory.Count,
                Pages = 1 + (d.Directory.Count / 1000),
                Bytes = d.Directory.Count * 41L,
                IsComplete = d.Directory.Count < 100_000,
                Version = new DirectoryVersion(d.Directory.Counter),
                Caps = d.Attributes.Ino.Value % 3 == 0 ? CapBits.Shared : CapBits.All,
                Viewers = d.Attributes.Ino == InodeId.Root ? 1 : 0,
                Hits = 120 * (long)d.Attributes.Ino.Value,
                Misses = 3,
                ReadaheadWindow = d.Directory.Count > 1000 ? 16 : 1,
            })],
        };
    }
}
