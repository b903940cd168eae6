using Capstan.ClientGateway.SharedCache;
using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Directories;

// The second level that gateways share. It is asked only for a version that a held cap vouches for, and what it answers is checked like a stranger's word.
internal sealed partial class DirectoryCache
{
    /// <summary>Pages asked for behind the one that is wanted, on the guess that they are as long as the one before: a wrong guess costs a miss.</summary>
    private const int Guesses = 15;

    /// <summary>Pages asked of the MDS for one that the shared cache was too slow to bring.</summary>
    private const int BypassPages = 8;

    /// <summary>True when the page that begins with this row is on its way from the shared cache.</summary>
    private bool AskShared(DirectoryState directory, Caller caller, long rank, ReadaheadWindow? window)
    {
        if (directory.Shared.IsOnItsWay(rank))
            return true;
        if (!shared.IsOn || !IsLive(directory) || directory.Shared.IsMissed(directory.Version, rank) || (rank > 0 && directory.CookieBefore(rank).IsEmpty))
            return false;
        AskOne(directory, caller, rank, window);
        int length = directory.LengthBefore(rank);
        for (int i = 1; i <= Guesses && length > 0; i++)
        {
            long guess = rank + ((long)i * length);
            if (guess < directory.Total && !directory.Shared.IsOnItsWay(guess) && !directory.Shared.IsMissed(directory.Version, guess) && directory.FirstMissing(guess, 1) >= 0)
                AskOne(directory, caller, guess, window);
        }
        return true;
    }

    private void AskOne(DirectoryState directory, Caller caller, long rank, ReadaheadWindow? window)
    {
        PageKey key = new(session.Generation, directory.Ino, directory.Version, rank);
        directory.Shared.Asked(rank);
        shared.Read(key, (answer, page) => OnShared(directory, caller, window, key, answer, page));
    }

    private void OnShared(DirectoryState directory, Caller caller, ReadaheadWindow? window, PageKey key, SharedAnswer answer, byte[]? bytes)
    {
        directory.Shared.Answered(key.FirstRank);
        bool isCurrent = IsLive(directory) && directory.Version == key.Version && session.Generation == key.Generation;
        if (isCurrent && answer == SharedAnswer.Found && !TakeShared(directory, window, key, bytes!))
        {
            counters.SharedRejected++;
            answer = SharedAnswer.Missed;
        }
        if (answer == SharedAnswer.Missed)
            directory.Shared.Missed(key.Version, key.FirstRank);
        RangeWaiter? wanting = directory.Waiters.Find(w => directory.FirstMissing(w.First, w.Count) == key.FirstRank);
        if (isCurrent && answer == SharedAnswer.Bypassed && wanting is not null && !directory.Streams.Exists(s => s.NextRank == key.FirstRank))
            Start(directory, caller, key.FirstRank, BypassPages, waited: wanting.IsUrgent ? 1 : 0, brief: true);
        Serve(directory);
    }

    private bool TakeShared(DirectoryState directory, ReadaheadWindow? window, PageKey key, byte[] bytes)
    {
        if (DirectoryPage.TryOpen(bytes) is not { } page || page.Header.Dir != key.Directory || page.Header.Version != key.Version || page.Header.FirstRank != key.FirstRank)
            return false;
        if (directory.FirstMissing(key.FirstRank, page.Count) < 0)
            return true; // It has come from elsewhere meanwhile.
        if (!directory.Fits(page))
            return false;
        bool wanted = directory.Waiters.Exists(w => w.Wants(key.FirstRank, key.FirstRank + page.Count));
        directory.PagesFromSharedCache++;
        Budget.Reclaim(directory.AddPage(page, underFs: true, prefetched: !wanted && window is not null, window));
        return true;
    }
}
