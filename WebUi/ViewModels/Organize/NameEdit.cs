using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels.Organize;

/// <summary>A name that is being edited in its row.</summary>
/// <param name="Submit">Null when it has the new name, otherwise the sentence that says why not.</param>
/// <param name="End">It is over, with a sentence that is still to be said. The list has the focus next when it was ended by a key.</param>
public sealed record NameEdit(DirectoryEntry Entry, Func<FileName, Task<string?>> Submit, Func<string?, bool, Task> End)
{
    /// <summary>This very entry, and not what has its name by now.</summary>
    public bool IsOf(DirectoryEntry entry) => entry.Name == Entry.Name && entry.Attributes.Ino == Entry.Attributes.Ino;
}
