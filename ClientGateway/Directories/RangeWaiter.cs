using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Directories;

/// <summary>A reader that waits for rows [First, First + Count): for its own pages, not for anybody else's.</summary>
internal sealed class RangeWaiter(long first, long count, Caller caller)
{
    /// <summary>What fits into so many pages is looked at by somebody; more is bulk, which yields.</summary>
    public const int UrgentPages = 8;

    private readonly TaskCompletionSource<FsErrno> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long First => first;

    public long Count => count;

    public Caller Caller => caller;

    /// <summary>What follows is wanted, too, though nobody waits for it yet.</summary>
    public bool Whole { get; init; }

    /// <summary>Of the reader; null for work that goes through whole directories.</summary>
    public ReadaheadWindow? Window { get; init; }

    /// <summary>Somebody looks at an empty place until these rows come.</summary>
    public bool IsUrgent => count <= UrgentPages * DirectoryPageBuilder.MaxEntries;

    /// <summary>Its first row that is not cached, when it was last looked for.</summary>
    public long Missing { get; set; }

    /// <summary>Requests made for it: a range that keeps missing (evicted again, refused) ends after a few.</summary>
    public int Attempts { get; set; }

    public Task<FsErrno> Done => _done.Task;

    public bool Wants(long from, long to) => first < to && first + count > from;

    public void Complete(FsErrno errno) => _done.TrySetResult(errno);
}
