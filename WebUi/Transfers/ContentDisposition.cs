using System.Text;
using Capstan.Shared;
using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Transfers;

/// <summary>"attachment" or "inline" with the file's name, as RFC 6266 and RFC 5987 (8187) write it.</summary>
internal static class ContentDisposition
{
    public static string Attachment(FileName name) => "attachment; " + NameOf(name);

    public static string Inline(FileName name) => "inline; " + NameOf(name);

    private static string NameOf(FileName name)
    {
        string text = name.ToString();
        StringBuilder plain = new();
        foreach (char c in text)
            plain.Append(c is < ' ' or > '~' or '"' or '\\' or '%' or '/' ? '_' : c);
        // Names that are not UTF-8 have an escaped form that is.
        FileName shown = FileName.TryCreate(text, out FileName utf8) == FsErrno.Ok ? utf8 : name;
        return $"filename=\"{plain}\"; filename*=UTF-8''{FilePath.EncodeName(shown)}";
    }
}
