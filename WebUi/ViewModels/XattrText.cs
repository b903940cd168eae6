using System.Text;
using System.Text.Unicode;

namespace Capstan.WebUi.ViewModels;

/// <summary>Names and values of extended attributes as people may see them: text where it is text, hexadecimal otherwise.</summary>
public static class XattrText
{
    private const int Shown = 256;

    public static string Name(ReadOnlySpan<byte> name) => NameText.Visible(Encoding.UTF8.GetString(name));

    public static string Value(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            return "(empty)";
        if (Utf8.IsValid(value) && Encoding.UTF8.GetString(value) is var text && !text.Any(c => c == '\0' || (char.IsControl(c) && c is not ('\n' or '\t'))))
            return text.Length <= Shown ? NameText.Visible(text) : NameText.Visible(text[..Shown]) + "…";
        string hex = Convert.ToHexStringLower(value[..Math.Min(value.Length, Shown / 4)]);
        return "0x" + hex + (value.Length > Shown / 4 ? $"… ({SizeText.Count(value.Length, "byte")})" : "");
    }
}
