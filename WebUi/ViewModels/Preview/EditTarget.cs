using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels.Preview;

/// <summary>The file that the editor shows, as it is when one asks: what its user may do with it may have changed since it was opened.</summary>
public sealed class EditTarget(IFileSystemClient client, Caller caller)
{
    /// <summary>Where it is, whatever links have led there; null when it cannot be found.</summary>
    public async Task<PlacedEntry?> FindAsync(FilePath path)
    {
        FsResult<ResolvedPath> found = await client.ResolveAsync(caller, path.Names);
        if (!found.IsOk)
            return null;
        InodeAddress place = found.Value.Address;
        return new PlacedEntry(place.Dir, path.Parent, new DirectoryEntry(place.Name, found.Value.Attributes));
    }

    /// <summary>What cannot be found, or not be looked at, is no matter of rights: its reading and saving say what is wrong.</summary>
    public async Task<bool> MayWriteAsync(FilePath path) => await FindAsync(path) is not { } file || file.Entry.Attributes.Allows(caller, Access.Write);
}
