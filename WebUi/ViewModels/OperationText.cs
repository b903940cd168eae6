using Capstan.ClientGateway;

namespace Capstan.WebUi.ViewModels;

/// <summary>Operations in words.</summary>
public static class OperationText
{
    public static string Kind(OperationKind kind) => kind switch
    {
        OperationKind.Unlink => "Delete",
        OperationKind.Rmdir => "Delete folder",
        OperationKind.Create => "Create file",
        OperationKind.Mkdir => "Create folder",
        OperationKind.Symlink => "Create link",
        OperationKind.Link => "Add name",
        OperationKind.Rename => "Rename",
        OperationKind.SetAttributes => "Change attributes",
        OperationKind.SetXattr => "Set attribute",
        OperationKind.RemoveXattr => "Remove attribute",
        OperationKind.Trash => "Move to trash",
        OperationKind.Restore => "Restore",
        OperationKind.Purge => "Delete for good",
        _ => kind.ToString(),
    };

    public static string Job(JobKind kind) => kind switch
    {
        JobKind.Trash => "Move to trash",
        JobKind.Purge => "Delete for good",
        JobKind.Attributes => "Change attributes",
        _ => kind.ToString(),
    };

    public static string State(OperationState state) => state switch
    {
        OperationState.Queued => "Queued",
        OperationState.Sent => "Sent",
        OperationState.Done => "Done",
        OperationState.Failed => "Failed",
        OperationState.Cancelled => "Cancelled",
        _ => state.ToString(),
    };

    /// <summary>Whether the call waited for the server, and why it had to.</summary>
    public static string Mode(PendingOperation operation) => operation.IsAsynchronous ? "Asynchronous" : Reason(operation.Fallback);

    public static string Reason(FallbackReason reason) => reason switch
    {
        FallbackReason.None => "Waits for the server",
        FallbackReason.SwitchedOff => "Asynchronous deletion is switched off",
        FallbackReason.NotCached => "The entry was not in the cache",
        FallbackReason.IsDirectory => "It is a folder",
        FallbackReason.HardLinked => "The file has other names",
        FallbackReason.NoExclusiveCap => "Somebody else uses the folder too",
        FallbackReason.NoTargetLink => "The file's link right is not held",
        FallbackReason.NoAuthCap => "Permissions are not known locally",
        FallbackReason.VersionNotCurrent => "The listing was not current",
        FallbackReason.NameBusy => "Another operation on the name is in flight",
        FallbackReason.SessionNotOpen => "The server could not be reached",
        FallbackReason.NotKnownEmpty => "The folder was not known to be empty",
        _ => reason.ToString(),
    };
}
