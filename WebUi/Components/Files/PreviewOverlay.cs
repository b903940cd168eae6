using Capstan.ClientGateway;
using Capstan.Shared;
using Capstan.WebUi.Components.Controls;
using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Commands;
using Capstan.WebUi.ViewModels.Preview;
using Microsoft.JSInterop;

namespace Capstan.WebUi.Components.Files;

/// <summary>Opens preview.js over the list and answers it: which file is next, and what is known of it. One a circuit.</summary>
public sealed class PreviewOverlay(IJSRuntime js) : IDisposable
{
    private DotNetObjectReference<PreviewOverlay>? _self;
    private IPreviewWalk? _walk;
    private Action _redraw = () => { };
    private Func<Task> _focus = () => Task.CompletedTask;
    private CancellationToken _stopped;

    /// <param name="entry">Of the directory that the page shows; its row becomes the list's cursor.</param>
    public async Task OpenAsync(FileCommandContext context, DirectoryEntry entry)
    {
        if (context.Directory is not { } directory)
            return;
        if (directory.AtCursor()?.Entry.Name != entry.Name)
            await directory.FocusAsync(entry.Name);
        await OpenAsync(new PreviewWalk(context.Client, context.Caller, context.Files, directory), context.Surface.Redraw, context.Surface.FocusListAsync, context.Stopped);
    }

    /// <param name="redraw">The list's cursor has moved.</param>
    /// <param name="focus">It is over: the list has the focus again.</param>
    public async Task OpenAsync(IPreviewWalk walk, Action redraw, Func<Task> focus, CancellationToken stopped)
    {
        (_walk, _redraw, _focus, _stopped) = (walk, redraw, focus, stopped);
        if (await _walk.HereAsync(_stopped) is not { } item)
            return;
        _self ??= DotNetObjectReference.Create(this);
        await using ComponentScript script = new("/js/preview/preview.js");
        if (await script.LoadAsync(js) && !_stopped.IsCancellationRequested)
            await script.CallAsync("open", _self, item); // over the page that asked for it, and no other
    }

    [JSInvokable]
    public async Task<PreviewItem?> Move(int by)
    {
        PreviewItem? item = _walk is null ? null : await _walk.MoveAsync(by, _stopped);
        _redraw();
        return item;
    }

    [JSInvokable]
    public Task Closed()
    {
        _walk = null;
        return _focus();
    }

    public void Dispose() => _self?.Dispose();
}
