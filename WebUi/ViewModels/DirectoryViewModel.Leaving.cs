namespace Capstan.WebUi.ViewModels;

// What has been asked to go and is not on its way yet.
public sealed partial class DirectoryViewModel
{
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

    /// <summary>Completes when there is something to draw that <see cref="Tick"/> has not seen.</summary>
    public Task WhenChanged() => _view.WhenChanged(_drawnCounter);
}
