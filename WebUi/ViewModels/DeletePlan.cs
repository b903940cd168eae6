using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>What a deletion would delete: exactly these inodes under exactly these names, as the user is shown before confirming.</summary>
public sealed record DeletePlan(InodeId Directory, IReadOnlyList<DirectoryEntry> Entries)
{
    public const int NamesShown = 5;

    /// <summary>From so many entries on a count is to be typed before they are deleted for good.</summary>
    public const long TypedFrom = 100_000;

    public int Count => Entries.Count;

    public int Folders { get; } = Entries.Count(e => e.Attributes.IsDirectory);

    public long Bytes { get; } = Entries.Sum(e => e.Attributes.Kind == FileKind.File ? e.Attributes.Size : 0);

    public IEnumerable<DirectoryEntry> First => Entries.Take(NamesShown);

    public int More => Math.Max(0, Count - NamesShown);

    public string Question => Count == 1
        ? $"Permanently delete “{NameText.Of(Entries[0].Name)}”?"
        : $"Permanently delete {SizeText.Items(Count)}?";

    public string Button => Count == 1 ? "Delete 1 item" : $"Delete {SizeText.Items(Count)}";
}
