using Capstan.Shared;

namespace Capstan.ClientGateway.Directories;

/// <summary>A reader that waits for rows [First, First + Count): for its own pages, not for anybody else's.</summary>
internal sealed class RangeWaiter(long first, long count, Caller caller)
{
    private readonly TaskCompletionSource<FsErrno> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long First => first;

    public long Count => count;

    public Caller Caller => caller;

    /// <summary>What follows is wanted, too, though nobody waits for it yet.</summary>
    public bool Whole { get; init; }

    /// <summary>Requests made for it: a range that keeps missing (evicted again, refused) ends after a few.</summary>
    public int Attempts { get; set; }

    public Task<FsErrno> Done => _done.Task;

    public void Complete(FsErrno errno) => _done.TrySetResult(errno);
}
