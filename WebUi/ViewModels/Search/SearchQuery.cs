using System.Globalization;
using Capstan.ClientGateway;

namespace Capstan.WebUi.ViewModels.Search;

/// <summary>
/// A search in an address: <c>?q=*.jpg&amp;kind=files&amp;min=10M&amp;max=1G&amp;from=2026-01-31&amp;to=2026-02-28&amp;sort=-size</c>. Days are in UTC, both included. What cannot be
/// read means nothing.
/// </summary>
public sealed record SearchQuery
{
    public const int MaxName = 255;

    public string Name { get; init; } = "";

    public SearchKinds Kinds { get; init; } = SearchKinds.All;

    public long? MinSize { get; init; }

    public long? MaxSize { get; init; }

    public DateOnly? From { get; init; }

    public DateOnly? To { get; init; }

    public SortColumn Sort { get; init; } = SortColumn.Stored;

    public bool Descending { get; init; }

    public SearchSpec Spec => new()
    {
        Name = Name,
        Kinds = Kinds,
        MinSize = MinSize,
        MaxSize = MaxSize,
        ModifiedFromNs = From is { } from ? NsOf(from) : null,
        ModifiedBeforeNs = To is { } to && to < DateOnly.MaxValue ? NsOf(to.AddDays(1)) : null,
    };

    public static SearchQuery Parse(string url)
    {
        SearchQuery query = new();
        int start = url.IndexOf('?');
        if (start < 0)
            return query;
        int end = url.IndexOf('#', start);
        foreach (string part in url[(start + 1)..(end < 0 ? url.Length : end)].Split('&'))
        {
            int equals = part.IndexOf('=');
            if (equals > 0)
                query = query.With(part[..equals], Uri.UnescapeDataString(part[(equals + 1)..].Replace('+', ' ')));
        }
        return query;
    }

    /// <summary>With its '?', or empty.</summary>
    public string ToUrl()
    {
        List<string> parts = [];
        Add("q", Name);
        Add("kind", Kinds == SearchKinds.All ? "" : Kinds.ToString().ToLowerInvariant());
        Add("min", SizeInput.Of(MinSize));
        Add("max", SizeInput.Of(MaxSize));
        Add("from", From?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "");
        Add("to", To?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "");
        Add("sort", Sort == SortColumn.Stored ? "" : (Descending ? "-" : "") + Sort.ToString().ToLowerInvariant());
        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);

        void Add(string key, string value)
        {
            if (value.Length > 0)
                parts.Add($"{key}={Uri.EscapeDataString(value)}");
        }
    }

    private SearchQuery With(string key, string value) => key switch
    {
        "q" => this with { Name = value.Length > MaxName ? value[..MaxName] : value },
        "kind" when Enum.TryParse(value, ignoreCase: true, out SearchKinds kinds) && !char.IsAsciiDigit(value[0]) && kinds != SearchKinds.None => this with { Kinds = kinds & SearchKinds.All },
        "min" when SizeInput.TryParse(value, out long? min) => this with { MinSize = min },
        "max" when SizeInput.TryParse(value, out long? max) => this with { MaxSize = max },
        "from" when DateOnly.TryParseExact(value, "yyyy-MM-dd", out DateOnly from) => this with { From = from },
        "to" when DateOnly.TryParseExact(value, "yyyy-MM-dd", out DateOnly to) => this with { To = to },
        "sort" when value.TrimStart('-') is { Length: > 0 } sort && Enum.TryParse(sort, ignoreCase: true, out SortColumn column) && !char.IsAsciiDigit(sort[0]) =>
            this with { Sort = column, Descending = value[0] == '-' },
        _ => this,
    };

    private static long NsOf(DateOnly day)
    {
        long ticks = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks;
        return ticks > long.MaxValue / TimeSpan.NanosecondsPerTick ? long.MaxValue : ticks < long.MinValue / TimeSpan.NanosecondsPerTick ? long.MinValue : ticks * TimeSpan.NanosecondsPerTick;
    }
}
