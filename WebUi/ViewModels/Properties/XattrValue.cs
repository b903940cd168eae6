using System.Text;

namespace Capstan.WebUi.ViewModels.Properties;

/// <summary>Values of extended attributes as text: what is plain text as it is, anything else as 0x and hexadecimal digits. A text that begins with 0x is written so, too.</summary>
public static class XattrValue
{
    private static readonly UTF8Encoding Strict = new(false, true);

    public static bool IsText(byte[] value)
    {
        try
        {
            string text = Strict.GetString(value);
            return !text.Any(char.IsControl) && !text.StartsWith("0x", StringComparison.Ordinal);
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    public static string Of(byte[] value) => IsText(value) ? Strict.GetString(value) : "0x" + Convert.ToHexStringLower(value);

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
}
