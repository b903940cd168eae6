namespace Capstan.ClientGateway;

/// <summary>What a job does to its entries.</summary>
public enum JobKind
{
    /// <summary>Removes for good, whole trees among them.</summary>
    Delete,

    /// <summary>Moves to the trash.</summary>
    Trash,

    /// <summary>Takes out of the trash.</summary>
    Restore,

    /// <summary>Removes from the trash for good.</summary>
    Purge,
    Copy,

    /// <summary>Also a rename, and the undoing of either.</summary>
    Move,

    /// <summary>Permissions, owners, times, extended attributes.</summary>
    Attributes,
    Upload,
}
