using Capstan.Shared;

namespace Capstan.ClientGateway;

/// <summary>
/// Entries that a user has chosen, by entry and never by row: it survives other orders and filters, loses what vanishes or comes to be another inode, and
/// never grows by what its user did not see. Thread-safe.
/// </summary>
public interface IRowSelection : IDisposable
{
    /// <summary>One more with each change.</summary>
    long Version { get; }

    long Count { get; }

    /// <summary>Of the chosen files, in all.</summary>
    long Bytes { get; }

    /// <summary>The listing was lost, and with it what was chosen.</summary>
    bool IsLost { get; }

    bool Contains(DirectoryEntry entry);

    void Clear();

    /// <summary>Every row that a spec lets through, also those out of sight: all of the directory, or all that match a filter. Beside what is chosen.</summary>
    void AddAll(ViewSpec spec);

    /// <summary>Rows [first, past) of an arrangement that somebody looks at. Beside what is chosen. False: there is no such arrangement now.</summary>
    bool AddRange(ViewSpec spec, long first, long past);

    /// <summary>Every entry for which <paramref name="predicate"/> is true. Beside what is chosen.</summary>
    void AddWhere(Func<DirectoryEntry, bool> predicate);

    /// <summary>Every entry of the directory that is not chosen is, and the others are not.</summary>
    void Invert();

    bool Add(DirectoryEntry entry);

    bool Remove(DirectoryEntry entry);

    /// <summary>What is chosen at this moment, less what is being removed already: names with their inodes, in bytewise order of names, and the directory's version of that moment.</summary>
    (IReadOnlyList<DirectoryEntry> Entries, DirectoryVersion Version) Resolve();
}
