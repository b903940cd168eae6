using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>What a file is, in words.</summary>
public static class KindText
{
    public static string Of(DirectoryEntry entry)
    {
        FileIcon icon = FileIcon.Of(entry);
        if (entry.Attributes.Kind != FileKind.File)
            return icon.Label;
        string name = entry.Name.ToString();
        int dot = name.LastIndexOf('.');
        string extension = dot > 0 && name.Length - dot is >= 2 and <= 6 ? name[(dot + 1)..].ToUpperInvariant() : "";
        return extension.Length == 0 || !extension.All(char.IsAsciiLetterOrDigit) ? icon.Label
            : extension == icon.Label.ToUpperInvariant() ? extension : icon.Label is "File" or "Text" ? $"{extension} file" : $"{extension} {icon.Label.ToLowerInvariant()}";
    }
}
