using Capstan.Shared;

namespace Capstan.WebUi.ViewModels.Archives;

/// <summary>A selection that may be fetched as one archive for a short while.</summary>
/// <param name="Name">Of the archive, without ".zip".</param>
/// <param name="Roots">As the user saw them.</param>
public sealed record ArchiveTicket(Caller Caller, FileName Name, IReadOnlyList<ArchiveRoot> Roots);
