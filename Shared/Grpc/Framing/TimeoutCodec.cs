using System.Globalization;

namespace Grpc.Core.Framing;

/// <summary>grpc-timeout: at most eight digits and a unit.</summary>
internal static class TimeoutCodec
{
    private const long MaxDigits = 99_999_999;

    /// <summary>Rounded up, so that the server never gives up before the client does.</summary>
    public static string Encode(TimeSpan timeout)
    {
        long milliseconds = timeout <= TimeSpan.Zero ? 0 : (timeout.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        if (milliseconds <= MaxDigits)
            return milliseconds.ToString(CultureInfo.InvariantCulture) + "m";
        long seconds = (milliseconds + 999) / 1000;
        if (seconds <= MaxDigits)
            return seconds.ToString(CultureInfo.InvariantCulture) + "S";
        return Math.Min((seconds + 3599) / 3600, MaxDigits).ToString(CultureInfo.InvariantCulture) + "H";
    }

    public static bool TryDecode(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > 9 || !long.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out long value))
            return false;
        long? ticks = text[^1] switch
        {
            'n' => value / 100,
            'u' => value * TimeSpan.TicksPerMicrosecond,
            'm' => value * TimeSpan.TicksPerMillisecond,
            'S' => value * TimeSpan.TicksPerSecond,
            'M' => value * TimeSpan.TicksPerMinute,
            'H' => value <= TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerHour ? value * TimeSpan.TicksPerHour : TimeSpan.MaxValue.Ticks,
            _ => null,
        };
        timeout = new TimeSpan(ticks ?? 0);
        return ticks is not null;
    }
}
