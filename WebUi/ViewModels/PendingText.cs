using Capstan.ClientGateway;

namespace Capstan.WebUi.ViewModels;

/// <summary>What is being done with an entry.</summary>
public static class PendingText
{
    private static readonly Dictionary<string, string> Words = new()
    {
        ["deleting"] = "Deleting…",
        ["renaming"] = "Renaming…",
        ["creating"] = "Creating…",
        ["saving"] = "Saving…",
    };

    /// <summary>
    /// The words by what is done, for the style sheet, as properties of the list: a row only says which of them is its own. As a property of the row they would be one of all that is in it, and the
    /// browser would have to look up the styles of all that anew.
    /// </summary>
    public static string Properties { get; } = string.Concat(Words.Select(word => $"--{word.Key}: '{word.Value}'; "));

    public static string Of(OperationKind? kind) => Words[What(kind)];

    /// <summary>One of <see cref="Properties"/>.</summary>
    public static string What(OperationKind? kind) => kind switch
    {
        OperationKind.Unlink or OperationKind.Rmdir or OperationKind.Trash => "deleting",
        OperationKind.Rename => "renaming",
        OperationKind.Create or OperationKind.Mkdir or OperationKind.Symlink or OperationKind.Link => "creating",
        _ => "saving",
    };
}
