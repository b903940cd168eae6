using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Directories;

/// <summary>Who reads a listing page by page as it arrives, whatever the cache keeps of it. Called under the gateway's lock, in stream order.</summary>
internal interface IPageFollower
{
    void PageArrived(DirectoryPage page);

    /// <summary>No more pages come of what was asked for: the credits are used up, the directory has ended, or the errno says why.</summary>
    void ListingEnded(FsErrno errno);
}
