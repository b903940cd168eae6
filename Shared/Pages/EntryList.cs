using System.Collections;

namespace Capstan.Shared.Pages;

/// <summary>
/// Entries kept as the rows of a listing, in one array, each made when it is asked for: a hundred thousand made ones are alive for as long as somebody works on them, and are 20 MB of small
/// objects that a collection copies with everybody stopped. What a listing does not carry (change and access times) is lost.
/// </summary>
public sealed class EntryList : IReadOnlyList<DirectoryEntry>
{
    private readonly List<(FileName Name, PageRow Row)> _rows;

    public EntryList(int capacity = 0) => _rows = new(capacity);

    public int Count => _rows.Count;

    public DirectoryEntry this[int index] => Made(_rows[index]);

    /// <summary>A list that grows leaves garbage of its size behind.</summary>
    public void EnsureCapacity(int capacity) => _rows.EnsureCapacity(capacity);

    public void Add(FileName name, in PageRow row) => _rows.Add((name, row));

    public void Add(DirectoryEntry entry) => Add(entry.Name, PageRow.Of(entry.Attributes));

    /// <summary>In bytewise order of names.</summary>
    public void Sort() => _rows.Sort((a, b) => a.Name.CompareTo(b.Name));

    public void RemoveAll(Predicate<DirectoryEntry> which) => _rows.RemoveAll(row => which(Made(row)));

    public IEnumerator<DirectoryEntry> GetEnumerator()
    {
        foreach ((FileName Name, PageRow Row) row in _rows)
            yield return Made(row);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static DirectoryEntry Made((FileName Name, PageRow Row) row) => new(row.Name, row.Row.ToAttributes());
}
