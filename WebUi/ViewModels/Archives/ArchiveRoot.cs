using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels.Archives;

/// <summary>An entry that was chosen to be packed.</summary>
/// <param name="Below">Folders that it is in within the archive, so that entries of several folders may have one name.</param>
public readonly record struct ArchiveRoot(InodeId Directory, IReadOnlyList<FileName> Below, DirectoryEntry Entry)
{
    /// <summary>Entries of one folder, side by side.</summary>
    public static IReadOnlyList<ArchiveRoot> Of(InodeId directory, IReadOnlyList<DirectoryEntry> entries) => [.. entries.Select(e => new ArchiveRoot(directory, [], e))];
}
