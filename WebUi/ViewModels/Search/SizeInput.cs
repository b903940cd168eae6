using System.Globalization;

namespace Capstan.WebUi.ViewModels.Search;

/// <summary>A size as people type it: "10", "1.5 MB", "2GiB". K, M, G and T are powers of 1024, as sizes are shown.</summary>
public static class SizeInput
{
    private const string Units = "KMGT";

    /// <summary>False for what is none; an empty text is none that is wanted: true and null.</summary>
    public static bool TryParse(string text, out long? bytes)
    {
        bytes = null;
        string number = text.Trim().ToUpperInvariant();
        if (number.Length == 0)
            return true;
        number = number.EndsWith("IB", StringComparison.Ordinal) ? number[..^2] : number.EndsWith('B') ? number[..^1] : number;
        int power = number.Length > 0 ? Units.IndexOf(number[^1]) + 1 : 0;
        if (power > 0)
            number = number[..^1];
        if (!double.TryParse(number.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) || value * Math.Pow(1024, power) >= long.MaxValue)
            return false;
        bytes = (long)Math.Round(value * Math.Pow(1024, power));
        return true;
    }

    /// <summary>The shortest text that reads back as the same.</summary>
    public static string Of(long? bytes)
    {
        if (bytes is not { } left)
            return "";
        int power = 0;
        while (left >= 1024 && left % 1024 == 0 && power < Units.Length)
        {
            left /= 1024;
            power++;
        }
        return left.ToString(CultureInfo.InvariantCulture) + (power > 0 ? $"{Units[power - 1]}" : "");
    }
}
