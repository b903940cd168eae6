namespace Capstan.WebUi.Administration;

/// <summary>What to do, and the numbers that say so.</summary>
/// <param name="Table">Of the cache page, where the numbers can be looked at.</param>
/// <param name="Filter">Of that table.</param>
public sealed record Advice(string Id, string Title, string Detail, string Table, string Filter = "")
{
    public string Url => $"/admin/cache?table={Table}{(Filter.Length > 0 ? $"&path={Uri.EscapeDataString(Filter)}" : "")}";
}
