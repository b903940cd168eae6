using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

public static class ModeText
{
    /// <summary>As ls shows it: "drwxr-xr-x".</summary>
    public static string Of(uint mode)
    {
        Span<char> text = stackalloc char[10];
        text[0] = (FileKind)(mode >> 12) switch { FileKind.Directory => 'd', FileKind.Symlink => 'l', _ => '-' };
        for (int bit = 0; bit < 9; bit++)
            text[1 + bit] = (mode & (0x100u >> bit)) != 0 ? "rwxrwxrwx"[bit] : '-';
        Special(text, 3, mode, 0x800, 's');
        Special(text, 6, mode, 0x400, 's');
        Special(text, 9, mode, 0x200, 't');
        return text.ToString();
    }

    private static void Special(Span<char> text, int at, uint mode, uint bit, char letter)
    {
        if ((mode & bit) != 0)
            text[at] = text[at] == 'x' ? letter : char.ToUpperInvariant(letter);
    }
}
