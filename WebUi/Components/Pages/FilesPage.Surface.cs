using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Commands;
using Capstan.WebUi.ViewModels.Organize;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Capstan.WebUi.Components.Pages;

// What the page does for commands.
public sealed partial class FilesPage : IFilesSurface
{
    /// <summary>Over a long line it is not waited for: there the browser's processors are not the server's.</summary>
    private static readonly TimeSpan DrawnWithin = TimeSpan.FromMilliseconds(100);

    private bool _reading;
    private int _read;
    private string _announcement = "";
    private NameEdit? _edit;

    public async Task<object?> AskAsync<TDialog>(string title, Dictionary<string, object?> parameters, int widthInPixels = 460, Action<object?>? answered = null)
        where TDialog : IComponent
    {
        object? answer = await Dialogs.AskAsync<TDialog>(title, parameters, widthInPixels);
        answered?.Invoke(answer);
        await FocusListAsync();
        return answer;
    }

    public async Task EditNameAsync(DirectoryEntry entry, Func<FileName, Task<string?>> submit)
    {
        if (_files.Directory is not { } directory)
            return;
        _edit = new NameEdit(entry, submit, EndEditAsync);
        // The keyboard may have been led elsewhere than to the one that is selected.
        if (directory.Drawn(entry.Name, entry.Attributes.Ino) is { } row && row.Rank != directory.Cursor)
            await directory.MoveCursorAsync(row.Rank, CursorMode.Select);
        directory.RevealCursor();
        StateHasChanged();
    }

    /// <summary>What is gone is not selected any more, and has no name to change.</summary>
    private bool EndEditOfWhatIsGone()
    {
        if (_edit is not { IsAsked: false, Entry: { } entry } || _files.Directory is not { } directory || directory.Selection.Contains(entry))
            return false;
        _ = EndEditAsync($"“{NameText.Of(entry.Name)}” is not there any more, so its name was not changed.", byKey: true);
        return true;
    }

    private async Task EndEditAsync(string? sentence, bool byKey)
    {
        _edit = null;
        if (sentence is not null)
            Say(sentence);
        StateHasChanged();
        if (byKey)
            await FocusListAsync();
    }

    public void Say(string sentence)
    {
        _problem = sentence;
        StateHasChanged();
    }

    public void Announce(string text)
    {
        _announcement = text;
        StateHasChanged();
    }

    public async Task<IReadOnlyList<DirectoryEntry>?> ReadSelectionAsync()
    {
        if (_reading || _files.Directory is not { Selection.IsEmpty: false } directory)
            return null;
        FsResult<IReadOnlyList<DirectoryEntry>> entries;
        _reading = true;
        _read = 0;
        try
        {
            entries = await directory.ReadSelectionAsync(found => _read = found, Stopped);
        }
        finally
        {
            _reading = false;
            StateHasChanged();
        }
        if (entries.IsOk)
            return entries.Value;
        Say($"The selection could not be read, so nothing was done. {ErrorText.Of(entries.Errno).Sentence}");
        return null;
    }

    public ViewMode Mode => ViewQuery.ModeOf(Navigation.Uri);

    public void GoTo(string address) => Navigation.NavigateTo(address);

    public void GoTo(FilePath folder)
    {
        if (folder != _files.Path)
            Navigation.NavigateTo(UrlOf(folder));
    }

    public void Show(ViewSpec spec) => Navigation.NavigateTo(_files.Path.ToFilesUrl() + ViewQuery.Of(spec, Mode));

    public void Show(ViewMode mode) => Navigation.NavigateTo(_files.Path.ToFilesUrl() + ViewQuery.Of(Spec, mode));

    public async Task OpenAsync(DirectoryEntry entry)
    {
        FsResult<(FilePath Path, bool IsDirectory)> target = await _files.TargetOfAsync(entry, Stopped);
        if (!target.IsOk)
            Say($"“{NameText.Of(entry.Name)}” cannot be opened. {ErrorText.OfLink(target.Errno).Sentence}");
        else if (target.Value.IsDirectory)
            Navigation.NavigateTo(UrlOf(target.Value.Path));
        else
            await Preview.OpenAsync(Context, entry);
    }

    public Task DrawnAsync() => Task.WhenAny(_script.CallAsync("drawn"), Task.Delay(DrawnWithin, Time));

    public Task DownloadAsync(string url) => _script.CallAsync("download", url);

    public Task FocusAsync(string selector) => _script.CallAsync("focus", selector);

    public Task FocusListAsync() => _files.Directory is { Count: > 0 } && _grid is not null ? _grid.FocusAsync() : FocusAsync("[data-next]");

    public void Redraw() => _ = InvokeAsync(StateHasChanged);
}
