namespace Capstan.Mds.Sessions;

/// <summary>An answer that is held until every other holder of Fs has what it tells: strict mode.</summary>
/// <param name="open">Lets the answer go, and is told how long it was held.</param>
internal sealed class ReplyGate(Action<TimeSpan> open, TimeProvider time)
{
    private readonly long _since = time.GetTimestamp();
    private bool _isOpen;

    public int Outstanding { get; set; }

    /// <summary>The group's commit failed: the answer must never be given.</summary>
    public bool IsVoid { get; set; }

    public void Release()
    {
        if (--Outstanding == 0)
            Open(time.GetElapsedTime(_since));
    }

    public void OpenIfFree()
    {
        if (Outstanding == 0)
            Open(TimeSpan.Zero);
    }

    private void Open(TimeSpan heldFor)
    {
        if (_isOpen || IsVoid)
            return;
        _isOpen = true;
        open(heldFor);
    }
}
