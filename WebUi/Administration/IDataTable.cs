namespace Capstan.WebUi.Administration;

/// <summary>A table of any length of which a window is drawn. Read on demand: who does not look does not cost.</summary>
public interface IDataTable
{
    string Id { get; }

    string Title { get; }

    /// <summary>What is said when it has no rows.</summary>
    string Empty { get; }

    /// <summary>What can be done to a row: none, to a directory, to a session.</summary>
    RowAction Action { get; }

    IReadOnlyList<DataHead> Heads { get; }

    /// <summary>Rows that pass the filter.</summary>
    int Count { get; }

    /// <summary>Rows there are.</summary>
    int Total { get; }

    string Sort { get; }

    bool Descending { get; }

    string Filter { get; }

    /// <summary>What went wrong with the last reading; null: nothing.</summary>
    string? Problem { get; }

    /// <summary>Another order or filter, of what was read last. An unknown column leaves the order.</summary>
    void Arrange(string? sort, bool descending, string filter);

    /// <summary>Reads what is there now.</summary>
    Task RefreshAsync(CancellationToken cancellation);

    IReadOnlyList<DataRow> Window(int first, int count);

    /// <summary>Values of all rows that pass the filter, in order: for a file.</summary>
    IEnumerable<object?[]> Values();
}

public enum RowAction
{
    None,
    Directory,
    Session,
}
