using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>What the user has chosen in a list of rows. It never grows by itself.</summary>
public interface IEntrySelection
{
    /// <summary>One more with each change.</summary>
    long Version { get; }

    long Count { get; }

    /// <summary>Of the chosen files in all; null where not all rows are known.</summary>
    long? Bytes { get; }

    bool IsEmpty { get; }

    bool Contains(DirectoryEntry entry);

    /// <summary>Whether an entry is among what is selected at this moment, whatever is selected afterwards where that is known. For any thread.</summary>
    Func<DirectoryEntry, bool> Now();

    void Clear();

    /// <param name="count">Rows of the list.</param>
    void SelectAll(long count);

    void SelectOnly(DirectoryRow row);

    /// <summary>Both rows and all between them, in either order; beside what is selected, or instead of it.</summary>
    void SelectBetween(DirectoryRow one, DirectoryRow other, bool keep);

    void Toggle(DirectoryRow row);
}
