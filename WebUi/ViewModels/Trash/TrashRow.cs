using Capstan.Shared;

namespace Capstan.WebUi.ViewModels.Trash;

/// <summary>One entry of the trash as it is drawn.</summary>
/// <param name="IsBusy">It is being restored or purged.</param>
public sealed record TrashRow(TrashEntry Entry, bool IsBusy)
{
    /// <summary>Its own in the trash: an inode is in there once.</summary>
    public ulong Number => Entry.Id.Ino.Value;

    /// <summary>The folder that it was in, when it was removed.</summary>
    public FilePath Folder => new([.. Entry.Path.Take(Entry.Path.Count - 1)]);
}
