namespace Capstan.ClientGateway;

/// <summary>What the rows of a view are ordered by.</summary>
public enum SortKey
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
/// How a directory is to be shown. Directories come first in every order but <see cref="SortKey.Stored"/>, also descending; equal rows are in natural order of their
/// names, and what is equal even then in bytewise order, so that an order is total.
/// </summary>
/// <param name="Filter">Part of a name, in any case; with '*' or '?' a pattern for the whole of it. Empty: every row.</param>
public readonly record struct ViewSpec(SortKey Sort = SortKey.Stored, bool Descending = false, string Filter = "")
{
    /// <summary>The MDS's own order of all rows: a view of it needs no arrangement.</summary>
    public bool IsStored => Sort == SortKey.Stored && Filter.Length == 0;
}
