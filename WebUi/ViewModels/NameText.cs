using System.Globalization;
using System.Text;
using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>Names as people may see them: control characters are made visible, and none can turn the text around it.</summary>
public static class NameText
{
    public static string Of(FileName name) => Visible(name.ToString());

    public static string Visible(string text)
    {
        if (!text.Any(IsHidden))
            return text;
        StringBuilder visible = new(text.Length);
        foreach (char c in text)
        {
            if (!IsHidden(c))
                visible.Append(c);
            else
                visible.Append(c switch { '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", _ => $"\\u{(int)c:X4}" });
        }
        return visible.ToString();
    }

    private static bool IsHidden(char c) =>
        char.IsControl(c) || (CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator && c != '\u200D');
}
