using Capstan.ClientGateway.Directories;
using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Operations;

/// <summary>
/// One directory of a tree under removal, or one thing to be removed of which nobody knows yet what it is. Lives from the page that
/// names it to its end.
/// </summary>
internal sealed class TreeNode(TreeRemoval tree, TreeNode? parent, InodeId directory, FileName name, InodeId ino, long entries) : IPageFollower, IOperationWatcher
{
    public TreeNode? Parent => parent;

    /// <summary>Where it is listed, under <see cref="Name"/>.</summary>
    public InodeId Directory => directory;

    public FileName Name => name;

    public InodeId Ino => ino;

    /// <summary>How many entries it had when it was listed in its parent; negative when that is not known.</summary>
    public long Entries => entries;

    public bool IsListed { get; set; }

    public bool IsListing { get; private set; }

    /// <summary>It is no directory, or turned out to be none.</summary>
    public bool IsFile { get; set; }

    /// <summary>Where the listing goes on.</summary>
    public FileName After { get; private set; }

    /// <summary>How often its removal found something in it that no listing had shown, and how many of those a listing has answered.</summary>
    public int Attempts { get; set; }

    public int ListedAnew { get; set; }

    /// <summary>Entries, files and directories alike, that have not ended.</summary>
    public int Unended { get; set; }

    /// <summary>Those of them that have an asynchronous removal in flight.</summary>
    public int Leaving { get; set; }

    /// <summary>An entry failed, or was kept: this directory cannot go.</summary>
    public bool SomethingStays { get; set; }

    /// <summary>Its own removal is asked for.</summary>
    public bool IsGoing { get; set; }

    /// <summary>Known before the last of its entries has ended.</summary>
    public OperationState? Outcome { get; set; }

    public bool HasEnded { get; set; }

    /// <summary>Entries that its listing was expected to bring at most.</summary>
    public long Reserved { get; private set; }

    private bool IsAtEnd { get; set; }

    public FileName[] Path(FileName entry = default)
    {
        List<FileName> path = [];
        if (!entry.IsEmpty)
            path.Add(entry);
        for (TreeNode? at = this; at is not null; at = at.Parent)
            path.Add(at.Name);
        path.Reverse();
        return [.. path];
    }

    public void BeginListing(bool anew, long reserved)
    {
        if (anew)
            After = default;
        IsListing = true;
        IsAtEnd = false;
        Reserved = reserved;
    }

    public void PageArrived(DirectoryPage page)
    {
        IsAtEnd |= page.Header.Last;
        if (page.Count > 0)
            After = page.Name(page.Count - 1);
        tree.Take(this, page);
    }

    public void ListingEnded(FsErrno errno)
    {
        IsListing = false;
        if (errno is FsErrno.NotDirectory or FsErrno.Stale)
        {
            // A file, or a directory that is gone: its own removal will tell.
            IsFile = errno == FsErrno.NotDirectory || parent is null;
            errno = FsErrno.Ok;
            IsAtEnd = true;
            tree.Forget(ino);
        }
        tree.ListingEnded(this, errno, IsAtEnd);
    }

    public void Sent(TrackedOperation operation)
    {
        if (!operation.Asynchronous)
            return;
        TreeNode? holder = operation.Victim == ino ? parent : this;
        if (holder is null)
            return;
        holder.Leaving++;
        tree.Settle(holder);
    }

    public void Ended(TrackedOperation operation)
    {
        bool isOwn = operation.Victim == ino;
        if (operation.Asynchronous && (isOwn ? parent : this) is { } holder)
            holder.Leaving--;
        if (isOwn)
            tree.Gone(this, operation);
        else
            tree.EntryEnded(this, operation);
    }
}
