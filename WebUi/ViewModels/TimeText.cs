using System.Globalization;

namespace Capstan.WebUi.ViewModels;

/// <summary>Moments and durations as people read them.</summary>
public static class TimeText
{
    public static DateTimeOffset FromNs(long nanoseconds)
    {
        long ticks = Math.Clamp(nanoseconds / 100, DateTimeOffset.MinValue.Ticks - DateTimeOffset.UnixEpoch.Ticks, DateTimeOffset.MaxValue.Ticks - DateTimeOffset.UnixEpoch.Ticks);
        return DateTimeOffset.UnixEpoch.AddTicks(ticks);
    }

    public static string Relative(DateTimeOffset now, DateTimeOffset then)
    {
        TimeSpan ago = now - then;
        return ago switch
        {
            _ when ago < TimeSpan.FromMinutes(-1) => Date(now, then),
            _ when ago < TimeSpan.FromMinutes(1) => "just now",
            _ when ago < TimeSpan.FromHours(1) => $"{(int)ago.TotalMinutes} min ago",
            _ when ago < TimeSpan.FromDays(1) => $"{(int)ago.TotalHours} h ago",
            _ when ago < TimeSpan.FromDays(2) => "yesterday",
            _ when ago < TimeSpan.FromDays(7) => $"{(int)ago.TotalDays} days ago",
            _ => Date(now, then),
        };
    }

    public static string Iso(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>Time of day in UTC.</summary>
    public static string Clock(DateTimeOffset moment) => moment.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Duration(TimeSpan time) => time switch
    {
        _ when time < TimeSpan.FromMilliseconds(1) => "0 ms",
        _ when time < TimeSpan.FromSeconds(1) => $"{(int)time.TotalMilliseconds} ms",
        _ when time < TimeSpan.FromSeconds(10) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s",
        _ when time < TimeSpan.FromMinutes(1) => $"{(int)time.TotalSeconds} s",
        _ when time < TimeSpan.FromHours(1) => $"{(int)time.TotalMinutes} min {time.Seconds} s",
        _ => $"{(int)time.TotalHours} h {time.Minutes} min",
    };

    public static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString(time.TotalMilliseconds < 10 ? "0.0" : "0", CultureInfo.InvariantCulture) + " ms";

    private static string Date(DateTimeOffset now, DateTimeOffset then) =>
        then.ToString(then.Year == now.Year ? "d MMM" : "d MMM yyyy", CultureInfo.InvariantCulture);
}
