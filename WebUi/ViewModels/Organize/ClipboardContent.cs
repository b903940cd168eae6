using Capstan.ClientGateway;

namespace Capstan.WebUi.ViewModels.Organize;

/// <summary>What was cut or copied: entries by their folder, name and inode.</summary>
public sealed record ClipboardContent(JobKind Kind, IReadOnlyList<PlacedEntry> Entries);
