using Capstan.Shared;

namespace Capstan.ClientGateway.Jobs;

/// <summary>One entry on its way. Owned by the one task that is at it.</summary>
internal sealed class TransferEntry(TransferNode parent, TransferItem item)
{
    public TransferNode Parent => parent;

    public TransferItem Item => item;

    public InodeAddress Source => item.Source;

    public InodeAttributes Attributes => item.Attributes;

    public InodeId Directory => item.Directory;

    /// <summary>Changes when both are to be kept.</summary>
    public FileName Name { get; set; } = item.Name;

    /// <summary>It may have been done already, by a request whose outcome nobody knows: what is there is looked at before anybody is asked.</summary>
    public bool MayBeDone { get; set; }

    /// <summary>A directory of which not everything has been done.</summary>
    public bool IsIncomplete { get; set; }

    /// <summary>What is on its way to the trash for it, and not <see cref="Displaced"/> yet.</summary>
    public InodeId MakesRoomFrom { get; set; }

    /// <summary>A directory that a merge has emptied: it goes.</summary>
    public bool IsBeingRemoved { get; set; }

    /// <summary>Of its name, when both are kept.</summary>
    public int Number { get; set; } = 1;

    /// <summary>What went to the trash for it, and comes back if it fails.</summary>
    public TrashPlace? Displaced { get; set; }

    /// <summary>What was answered, and about which inode.</summary>
    public (ConflictChoice Choice, InodeId Existing) Answer { get; set; }

    public FileName[] Path => parent.Path(item.Source.Name);
}
