using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>The gateway's selection, as the list that shows an arrangement uses it: it stays when the rows are sorted or filtered otherwise.</summary>
public sealed class ArrangedSelection(IRowSelection selection, ViewSpec spec) : IEntrySelection, IDisposable
{
    private ViewSpec _spec = spec;

    public long Version => selection.Version;

    public long Count => selection.Count;

    public long? Bytes => selection.Bytes;

    public bool IsEmpty => Count == 0;

    public bool IsLost => selection.IsLost;

    public bool Contains(DirectoryEntry entry) => selection.Contains(entry);

    /// <summary>Not a copy: it is the gateway's, and for any thread.</summary>
    public Func<DirectoryEntry, bool> Now() => selection.Contains;

    public void Clear() => selection.Clear();

    /// <summary>The rows in sight are those of another spec from now on.</summary>
    public void Show(ViewSpec other) => _spec = other;

    /// <summary>Chooses what was chosen as ranges of names.</summary>
    public void Take(RowSelection ranges)
    {
        if (!ranges.IsEmpty)
            selection.AddWhere(ranges.Contains);
    }

    public void SelectAll(long count) => selection.AddAll(_spec);

    public void Invert() => selection.Invert();

    public void SelectOnly(DirectoryRow row)
    {
        selection.Clear();
        selection.Add(row.Entry);
    }

    public void SelectBetween(DirectoryRow one, DirectoryRow other, bool keep)
    {
        if (!keep)
            selection.Clear();
        selection.AddRange(_spec, Math.Min(one.Rank, other.Rank), Math.Max(one.Rank, other.Rank) + 1);
    }

    public void Toggle(DirectoryRow row)
    {
        if (!selection.Remove(row.Entry))
            selection.Add(row.Entry);
    }

    /// <summary>The entries chosen now.</summary>
    public IReadOnlyList<DirectoryEntry> Resolve() => selection.Resolve().Entries;

    public void Dispose() => selection.Dispose();
}
