using Capstan.Shared;

namespace Capstan.ClientGateway;

/// <summary>One entry that a job could not do.</summary>
/// <param name="Path">From the job's directory on.</param>
/// <param name="Operation">What failed, to be retried alone; null when not even that could be asked: a directory that could not be listed.</param>
public sealed record JobFailure(IReadOnlyList<FileName> Path, FsErrno Errno, PendingOperation? Operation);
