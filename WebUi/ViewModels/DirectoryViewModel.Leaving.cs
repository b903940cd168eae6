namespace Capstan.WebUi.ViewModels;

// What has been asked to go and is not on its way yet, and what is on its way and goes by.
public sealed partial class DirectoryViewModel
{
    /// <summary>
    /// While all that is in sight goes, and what comes in its place goes, too, it is drawn so often. Nobody reads such rows, and each time is a screenful of new ones: ten times a second they cost
    /// the browser two thirds of a processor, and the server more than the removal.
    /// </summary>
    private static readonly TimeSpan PassingPeriod = TimeSpan.FromMilliseconds(400);

    private bool _isOwed;
    private bool _drewPassing;
    private long _drawnAt;

    /// <summary>
    /// What is selected is shown as leaving, here and to all others who look at the directory, until the result is disposed: the list answers the key before anything is looked up or
    /// written down.
    /// </summary>
    public IDisposable ShowLeaving()
    {
        IDisposable leaving = _view.ShowLeaving(Selection.Now());
        Refresh();
        return leaving;
    }

    /// <summary>Completes when there is something to draw that <see cref="Tick"/> has not seen. Null while there is, and only time tells when it is drawn.</summary>
    public Task? WhenChanged() => _isOwed ? null : _view.WhenChanged(_drawnCounter);

    /// <summary>Now or at a later tick.</summary>
    private bool IsToDraw(bool changed)
    {
        _isOwed |= changed;
        bool passes = Window.IsPassing;
        if (!_isOwed || (passes && _drewPassing && _time.GetElapsedTime(_drawnAt) < PassingPeriod))
            return false;
        (_isOwed, _drewPassing, _drawnAt) = (false, passes, _time.GetTimestamp());
        return true;
    }
}
