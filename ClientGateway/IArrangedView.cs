using Capstan.Shared;

namespace Capstan.ClientGateway;

public enum ArrangementState
{
    /// <summary>Rows are still coming or being sorted: until then they are shown as the MDS keeps them.</summary>
    Arriving,

    /// <summary>The rows are those that the spec lets through, in its order.</summary>
    Ready,

    /// <summary>The directory does not fit into half of the page budget: it stays in the MDS's order.</summary>
    TooLarge,
}

/// <summary>
/// A directory in another order, or some of its rows. Ranks are those of the arrangement once it is <see cref="ArrangementState.Ready"/> and those of
/// <see cref="IDirectoryView"/> before. Made once and shared by all who look at the same arrangement, kept true under deltas. Thread-safe.
/// Each read is of one moment; a viewer that keeps a row in its place asks <see cref="RankOf"/> where that is now.
/// </summary>
public interface IArrangedView : IDirectoryView
{
    ViewSpec Spec { get; }

    ArrangementState State { get; }

    /// <summary>Entries of the directory that have come so far.</summary>
    long Arrived { get; }

    /// <summary>How many rows come before a row as the viewer saw it, whether it is still there or not; -1 while that is not known.</summary>
    long RankOf(DirectoryEntry seen);

    /// <summary>Rank of the first row from <paramref name="from"/> on, and then from the start, whose name begins with <paramref name="prefix"/> in any case; -1: none, or not known while rows are arriving.</summary>
    Task<long> FindPrefixAsync(string prefix, long from, CancellationToken cancellation = default);

    /// <summary>Rows chosen in this arrangement. It outlives the view, as long as the directory stays arranged for somebody.</summary>
    /// <returns>Null while rows are arriving.</returns>
    IRowSelection? Select();

    /// <summary>Waits until the rows are arranged, or it is known that they will not be.</summary>
    Task<FsErrno> WhenReadyAsync(CancellationToken cancellation = default);
}
