using Capstan.ClientGateway;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels.Organize;

/// <summary>A name that is being edited in its row or tile.</summary>
/// <param name="Submit">Null when it has the new name, otherwise the sentence that says why not.</param>
/// <param name="End">It is over, with a sentence that is still to be said. The list has the focus next when it was ended by a key.</param>
public sealed record NameEdit(DirectoryEntry Entry, Func<FileName, Task<string?>> Submit, Func<string?, bool, Task> End)
{
    /// <summary>It is here and not in the field, so that a row that is scrolled out of sight and back has it still.</summary>
    public string Typed { get; set; } = NameText.Editable(Entry.Name);

    /// <summary>The new name is asked for: that the old one goes is no surprise.</summary>
    public bool IsAsked { get; set; }

    /// <summary>This very entry, and not what has its name by now.</summary>
    public bool IsOf(DirectoryEntry entry) => entry.Name == Entry.Name && entry.Attributes.Ino == Entry.Attributes.Ino;
}
