using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

// What has been asked to go and is not on its way yet.
public sealed partial class DirectoryViewModel
{
    private int _leaving;

    /// <summary>Whether the entry's deletion was asked for and is about to begin.</summary>
    public bool IsLeaving(DirectoryEntry entry) => _leaving > 0 && Selection.Contains(entry);

    /// <summary>What is selected is drawn as leaving until the result is disposed: the list answers the key before anything is looked up or written down.</summary>
    public IDisposable ShowLeaving()
    {
        _leaving++;
        return new Leaving(this);
    }

    private sealed class Leaving(DirectoryViewModel directory) : IDisposable
    {
        public void Dispose() => directory._leaving--;
    }
}
