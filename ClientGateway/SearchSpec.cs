using Capstan.Shared;

namespace Capstan.ClientGateway;

/// <summary>Kinds of entries that a search may find.</summary>
[Flags]
public enum SearchKinds
{
    None = 0,
    Files = 1,
    Folders = 2,
    Links = 4,

    /// <summary>Devices, pipes and sockets.</summary>
    Special = 8,
    All = Files | Folders | Links | Special,
}

/// <summary>What is looked for. Every condition that is given must hold.</summary>
public sealed record SearchSpec
{
    /// <summary>Part of a name, in any case; with '*' or '?' a pattern for the whole of it. Empty: every name.</summary>
    public string Name { get; init; } = "";

    public SearchKinds Kinds { get; init; } = SearchKinds.All;

    /// <summary>Bytes, both included. Either one leaves out what has no size of its own: all but files.</summary>
    public long? MinSize { get; init; }

    public long? MaxSize { get; init; }

    /// <summary>Last modified at this moment or later.</summary>
    public long? ModifiedFromNs { get; init; }

    /// <summary>Last modified before this moment.</summary>
    public long? ModifiedBeforeNs { get; init; }

    /// <summary>No condition at all: it would find every entry.</summary>
    public bool IsEmpty => this == Everything;

    private static readonly SearchSpec Everything = new();
}
