using System.Diagnostics;
using Capstan.ClientGateway.Directories;
using Capstan.Shared;
using Capstan.Shared.Messages;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Operations;

/// <summary>
/// Removes whole trees, pipelined. Each directory: (1) it is listed, many directories at a time; (2) with each page the removals of
/// its files leave, and its directories line up to be listed; (3) when its listing is complete and every entry has gone, or has an
/// asynchronous removal in flight, its own removal follows; (4) one that is not empty after all (somebody made an entry meanwhile)
/// is listed again, a few times. Symlinks are removed and never followed. What fails stays, with the directories above it; the rest
/// goes on. Memory is bounded by the width of a page times the depth: deep goes before wide. Under the gateway's lock.
/// </summary>
internal sealed class TreeRemoval(OperationTable table, DirectoryCache directories, TrackedJob job)
{
    /// <summary>READDIRs in flight.</summary>
    public const int MaxListings = 128;

    /// <summary>Entries that are being removed or are on their way in a listing: beyond it no further directory is listed.</summary>
    private const int MaxEntries = 32_768;

    /// <summary>Directories waiting to be listed, beyond which no listing goes on.</summary>
    private const int MaxFrontier = 4_096;

    private const int MaxPages = 16;
    private const int MaxListingsAnew = 4;

    private readonly List<TreeNode> _roots = [];
    private readonly Stack<TreeNode> _fresh = [];
    private readonly Stack<TreeNode> _begun = [];
    private readonly Queue<TreeNode> _settling = [];
    private int _listing;
    private int _removing;
    private long _expected;

    public TrackedJob Job => job;

    public IReadOnlyList<TreeNode> Roots => _roots;

    /// <summary>Directories, and files under removal, that are held in memory.</summary>
    public int Held => _fresh.Count + _begun.Count + _removing + _listing;

    public void AddRoot(InodeId directory, FileName name, InodeId ino, bool isFile)
    {
        TreeNode root = new(this, null, directory, name, ino, -1) { IsFile = isFile, IsListed = isFile };
        _roots.Add(root);
        if (isFile)
            Settle(root);
        else
            _fresh.Push(root);
    }

    /// <summary>Goes on as far as the bounds allow.</summary>
    public void Pump()
    {
        while (true)
        {
            if (_settling.TryDequeue(out TreeNode? node))
                RemoveIfEmpty(node);
            else if (Next() is { } next)
                List(next);
            else
                return;
        }
    }

    /// <summary>What was sent goes on to its end; nothing else is begun.</summary>
    public void Cancel()
    {
        while (_fresh.TryPop(out TreeNode? node) || _begun.TryPop(out node))
        {
            node.IsListed = node.SomethingStays = true;
            Settle(node);
        }
        Pump();
    }

    public void Settle(TreeNode node) => _settling.Enqueue(node);

    public void Take(TreeNode node, DirectoryPage page)
    {
        if (job.IsCancelled)
            return;
        job.Grow(page.Count);
        for (int i = 0; i < page.Count; i++)
            Take(node, page.Name(i), page.Row(i));
    }

    public void ListingEnded(TreeNode node, FsErrno errno, bool isComplete)
    {
        _listing--;
        _expected -= node.Reserved;
        if (errno != FsErrno.Ok)
        {
            job.AddFailure(new JobFailure(node.Path(), errno, null));
            node.IsListed = true;
            Decide(node, OperationState.Failed);
            return;
        }
        if (job.IsCancelled)
            node.SomethingStays = true;
        node.IsListed = isComplete || job.IsCancelled;
        if (node.IsListed)
            Settle(node);
        else
            _begun.Push(node);
    }

    public void Forget(InodeId ino) => directories.Forget(ino);

    public void EntryEnded(TreeNode node, TrackedOperation removal)
    {
        _removing--;
        node.Unended--;
        OperationState state = removal.State;
        if (state == OperationState.Failed && removal.Errno is FsErrno.NoEntry or FsErrno.Stale)
        {
            // It is gone, or another by now: then the directory is not empty, and is listed again.
            table.Dismiss(removal);
            state = OperationState.Done;
        }
        else if (state == OperationState.Failed)
        {
            job.AddFailure(new JobFailure(node.Path(removal.Name), removal.Errno, removal));
        }
        node.SomethingStays |= state != OperationState.Done;
        job.Count(state);
        Settle(node);
    }

