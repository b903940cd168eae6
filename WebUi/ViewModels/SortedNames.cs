using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>A set of names in view order that can tell how many lie before a place.</summary>
public sealed class SortedNames
{
    private readonly List<FileName> _names;

    public SortedNames() => _names = [];

    /// <summary>Takes the list, which must hold no name twice.</summary>
    public SortedNames(List<FileName> names)
    {
        names.Sort();
        _names = names;
    }

    public int Count => _names.Count;

    public IReadOnlyList<FileName> Names => _names;

    public bool Contains(FileName name) => _names.BinarySearch(name) >= 0;

    public bool Add(FileName name)
    {
        int at = _names.BinarySearch(name);
        if (at < 0)
            _names.Insert(~at, name);
        return at < 0;
    }

    public bool Remove(FileName name)
    {
        int at = _names.BinarySearch(name);
        if (at >= 0)
            _names.RemoveAt(at);
        return at >= 0;
    }

    public void RemoveBetween(RowBound from, RowBound to)
    {
        int first = CountBefore(from);
        _names.RemoveRange(first, CountBefore(to) - first);
    }

    public void Clear() => _names.Clear();

    public int CountBetween(RowBound from, RowBound to) => CountBefore(to) - CountBefore(from);

    public int CountBefore(RowBound place)
    {
        if (!place.IsNamed)
            return place == RowBound.End ? _names.Count : 0;
        int at = _names.BinarySearch(place.Name);
        return at < 0 ? ~at : at + (place.IsAfterName ? 1 : 0);
    }
}
