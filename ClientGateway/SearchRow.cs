using Capstan.Shared;

namespace Capstan.ClientGateway;

/// <summary>One entry that a search has found.</summary>
/// <param name="Id">Its own for as long as the search lives: what selections hold.</param>
/// <param name="Directory">Where it is listed.</param>
/// <param name="Folder">Names from where the search began to that directory.</param>
public readonly record struct SearchRow(long Id, InodeId Directory, IReadOnlyList<FileName> Folder, DirectoryEntry Entry, RowState State, PendingOperation? Operation);
