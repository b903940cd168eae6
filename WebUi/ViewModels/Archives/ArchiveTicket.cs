using Capstan.Shared;

namespace Capstan.WebUi.ViewModels.Archives;

/// <summary>A selection that may be fetched as one archive for a short while.</summary>
/// <param name="Name">Of the archive, without ".zip".</param>
/// <param name="Entries">As the user saw them, all of <paramref name="Directory"/>.</param>
public sealed record ArchiveTicket(Caller Caller, InodeId Directory, FileName Name, IReadOnlyList<DirectoryEntry> Entries);
