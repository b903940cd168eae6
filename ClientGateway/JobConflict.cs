using Capstan.Shared;

namespace Capstan.ClientGateway;

/// <summary>A question that a copy or a move has: the name is taken. <see cref="OperationJob.Answer"/> answers it, from anywhere.</summary>
/// <param name="Path">Of the entry, from the job's directory on.</param>
/// <param name="Source">What would come.</param>
/// <param name="Existing">What is there: another inode by the time of the answer is asked about anew.</param>
public sealed record JobConflict(long Id, IReadOnlyList<FileName> Path, InodeAttributes Source, InodeAttributes Existing)
{
    /// <summary>Both are directories: to replace is to merge.</summary>
    public bool IsMerge => Source.IsDirectory && Existing.IsDirectory;
}
