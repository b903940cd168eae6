namespace Capstan.Shared;

/// <summary>What is in the trash, and where it was.</summary>
/// <param name="Attributes">As they are now; of a directory the size is its entries.</param>
/// <param name="Directory">Where it was listed; its number may be gone by now.</param>
/// <param name="Path">Names from the root to the entry, its own the last, as they were when it was removed; of a very long path the last ones.</param>
public sealed record TrashEntry(TrashId Id, InodeAttributes Attributes, InodeId Directory, IReadOnlyList<FileName> Path)
{
    public FileName Name => Path[^1];
}
