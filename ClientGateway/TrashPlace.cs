using Capstan.Shared;

namespace Capstan.ClientGateway;

/// <summary>An entry of the trash, and the place it is to go back to.</summary>
public readonly record struct TrashPlace(TrashId Id, InodeId Directory, FileName Name)
{
    /// <summary>Where it was.</summary>
    public static TrashPlace Of(TrashEntry entry) => new(entry.Id, entry.Directory, entry.Name);
}
