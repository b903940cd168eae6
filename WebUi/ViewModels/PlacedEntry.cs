using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>An entry, and the folder that it is listed in.</summary>
public readonly record struct PlacedEntry(InodeId Folder, FilePath Path, DirectoryEntry Entry)
{
    /// <summary>Entries of one folder.</summary>
    public static IReadOnlyList<PlacedEntry> Of(InodeId folder, FilePath path, IReadOnlyList<DirectoryEntry> entries) => [.. entries.Select(e => new PlacedEntry(folder, path, e))];
}
