namespace Capstan.WebUi.Administration;

/// <summary>Which table is shown and how, as the address has it.</summary>
/// <param name="Sort">A column; null: the table's own order.</param>
public sealed record TableQuery(string Table, string? Sort, bool Descending, string Filter)
{
    /// <summary>Sort and filter alone, for an address that names the table otherwise.</summary>
    public string Parameters => $"?sort={Sort}{(Descending ? "&desc=true" : "")}{(Filter.Length > 0 ? $"&path={Uri.EscapeDataString(Filter)}" : "")}";
}
