namespace Capstan.Mds.Admin;

/// <summary>A bar on a terminal; where standard error is redirected, a line now and then.</summary>
internal sealed class ConsoleProgress(TimeProvider time, TextWriter writer, bool isTerminal) : IProgress<TransferProgress>
{
    private const int BarWidth = 30;

    private static readonly TimeSpan RedrawEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);

    private readonly long _started = time.GetTimestamp();
    private long _shown = time.GetTimestamp();
    private bool _drawn;

    public void Report(TransferProgress value)
    {
        if (time.GetElapsedTime(_shown) < (isTerminal ? RedrawEvery : LineEvery))
            return;
        _shown = time.GetTimestamp();
        if (!isTerminal)
        {
            writer.WriteLine(Text(value));
            return;
        }
        double part = value.Total > 0 ? Math.Min(1, (double)value.Done / value.Total) : 0;
        int filled = (int)(part * BarWidth);
        writer.Write($"\r[{new string('#', filled)}{new string('.', BarWidth - filled)}] {Text(value)}\x1b[K");
        _drawn = true;
    }

    /// <summary>Leaves the line of the bar.</summary>
    public void Finish()
    {
        if (_drawn)
            writer.Write("\r\x1b[K");
    }

    private string Text(TransferProgress value)
    {
        double seconds = Math.Max(0.001, time.GetElapsedTime(_started).TotalSeconds);
        string total = value.Total > 0 ? $" of {value.Total:N0}" : "";
        string errors = value.Errors > 0 ? $", {value.Errors:N0} errors" : "";
        return $"{value.Done:N0}{total} entries, {value.Bytes / 1_048_576.0:N1} MB, {value.Done / seconds:N0}/s{errors}";
    }
}
