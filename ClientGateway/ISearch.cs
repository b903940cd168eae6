using Capstan.Shared;

namespace Capstan.ClientGateway;

/// <summary>
/// A search in a subtree, under way or ended. What it has found is kept as its user reads it: what goes away leaves, what changes is shown as it is now; what comes
/// anew is found by the next search. Thread-safe. Dispose it when nobody looks any more.
/// </summary>
public interface ISearch : IDisposable
{
    SearchSpec Spec { get; }

    /// <summary>Bumped at each change that can alter what is drawn; components compare it on a timer.</summary>
    long ChangeCounter { get; }

    SearchProgress Progress { get; }

    int Count { get; }

    /// <summary>Where the first directories are that could not be looked into: names from where the search began, and why.</summary>
    IReadOnlyList<(IReadOnlyList<FileName> Folder, FsErrno Errno)> Unreadable { get; }

    /// <summary>The order of the rows; <see cref="SortColumn.Stored"/>: as they were found.</summary>
    void Sort(SortColumn column, bool descending);

    /// <summary>Appends up to <paramref name="count"/> rows from the place <paramref name="first"/> on.</summary>
    void Read(int first, int count, List<SearchRow> rows);

    /// <summary>The ids of the rows from the place <paramref name="first"/> on, at most <paramref name="count"/>.</summary>
    IReadOnlyList<long> Ids(int first, int count);

    /// <summary>The place of a row, or -1 when it is not there any more.</summary>
    int IndexOf(long id);

    /// <summary>Those of <paramref name="ids"/> that are still there and have no operation under way, as they are now.</summary>
    IReadOnlyList<SearchRow> Resolve(IReadOnlyCollection<long> ids);

    /// <summary>A row that is about to be renamed stays in what was found, under its new name.</summary>
    void Rename(long id, FileName name);

    /// <summary>Looks no further; what it has found stays.</summary>
    void Cancel();
}
