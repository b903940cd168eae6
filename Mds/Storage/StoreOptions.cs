namespace Capstan.Mds.Storage;

/// <summary>Where a store lives and how it is tuned.</summary>
internal sealed record StoreOptions(string DataDirectory)
{
    /// <summary>Page cache of the writer.</summary>
    public int CacheMegabytes { get; init; } = 256;

    /// <summary>WAL frames at which a checkpoint starts beside a busy writer.</summary>
    public int CheckpointFrames { get; init; } = 100_000;

    /// <summary>WAL frames that are worth a checkpoint once the writer is idle.</summary>
    public int IdleCheckpointFrames { get; init; } = 256;

    /// <summary>How long without a commit counts as idle.</summary>
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Refuses to grow beyond so many 4 KB pages: a full disk, for tests and quotas. 0: no limit.</summary>
    public long MaxPages { get; init; }
}
