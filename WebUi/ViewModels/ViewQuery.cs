using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>The order and filter of a list in an address: <c>?sort=-size&amp;filter=*.jpg</c>, with '-' for descending. What cannot be read means nothing.</summary>
public static class ViewQuery
{
    public const int MaxFilter = 255;

    public static ViewSpec Parse(string url)
    {
        ViewSpec spec = ViewSpec.Stored;
        int query = url.IndexOf('?');
        if (query < 0)
            return spec;
        int end = url.IndexOf('#', query);
        foreach (string part in url[(query + 1)..(end < 0 ? url.Length : end)].Split('&'))
        {
            int equals = part.IndexOf('=');
            if (equals < 0)
                continue;
            string value = Uri.UnescapeDataString(part[(equals + 1)..].Replace('+', ' '));
            switch (part[..equals])
            {
                case "sort" when Enum.TryParse(value.TrimStart('-'), ignoreCase: true, out SortColumn sort) && Enum.IsDefined(sort) && !char.IsAsciiDigit(value.TrimStart('-')[0]):
                    spec = spec with { Sort = sort, Descending = value[0] == '-' };
                    break;
                case "filter":
                    spec = spec with { Filter = value.Length > MaxFilter ? value[..MaxFilter] : value };
                    break;
            }
        }
        return spec;
    }

    /// <summary>How the rows of an address are drawn: <c>?view=grid</c>.</summary>
    public static ViewMode ModeOf(string url)
    {
        int query = url.IndexOf('?');
        return query >= 0 && url[(query + 1)..].Split('#')[0].Split('&').Contains("view=grid") ? ViewMode.Grid : ViewMode.List;
    }

    /// <summary>Empty for a list in the order of names without a filter; otherwise with its '?'.</summary>
    public static string Of(ViewSpec spec, ViewMode mode = ViewMode.List)
    {
        List<string> parts = [];
        if (mode == ViewMode.Grid)
            parts.Add("view=grid");
        if (spec.Sort != SortColumn.Stored || spec.Descending)
            parts.Add($"sort={(spec.Descending ? "-" : "")}{spec.Sort.ToString().ToLowerInvariant()}");
        if (spec.Filter.Length > 0)
            parts.Add($"filter={Uri.EscapeDataString(spec.Filter)}");
        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }

    /// <summary>The entry that is to be at the cursor: <c>?show=NAME</c>, its bytes percent-encoded.</summary>
    public static FileName? ShownIn(string url)
    {
        int query = url.IndexOf('?');
        string? shown = query < 0 ? null : url[(query + 1)..].Split('&', '#').FirstOrDefault(p => p.StartsWith("show=", StringComparison.Ordinal));
        return shown is not null && FilePath.TryDecodeName(shown["show=".Length..], out FileName name) == FsErrno.Ok ? name : null;
    }

    /// <summary>The address of an entry's folder, with the cursor at the entry.</summary>
    public static string Showing(FilePath entry) => entry.Parent.ToFilesUrl() + "?show=" + FilePath.EncodeName(entry.Name);

    /// <summary>What a click on a column's head leads to: first the way round that one looks for (names up, large and new first), then the other.</summary>
    public static ViewSpec Toggle(ViewSpec spec, SortColumn sort)
    {
        bool down = sort is SortColumn.Size or SortColumn.Modified;
        return spec.Sort == sort ? spec with { Descending = !spec.Descending } : spec with { Sort = sort, Descending = down };
    }
}
