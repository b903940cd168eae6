using Capstan.ClientGateway;

namespace Capstan.WebUi.ViewModels;

/// <summary>What is being done with an entry.</summary>
public static class PendingText
{
    public static string Of(OperationKind? kind) => kind switch
    {
        OperationKind.Unlink or OperationKind.Rmdir or OperationKind.Trash => "Deleting…",
        OperationKind.Rename => "Renaming…",
        OperationKind.Create or OperationKind.Mkdir or OperationKind.Symlink or OperationKind.Link => "Creating…",
        _ => "Saving…",
    };
}
