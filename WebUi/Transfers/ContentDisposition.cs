using System.Text;
using Capstan.Shared;
using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Transfers;

/// <summary>"attachment" with the file's name, as RFC 6266 and RFC 5987 (8187) write it.</summary>
internal static class ContentDisposition
{
    public static string Attachment(FileName name)
    {
        string text = name.ToString();
        StringBuilder plain = new();
        foreach (char c in text)
            plain.Append(c is < ' ' or > '~' or '"' or '\\' or '%' or '/' ? '_' : c);
        // Names that are not UTF-8 have an escaped form that is.
        FileName shown = FileName.TryCreate(text, out FileName utf8) == FsErrno.Ok ? utf8 : name;
        return $"attachment; filename=\"{plain}\"; filename*=UTF-8''{FilePath.EncodeName(shown)}";
    }
}
