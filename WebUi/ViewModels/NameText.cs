using System.Buffers;
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

    /// <summary>
    /// As a field may hold it and <see cref="FileName.TryParse"/> reads it back: a field of one line drops the line breaks of what it is given, so
    /// control characters are written as \xHH, and the backslash as two.
    /// </summary>
    public static string Editable(FileName name)
    {
        string shown = name.ToString();
        if (!shown.Any(char.IsControl))
            return shown;
        StringBuilder text = new();
        for (ReadOnlySpan<byte> bytes = name.Span; !bytes.IsEmpty;)
        {
            bool isText = Rune.DecodeFromUtf8(bytes, out Rune rune, out int used) == OperationStatus.Done && !Rune.IsControl(rune);
            if (isText)
                text.Append(rune.Value == '\\' ? @"\\" : rune.ToString());
            else
                foreach (byte b in bytes[..used])
                    text.Append(CultureInfo.InvariantCulture, $"\\x{b:X2}");
            bytes = bytes[used..];
        }
        return text.ToString();
    }

    public static string Editable(FilePath path) => "/" + string.Join('/', path.Names.Select(Editable));

    private static bool IsHidden(char c) =>
        char.IsControl(c) || (CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator && c != '\u200D');
}
