using Capstan.ClientGateway.Jobs;
using Capstan.Shared;

namespace Capstan.ClientGateway;

/// <summary>What a copy or a move is asked to do.</summary>
public sealed record TransferRequest
{
    /// <summary><see cref="JobKind.Copy"/> or <see cref="JobKind.Move"/>.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>In words: "Copy 12 items to photos".</summary>
    public required string Title { get; init; }

    public required Caller Caller { get; init; }

    public required IReadOnlyList<TransferItem> Items { get; init; }

    public ConflictChoice Conflicts { get; init; } = ConflictChoice.Ask;

    /// <summary>Of an undo: directories to be made anew first, those above before those below.</summary>
    internal IReadOnlyList<EmptiedDirectory> Remake { get; init; } = [];

    /// <summary>Of an undo: what comes back when the entries have gone.</summary>
    internal IReadOnlyList<TrashPlace> Restore { get; init; } = [];
}
