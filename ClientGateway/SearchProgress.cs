using Capstan.Shared;

namespace Capstan.ClientGateway;

public enum SearchState
{
    Running,

    /// <summary>Everything that may be read has been looked at.</summary>
    Complete,

    Cancelled,

    /// <summary>It has found as much as is kept and looks no further.</summary>
    Full,
}

/// <summary>How far a search, or another walk, has come.</summary>
/// <param name="Unreadable">Directories that were not looked into.</param>
/// <param name="Why">The reason of the first of them.</param>
public readonly record struct SearchProgress(SearchState State, long Entries, long Directories, long Unreadable, FsErrno Why);
