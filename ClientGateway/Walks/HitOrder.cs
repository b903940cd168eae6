using Capstan.ClientGateway.Views;
using Capstan.Shared;

namespace Capstan.ClientGateway.Walks;

/// <summary>The order of what a search has found: that of a listing, and equal rows in the order in which they were found.</summary>
internal static class HitOrder
{
    public static List<SearchHit> Sorted(List<SearchHit> hits, SortColumn column, bool descending)
    {
        if (column == SortColumn.Stored)
            return [.. hits.OrderBy(h => h.Id)];
        ViewSpec spec = new(column, descending);
        (byte[] Key, SearchHit Hit)[] keyed = new (byte[], SearchHit)[hits.Count];
        Span<byte> key = stackalloc byte[RowKey.MaxLength];
        for (int i = 0; i < keyed.Length; i++)
            keyed[i] = (key[..RowKey.Write(spec, hits[i].Name.Span, hits[i].Row, key)].ToArray(), hits[i]);
        Array.Sort(keyed, (a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key) is var order and not 0 ? order : a.Hit.Id.CompareTo(b.Hit.Id));
        return [.. keyed.Select(k => k.Hit)];
    }
}
