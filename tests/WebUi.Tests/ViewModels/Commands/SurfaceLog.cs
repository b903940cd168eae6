using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Commands;
using Microsoft.AspNetCore.Components;

namespace Capstan.WebUi.Tests.ViewModels.Commands;

/// <summary>A page without a browser: writes down what commands ask of it, and what rows look like when they have it redrawn.</summary>
internal sealed class SurfaceLog(FilesViewModel files) : IFilesSurface
{
    public List<string> Asked { get; } = [];

    public ViewMode Mode => ViewMode.List;

    public Task<object?> AskAsync<TDialog>(string title, Dictionary<string, object?> parameters, int widthInPixels = 460, Action<object?>? answered = null)
        where TDialog : IComponent
    {
        Asked.Add("ask");
        answered?.Invoke(true);
        return Task.FromResult<object?>(true);
    }

    public async Task<IReadOnlyList<DirectoryEntry>?> ReadSelectionAsync()
    {
        Asked.Add("read");
        return (await files.Directory!.ReadSelectionAsync()).Value;
    }

    public void Redraw() => Asked.Add($"redraw: {files.Directory!.Window.Rows.Count(r => r is { State: RowState.Leaving })} leaving");

    public void Say(string sentence) => Asked.Add(sentence);

    public void Announce(string text) => Asked.Add(text);

    public void GoTo(FilePath folder) => Asked.Add("go");

    public void GoTo(string address) => Asked.Add("go");

    public void Show(ViewSpec spec) => Asked.Add("show");

    public void Show(ViewMode mode) => Asked.Add("show");

    public Task GoInHistoryAsync(bool forward) => Task.CompletedTask;

    public Task ToggleAsync(SidePane pane) => Task.CompletedTask;

    public void EditPath() => Asked.Add("edit");

    public Task EditNameAsync(DirectoryEntry entry, Func<FileName, Task<string?>> submit) => Task.CompletedTask;

    public Task OpenAsync(DirectoryEntry entry) => Task.CompletedTask;

    public Task DrawnAsync()
    {
        Asked.Add("drawn");
        return Task.CompletedTask;
    }

    public Task DownloadAsync(string url) => Task.CompletedTask;

    public Task FocusAsync(string selector) => Task.CompletedTask;

    public Task FocusListAsync() => Task.CompletedTask;
}
