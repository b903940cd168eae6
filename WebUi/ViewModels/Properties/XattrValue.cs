using System.Text;

namespace Capstan.WebUi.ViewModels.Properties;

/// <summary>Values of extended attributes as text: what is plain text as it is, anything else as 0x and hexadecimal digits. A text that begins with 0x is written so, too.</summary>
public static class XattrValue
{
    /// <summary>Characters of a value that the details have room for.</summary>
    private const int Room = 256;

    private static readonly UTF8Encoding Strict = new(false, true);

    /// <summary>It can be shown, and typed, as it is.</summary>
    public static bool IsText(byte[] value) => Text(value) is { } text && !text.Any(char.IsControl) && !text.StartsWith("0x", StringComparison.Ordinal);

    public static string Of(byte[] value) => IsText(value) ? Strict.GetString(value) : Hex(value);

    /// <summary>As much of it as people look at; text may have lines here.</summary>
    public static string Short(byte[] value)
    {
        if (value.Length == 0)
            return "(empty)";
        if (Text(value) is { } text && !text.Any(c => char.IsControl(c) && c is not ('\n' or '\t')))
            return text.Length <= Room ? NameText.Visible(text) : NameText.Visible(text[..Room]) + "…";
        return value.Length <= Room / 4 ? Hex(value) : $"{Hex(value.AsSpan(0, Room / 4))}… ({SizeText.Count(value.Length, "byte")})";
    }

    public static bool TryParse(string text, out byte[] value)
    {
        value = [];
        if (!text.StartsWith("0x", StringComparison.Ordinal))
        {
            value = Encoding.UTF8.GetBytes(text);
            return true;
        }
        string digits = text[2..].Replace(" ", "");
        if (digits.Length % 2 != 0 || !digits.All(char.IsAsciiHexDigit))
            return false;
        value = Convert.FromHexString(digits);
        return true;
    }

    private static string Hex(ReadOnlySpan<byte> value) => "0x" + Convert.ToHexStringLower(value);

    /// <summary>Null: it is not UTF-8.</summary>
    private static string? Text(byte[] value)
    {
        try
        {
            return Strict.GetString(value);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
