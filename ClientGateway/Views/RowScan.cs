using Capstan.Shared;

namespace Capstan.ClientGateway.Views;

/// <summary>Walks through all names of a table, a page of text at a time.</summary>
internal static class RowScan
{
    /// <summary>Those of <paramref name="ids"/> whose names the filter lets through, in the same sequence.</summary>
    public static uint[] Filter(RowTable table, uint[] ids, NameFilter filter, CancellationToken cancellation)
    {
        RowSet matches = Paged(table, filter, cancellation);
        int kept = 0;
        foreach (uint id in ids)
        {
            if (RowTable.IsAdded(id) ? filter.Matches(table.Name(id).Span) : matches.Contains(id))
                ids[kept++] = id;
        }
        return ids[..kept];
    }

    /// <summary>The rows of the pages that match, gone ones among them.</summary>
    public static RowSet Paged(RowTable table, NameFilter filter, CancellationToken cancellation)
    {
        RowSet matches = new();
        byte[] text = [];
        int[] ends = [];
        int page = 0;
        Action<int> found = index => matches.Add(RowTable.IdOf(page, index));
        for (; page < table.Pages.Count; page++)
        {
            cancellation.ThrowIfCancellationRequested();
            int length = table.Pages[page].CopyNames(ref text, ref ends);
            filter.Scan(text.AsSpan(0, length), ends.AsSpan(0, table.Pages[page].Count), found);
        }
        return matches;
    }
}
