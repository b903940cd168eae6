using Capstan.Shared;

namespace Capstan.ClientGateway.Jobs;

/// <summary>What was asked for: enough to begin again after a restart.</summary>
internal sealed record JobRecord
{
    public required JobForm Form { get; init; }

    public required JobKind Kind { get; init; }

    public required string Title { get; init; }

    public required Caller Caller { get; init; }

    public required string Scope { get; init; }

    public required IReadOnlyList<JobEntry> Entries { get; init; }

    public ConflictChoice Conflicts { get; init; }

    /// <summary>Of a change of attributes, also of what is in the entries if <see cref="IsEnclosed"/>.</summary>
    public AttributeChange? Change { get; init; }

    public bool IsEnclosed { get; init; }

    /// <summary>Milliseconds since 1970, by the gateway's clock.</summary>
    public long StartedAt { get; init; }
}
