using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.ViewModels.Commands;

namespace Capstan.WebUi.ViewModels.Organize;

/// <summary>New names in the folder that is shown.</summary>
public static class CreateFlow
{
    /// <summary>Waits for the server's word. Null: it is made, and the cursor is on it; otherwise the sentence that says why not.</summary>
    public static async Task<string?> EndAsync(FileCommandContext context, DirectoryViewModel directory, PendingOperation made)
    {
        FsErrno errno = (await made.Completion).Errno;
        if (errno == FsErrno.Ok)
        {
            if (context.Directory == directory)
                await directory.FocusAsync(made.Name);
            return null;
        }
        context.Client.Operations.Dismiss(made);
        return errno == FsErrno.Exists ? TransferFlow.Taken(made.Name) : ErrorText.Of(errno).Sentence;
    }
}
