using Capstan.Shared;

namespace Capstan.ClientGateway;

/// <summary>How far a listing can be trusted right now.</summary>
public enum Freshness
{
    /// <summary>Fs is held: every change arrives by itself.</summary>
    Live,

    /// <summary>No cap: true as of <see cref="IDirectoryView.AsOf"/>, revalidated by version when older than the attribute timeout.</summary>
    AsOf,

    /// <summary>The MDS cannot be reached: the last state known.</summary>
    Offline,
}

public enum RowState
{
    Normal,

    /// <summary>A removal or another change of this row is on its way.</summary>
    Pending,

    /// <summary>The last operation on it failed; <see cref="DirectoryRow.Operation"/> tells why.</summary>
    Failed,

    /// <summary>Its removal has been asked for and is about to begin; see <see cref="IDirectoryView.ShowLeaving"/>. It may yet stay.</summary>
    Leaving,
}

/// <summary>One row to draw.</summary>
public readonly record struct DirectoryRow(long Rank, DirectoryEntry Entry, RowState State, PendingOperation? Operation)
{
    /// <summary>Of a folder: how many entries it has is true now; otherwise it is as it was when it was last counted.</summary>
    public bool IsCountLive { get; init; }
}

/// <summary>
/// A live, rank-addressed view of one directory, in bytewise order of names. Shared pages behind it; cheap to open, thread-safe.
/// A row under deletion stays in the view as <see cref="RowState.Pending"/> until the MDS has confirmed it.
/// </summary>
public interface IDirectoryView : IDisposable
{
    InodeId Directory { get; }

    /// <summary>The directory's own attributes.</summary>
    InodeAttributes Attributes { get; }

    /// <summary>Rows in the whole directory, loaded or not.</summary>
    long Count { get; }

    /// <summary>Bumped at each change that can alter what is drawn; components compare it on a timer.</summary>
    long ChangeCounter { get; }

    /// <summary>Completes when <see cref="ChangeCounter"/> is not <paramref name="counter"/> any more because rows changed; time alone (<see cref="Freshness"/>), and rows being arranged, wake nobody.</summary>
    Task WhenChanged(long counter);

    /// <summary>Another value when folders among the rows that were read last have, or may have, another number of entries: to be read again, as after a change.</summary>
    long FolderCounts => 0;

    Freshness Freshness { get; }

    /// <summary>When the listing was last known to be true.</summary>
    DateTimeOffset AsOf { get; }

    /// <summary>Fills <paramref name="rows"/> with up to <paramref name="count"/> rows from <paramref name="first"/> if all are cached; no request is made.</summary>
    bool TryRead(long first, int count, List<DirectoryRow> rows);

    /// <summary>As <see cref="TryRead"/>, fetching what is missing (one round trip) and reading ahead as the controller sees fit.</summary>
    Task<FsResult<IReadOnlyList<DirectoryRow>>> ReadAsync(long first, int count, CancellationToken cancellation = default);

    /// <summary>Brings rows [first, first + count) into the cache without drawing them; one round trip plus the transfer, whatever the count.</summary>
    Task<FsErrno> LoadAsync(long first, long count, CancellationToken cancellation = default);

    /// <summary>
    /// Appends what happened to the set of names after the moment <paramref name="since"/>, in order, and tells the moment it is
    /// true for; a moment is a value that an earlier call returned, or 0 for "from now on" (which appends nothing). The change is in
    /// here before <see cref="TryRead"/> shows it. False: not known any more (pages were dropped, a gap in versions, too long ago);
    /// then whatever was derived from the earlier listing is void, and <paramref name="upTo"/> is where to go on.
    /// A row under deletion is removed when it leaves the view, not before.
    /// </summary>
    bool TryReadChanges(long since, List<DirectoryChange> changes, out long upTo)
    {
        upTo = ChangeCounter;
        return since == 0 || since == upTo;
    }

    /// <summary>
    /// Shows rows as <see cref="RowState.Leaving"/> to all who look at the directory through this gateway, until the result is disposed: before anything is
    /// looked up or written down they are known to be about to go. Which of them do, the operations tell from then on; the others are as they were. What comes
    /// meanwhile is never among them.
    /// </summary>
    /// <param name="which">Asked on any thread, about rows that somebody looks at.</param>
    IDisposable ShowLeaving(Func<DirectoryEntry, bool> which);

    /// <summary>Rank of the first entry whose name is not before <paramref name="name"/>, if its neighbourhood is cached; otherwise -1.</summary>
    long FindRank(FileName name);

    /// <summary>As <see cref="FindRank"/>, asking the MDS where the neighbourhood is not cached: one round trip, whatever the size of the directory.</summary>
    Task<FsResult<long>> RankOfAsync(FileName name, CancellationToken cancellation = default);

    /// <summary>Caps held, and what it took to show the rows.</summary>
    ListingSnapshot Describe();

    /// <summary>A view of the same directory in another order or with fewer rows. Dispose it, too.</summary>
    IArrangedView Arranged(ViewSpec spec);
}
