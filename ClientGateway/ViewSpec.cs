namespace Capstan.ClientGateway;

/// <summary>What the rows of a view are ordered by.</summary>
public enum SortColumn
{
    /// <summary>Bytewise order of names, as the MDS keeps them: needs nothing but the pages in sight.</summary>
    Stored,

    /// <summary>Natural (numbers by value) and case-insensitive.</summary>
    Name,

    Size,

    Modified,

    /// <summary>Kind of file, then what follows the last dot of its name.</summary>
    Type,
}

/// <summary>
/// How a directory is to be shown. Directories come first in every order but <see cref="SortColumn.Stored"/>, also descending; equal rows are in natural order of their
/// names, and what is equal even then in bytewise order, so that an order is total.
/// </summary>
/// <param name="Filter">Part of a name, in any case; with '*' or '?' a pattern for the whole of it. Empty: every row.</param>
public readonly record struct ViewSpec(SortColumn Sort = SortColumn.Stored, bool Descending = false, string Filter = "")
{
    /// <summary>Every row, as the MDS keeps them.</summary>
    public static readonly ViewSpec Stored = new(SortColumn.Stored);

    /// <summary>The MDS's own order of all rows: a view of it needs no arrangement.</summary>
    public bool IsStored => Sort == SortColumn.Stored && Filter.Length == 0;
}
