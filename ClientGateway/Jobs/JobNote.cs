using Capstan.Shared;

namespace Capstan.ClientGateway.Jobs;

/// <summary>What has become of an entry, or of the whole job.</summary>
internal readonly record struct JobNote(JobNoteKind Kind)
{
    public InodeId Ino { get; init; }

    public InodeAddress Place { get; init; }

    public InodeAddress Other { get; init; }

    public JobEnd End { get; init; }

    /// <summary>A choice, permissions, a time: what the kind needs.</summary>
    public long Value { get; init; }
}
