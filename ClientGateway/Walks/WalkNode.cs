using Capstan.ClientGateway.Directories;
using Capstan.Shared;
using Capstan.Shared.Pages;

namespace Capstan.ClientGateway.Walks;

/// <summary>
/// One directory of a walk. Its walk's loop alone changes it; as a follower it is called under the gateway's lock and only passes on what comes.
/// </summary>
internal sealed class WalkNode(TreeWalk walk, WalkNode? parent, FileName name, InodeAttributes attributes) : IPageFollower
{
    public WalkNode? Parent => parent;

    /// <summary>Empty where the walk began.</summary>
    public FileName Name => name;

    public InodeAttributes Attributes => attributes;

    public InodeId Ino => attributes.Ino;

    /// <summary>Where the listing goes on.</summary>
    public FileName After { get; set; }

    public bool IsAtEnd { get; set; }

    /// <summary>Entries that its listing was expected to bring at most.</summary>
    public long Reserved { get; set; }

    /// <summary>Itself, while it is not read to its end, and the directories in it whose trees are not.</summary>
    public int Open { get; set; } = 1;

    /// <summary>Names from where the walk began to this directory, and to an entry of it.</summary>
    public FileName[] Path(FileName entry = default)
    {
        List<FileName> path = [];
        if (!entry.IsEmpty)
            path.Add(entry);
        for (WalkNode? at = this; at is not null; at = at.Parent)
        {
            if (!at.Name.IsEmpty)
                path.Add(at.Name);
        }
        path.Reverse();
        return [.. path];
    }

    public void PageArrived(DirectoryPage page) => walk.Post(new WalkMail(this, page, FsErrno.Ok));

    public void ListingEnded(FsErrno errno) => walk.Post(new WalkMail(this, null, errno));
}

/// <summary>A page of a directory, or the end of what was asked for of it.</summary>
internal readonly record struct WalkMail(WalkNode Node, DirectoryPage? Page, FsErrno Errno);
