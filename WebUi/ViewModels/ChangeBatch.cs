using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>What a run of changes comes to in the end, per name; answers how far they move a place.</summary>
public sealed class ChangeBatch
{
    public ChangeBatch(IReadOnlyList<DirectoryChange> changes)
    {
        Dictionary<FileName, (bool Before, bool After)> names = [];
        foreach (DirectoryChange change in changes)
        {
            bool there = change.Kind != DirectoryChangeKind.Removed;
            bool wasThere = change.Kind != DirectoryChangeKind.Added;
            names[change.Name] = (names.TryGetValue(change.Name, out (bool Before, bool After) known) ? known.Before : wasThere, there);
        }
        Added = Those(names, before: false, after: true);
        Removed = Those(names, before: true, after: false);
        Replaced = Those(names, before: true, after: true);
    }

    public SortedNames Added { get; }

    public SortedNames Removed { get; }

    /// <summary>Same name, another inode.</summary>
    public SortedNames Replaced { get; }

    /// <summary>By how many rows the rank of <paramref name="place"/> has grown.</summary>
    public long Shift(RowBound place) => Added.CountBefore(place) - Removed.CountBefore(place);

    private static SortedNames Those(Dictionary<FileName, (bool Before, bool After)> names, bool before, bool after) =>
        new([.. names.Where(n => n.Value.Before == before && n.Value.After == after).Select(n => n.Key)]);
}
