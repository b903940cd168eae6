using Capstan.Shared;

namespace Capstan.WebUi.ViewModels.Trash;

/// <summary>An entry that could not go back to where it was, or to where it was asked to.</summary>
public sealed record RefusedRestore(TrashEntry Entry, FsErrno Errno)
{
    /// <summary>Why, in the words of this page.</summary>
    public string Reason => Errno switch
    {
        FsErrno.Exists => "Something else has its name there now.",
        FsErrno.Stale or FsErrno.NoEntry => "The folder it was in is gone.",
        _ => ErrorText.Of(Errno).Title,
    };
}
