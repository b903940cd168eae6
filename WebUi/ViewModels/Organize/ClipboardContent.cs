using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels.Organize;

/// <summary>What was cut or copied: entries of one folder, by name and inode.</summary>
public sealed record ClipboardContent(JobKind Kind, InodeId Folder, FilePath Path, IReadOnlyList<DirectoryEntry> Entries);
