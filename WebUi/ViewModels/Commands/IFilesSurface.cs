using Capstan.ClientGateway;
using Capstan.Shared;
using Microsoft.AspNetCore.Components;

namespace Capstan.WebUi.ViewModels.Commands;

/// <summary>What the files page does for commands.</summary>
public interface IFilesSurface
{
    /// <summary>Opens a dialog and waits for what it is closed with; null when it was dismissed. The list has the focus afterwards.</summary>
    /// <param name="answered">Told before the list has the focus again, which takes a round trip to the browser.</param>
    Task<object?> AskAsync<TDialog>(string title, Dictionary<string, object?> parameters, int widthInPixels = 460, Action<object?>? answered = null)
        where TDialog : IComponent;

    /// <summary>Makes a field of the entry's name, in its row or tile, which is brought into sight.</summary>
    /// <param name="submit">Null when it has the new name, otherwise the sentence that says why not.</param>
    Task EditNameAsync(DirectoryEntry entry, Func<FileName, Task<string?>> submit);

    /// <summary>One sentence above the list, until it is dismissed or the folder is left.</summary>
    void Say(string sentence);

    /// <summary>To screen readers alone.</summary>
    void Announce(string text);

    /// <summary>The entries that are selected, by name and inode. Null when they could not be read (which was said), or nothing is selected.</summary>
    Task<IReadOnlyList<DirectoryEntry>?> ReadSelectionAsync();

    ViewMode Mode { get; }

    void GoTo(FilePath folder);

    /// <summary>Another page of ours.</summary>
    void GoTo(string address);

    /// <summary>To the page before, or the one that was left by going back.</summary>
    Task GoInHistoryAsync(bool forward);

    /// <summary>The same folder in another order, or filtered.</summary>
    void Show(ViewSpec spec);

    void Show(ViewMode mode);

    /// <summary>Shows a pane beside the list, or no longer; where there is no room beside it, above it.</summary>
    Task ToggleAsync(SidePane pane);

    /// <summary>Makes a field of the path.</summary>
    void EditPath();

    /// <summary>Into a folder; a file is shown or saved.</summary>
    Task OpenAsync(DirectoryEntry entry);

    Task DownloadAsync(string url);

    /// <summary>Moves the focus to an element of the page.</summary>
    Task FocusAsync(string selector);

    Task FocusListAsync();

    /// <summary>To be called when something that is drawn has changed outside of a command's run.</summary>
    void Redraw();

    /// <summary>Completes when the browser has drawn what it has been told of, or after a tenth of a second: large work, which may need the same processors, begins then.</summary>
    Task DrawnAsync();
}
