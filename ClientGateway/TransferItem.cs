using Capstan.Shared;

namespace Capstan.ClientGateway;

/// <summary>One entry to be copied or moved, with all that is under it.</summary>
/// <param name="Source">Its directory, its name and its number: another inode there fails with ESTALE.</param>
/// <param name="Attributes">As they were seen.</param>
public sealed record TransferItem(InodeAddress Source, InodeAttributes Attributes, InodeId Directory, FileName Name)
{
    public static TransferItem Into(InodeId directory, InodeId from, DirectoryEntry entry) =>
        new(new InodeAddress(from, entry.Name, entry.Attributes.Ino), entry.Attributes, directory, entry.Name);
}
