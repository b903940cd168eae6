using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Commands;
using Capstan.WebUi.ViewModels.Preview;
using Microsoft.JSInterop;

namespace Capstan.WebUi.Components.Files;

/// <summary>Opens preview.js over the list and answers it: which file is next, and what is known of it. One a circuit.</summary>
public sealed class PreviewOverlay(IJSRuntime js) : IDisposable
{
    private DotNetObjectReference<PreviewOverlay>? _self;
    private PreviewWalk? _walk;
    private IFilesSurface? _surface;
    private CancellationToken _stopped;

    /// <param name="entry">Of the directory that the page shows; its row becomes the list's cursor.</param>
    public async Task OpenAsync(FileCommandContext context, DirectoryEntry entry)
    {
        if (context.Directory is not { } directory)
            return;
        if (directory.AtCursor()?.Entry.Name != entry.Name)
            await directory.FocusAsync(entry.Name);
        _walk = new PreviewWalk(context.Client, context.Caller, context.Files, directory);
        _surface = context.Surface;
        _stopped = context.Stopped;
        if (await _walk.HereAsync(_stopped) is not { } item)
            return;
        _self ??= DotNetObjectReference.Create(this);
        await using IJSObjectReference preview = await js.InvokeAsync<IJSObjectReference>("import", _stopped, "/js/preview/preview.js");
        await preview.InvokeVoidAsync("open", _stopped, _self, item);
    }

    [JSInvokable]
    public async Task<PreviewItem?> Move(int by)
    {
        PreviewItem? item = _walk is null ? null : await _walk.MoveAsync(by, _stopped);
        _surface?.Redraw();
        return item;
    }

    [JSInvokable]
    public Task Closed()
    {
        _walk = null;
        return _surface?.FocusListAsync() ?? Task.CompletedTask;
    }

    public void Dispose() => _self?.Dispose();
}
