using System.Text;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels.Organize;

/// <summary>Names as people type them, with words for what is wrong.</summary>
public static class NameRules
{
    /// <summary>Null when the name is good.</summary>
    public static string? Problem(string typed, out FileName name)
    {
        name = default;
        if (typed.Length == 0)
            return "Type a name.";
        if (typed is "." or "..")
            return $"“{typed}” has a meaning of its own: choose another name.";
        if (typed.Contains('/'))
            return "A name cannot contain “/”.";
        if (typed.Contains('\0'))
            return "A name cannot contain the character NUL.";
        FsErrno errno = FileName.TryParse(typed, out name);
        if (errno == FsErrno.NameTooLong)
            return $"This name has {SizeText.Number(Encoding.UTF8.GetByteCount(typed))} bytes; it may have {FileName.MaxLength}.";
        return errno == FsErrno.Ok ? null : "This is not a name that a file can have.";
    }

    /// <summary>How much of a name is selected for a new one: all but the extension.</summary>
    public static int StemLength(string shown, bool isDirectory)
    {
        int dot = isDirectory ? -1 : shown.LastIndexOf('.');
        return dot > 0 ? dot : shown.Length;
    }
}
