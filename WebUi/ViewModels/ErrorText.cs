using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>An errno in plain words: what it means, and the way on.</summary>
public readonly record struct ErrorText(string Title, string Detail)
{
    public string Sentence => $"{Title} {Detail}";

    public static ErrorText Of(FsErrno errno) => errno switch
    {
        FsErrno.Ok => new("Done.", "Nothing is left to do."),
        FsErrno.NotPermitted => new("Only the owner may do this.", "The folder is sticky, or the change is reserved to the file's owner: ask them, or change the owner first."),
        FsErrno.NoEntry => new("It is not there any more.", "Somebody has removed or renamed it. Go up a folder to see what is there now."),
        FsErrno.Io => new("The storage reported an error.", "Nothing was changed. Try again; if it stays, tell the administrator of the metadata server."),
        FsErrno.TryAgain => new("The server is busy.", "Try again in a moment."),
        FsErrno.AccessDenied => new("You have no permission.", "The owner of the folder can give you access."),
        FsErrno.Exists => new("The name is taken.", "Choose another name, or remove what has it."),
        FsErrno.CrossDevice => new("It cannot be moved to another filesystem.", "Copy it there and delete the original."),
        FsErrno.NotDirectory => new("A part of the path is not a folder.", "Go up a folder and open it from there."),
        FsErrno.IsDirectory => new("This is a folder, not a file.", "Open it to see what is in it."),
        FsErrno.Invalid => new("The name or the request is not valid.", "Names have 1 to 255 bytes, and no '/'."),
        FsErrno.FileTooLarge => new("The file is too large.", "Split it, or ask the administrator for a higher limit."),
        FsErrno.NoSpace => new("The storage is full.", "Delete something, or ask the administrator for more space."),
        FsErrno.ReadOnly => new("The filesystem is read-only right now.", "Nothing was changed. Ask the administrator when it takes changes again."),
        FsErrno.TooManyLinks => new("There are too many links to it.", "Remove some of its other names first."),
        FsErrno.Range => new("The value is too long.", "Use a shorter one."),
        FsErrno.NameTooLong => new("The name is too long.", "Names have at most 255 bytes: shorten it."),
        FsErrno.NotSupported => new("The server cannot do this.", "It may be older than this program: ask the administrator."),
        FsErrno.NotEmpty => new("The folder is not empty.", "Open it and delete what is in it, then try again."),
        FsErrno.TooManySymlinks => new("The links lead in a circle.", "Correct the target of one of them."),
        FsErrno.NoData => new("There is nothing stored under this attribute.", "Somebody has removed it. Reload the details."),
        FsErrno.Protocol => new("The server gave an answer that makes no sense.", "Nothing is assumed to have changed. Reload, and tell the administrator if it stays."),
        FsErrno.NotConnected => new("The metadata server cannot be reached.", "The connection is retried all the time. Try again when the page says Live."),
        FsErrno.TimedOut => new("The server did not answer in time.", "It may still have been done: look at the list before you try again."),
        FsErrno.Stale => new("Another file has this name now.", "It was not touched. Look at it before you try again."),
        FsErrno.Cancelled => new("Cancelled.", "It was not done."),
        FsErrno.KeyExpired => new("The session with the server ended before it was confirmed.", "It may or may not have been done: look at the list before you try again."),
        _ => new($"The server reported error {(int)errno}.", "Try again; if it stays, tell the administrator."),
    };

    /// <summary>Why a symbolic link could not be followed.</summary>
    public static ErrorText OfLink(FsErrno errno) => errno switch
    {
        FsErrno.NoEntry => new("What this link leads to is not there.", "It was removed or renamed, or the link is wrong: make a new one."),
        FsErrno.NotDirectory => new("This link leads through something that is not a folder.", "Make a new link."),
        FsErrno.NotSupported => new("This link leads out of this tree.", "What is there cannot be reached from here."),
        FsErrno.TooManySymlinks => new("This link leads in a circle.", "Make a new link in place of one of them."),
        _ => Of(errno),
    };
}
