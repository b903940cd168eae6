using Capstan.Shared;

namespace Capstan.ClientGateway.Jobs;

/// <summary>One entry of a journalled job. Which fields count depends on what the job does.</summary>
internal readonly record struct JobEntry(InodeAddress Source)
{
    /// <summary>Of a copy or a move: as they were seen. Of a removal the kind alone.</summary>
    public InodeAttributes? Attributes { get; init; }

    /// <summary>Where a copy or a move goes.</summary>
    public (InodeId Directory, FileName Name) Target { get; init; }

    /// <summary>Of what is in the trash: whose it is and when it was removed.</summary>
    public TrashId? Trash { get; init; }
}