    /// <summary>The outcome of a node's own removal.</summary>
    public void Gone(TreeNode node, TrackedOperation removal)
    {
        _removing--;
        node.IsGoing = false;
        if (removal.State != OperationState.Failed)
        {
            Decide(node, removal.State);
        }
        else if (removal.Errno is FsErrno.NoEntry or FsErrno.Stale && (node.Parent is not null || job.IsResumed))
        {
            table.Dismiss(removal);
            Decide(node, OperationState.Done);
        }
        else if (removal.Errno == FsErrno.NotEmpty && (node.SomethingStays || node.Unended > 0))
        {
            table.Dismiss(removal);
            Settle(node); // One of its entries failed after all, or is still at it.
        }
        else if (removal.Errno == FsErrno.NotEmpty && !job.IsCancelled && ++node.Attempts < MaxListingsAnew)
        {
            table.Dismiss(removal);
            node.IsListed = false;
            _fresh.Push(node);
        }
        else
        {
            job.AddFailure(new JobFailure(node.Path(), removal.Errno, removal));
            Decide(node, OperationState.Failed);
        }
    }

    /// <summary>The node's end, when the last of its entries has ended.</summary>
    private void Decide(TreeNode node, OperationState outcome)
    {
        node.Outcome = outcome;
        Settle(node);
    }

    private TreeNode? Next()
    {
        if (job.IsPaused || _listing >= MaxListings || (_expected + _removing >= MaxEntries && _listing + _removing > 0))
            return null;
        // Deep before wide, once enough is known to keep the line busy.
        return _begun.Count > 0 && _fresh.Count < MaxFrontier ? _begun.Pop()
            : _fresh.TryPop(out TreeNode? fresh) ? fresh
            : null;
    }

    private void List(TreeNode node)
    {
        DirectoryState directory = directories.GetOrAdd(node.Ino);
        bool anew = node.After.IsEmpty || node.Attempts > node.ListedAnew;
        node.ListedAnew = node.Attempts;
        long expected = directory.IsKnown ? directory.Total : node.Entries;
        int pages = (int)Math.Clamp((expected / DirectoryPageBuilder.MaxEntries) + 1, 1, MaxPages);
        long reserved = expected < 0 ? DirectoryPageBuilder.MaxEntries : Math.Min(expected, (long)pages * DirectoryPageBuilder.MaxEntries);
        node.BeginListing(anew, reserved);
        _listing++;
        _expected += reserved;
        directories.Follow(directory, job.Caller, node.After, pages, node);
    }

    private void Take(TreeNode node, FileName name, in PageRow row)
    {
        node.Unended++;
        if ((FileKind)(row.Mode >> 12) == FileKind.Directory)
        {
            TreeNode child = new(this, node, node.Ino, name, row.Ino, row.Size);
            // Seen empty: its removal is tried without a look inside, and tells when that was wrong.
            child.IsListed = row.Size == 0;
            if (child.IsListed)
                Settle(child);
            else
                _fresh.Push(child);
            return;
        }
        _removing++;
        table.Add(OperationKind.Unlink, job.Caller, new UnlinkOperation(node.Ino, name, row.Ino), node.Ino, name, job, row.Ino, watcher: node);
    }

    private void RemoveIfEmpty(TreeNode node)
    {
        if (node.HasEnded || node.IsGoing || node.IsListing || !node.IsListed)
            return;
        if (node.Outcome is not null || node.SomethingStays || job.IsCancelled)
        {
            if (node.Unended == 0)
                End(node, node.Outcome ?? OperationState.Cancelled);
            return;
        }
        if (node.Unended > node.Leaving)
            return;
        node.IsGoing = true;
        _removing++;
        if (node.IsFile)
            table.Add(OperationKind.Unlink, job.Caller, new UnlinkOperation(node.Directory, node.Name, node.Ino), node.Directory, node.Name, job, node.Ino, watcher: node);
        else
            table.Add(OperationKind.Rmdir, job.Caller, new RmdirOperation(node.Directory, node.Name, node.Ino), node.Directory, node.Name, job, node.Ino, watcher: node);
    }

    private void End(TreeNode node, OperationState outcome)
    {
        Debug.Assert(!node.HasEnded && node.Unended == 0, "a directory ends once, after its entries");
        node.HasEnded = true;
        node.Outcome = outcome;
        if (node.Parent is { } parent)
        {
            parent.Unended--;
            parent.SomethingStays |= outcome != OperationState.Done;
            Settle(parent);
        }
        job.Count(outcome);
    }
}
