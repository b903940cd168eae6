namespace Capstan.WebUi.Administration;

/// <summary>
/// How often a table is read for who looks at it: as often as asked while that is cheap, and never so often that it takes more than a hundredth of a core,
/// however many rows there are.
/// </summary>
public sealed class RefreshPace(TimeProvider time)
{
    private const int CostsBetween = 100;

    private long _readAt;
    private TimeSpan _cost;

    /// <summary>False: it was read a moment ago, for what that took; nothing is done. What is waited for (another program's answer) costs nothing.</summary>
    public async Task<bool> RefreshAsync(IDataTable table, CancellationToken cancellation)
    {
        if (time.GetElapsedTime(_readAt) < _cost * CostsBetween)
            return false;
        _readAt = time.GetTimestamp();
        Task reading = table.RefreshAsync(cancellation);
        _cost = reading.IsCompleted ? time.GetElapsedTime(_readAt) : TimeSpan.Zero;
        await reading;
        return true;
    }
}
