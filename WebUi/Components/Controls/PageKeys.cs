using Capstan.WebUi.ViewModels;
using Capstan.WebUi.ViewModels.Commands;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Capstan.WebUi.Components.Controls;

/// <summary>The keys of a page, wherever in it the focus is; fields, menus and dialogs keep theirs (keys.js).</summary>
internal sealed class PageKeys : IAsyncDisposable
{
    private readonly Func<ListKey, Task> _press;
    private readonly DotNetObjectReference<PageKeys> _self;
    private IJSObjectReference? _module;
    private IJSObjectReference? _keys;

    private PageKeys(Func<ListKey, Task> press)
    {
        _press = press;
        _self = DotNetObjectReference.Create(this);
    }

    /// <param name="chords">As <see cref="KeyChord.Parse"/> reads them.</param>
    public static async Task<PageKeys> AttachAsync(IJSRuntime js, ElementReference root, Func<ListKey, Task> press, params string[] chords)
    {
        PageKeys keys = new(press);
        keys._module = await js.InvokeAsync<IJSObjectReference>("import", "/js/keys.js");
        keys._keys = await keys._module.InvokeAsync<IJSObjectReference>("attach", root, keys._self, string.Join('\n', chords.Select(c => KeyChord.Parse(c).Code)));
        return keys;
    }

    [JSInvokable]
    public Task Press(string key, bool ctrl, bool shift, bool alt) => _press(new ListKey(key, ctrl, shift, alt));

    /// <summary>There is no folder here that could have a menu.</summary>
    [JSInvokable]
    public void FolderMenu(double x, double y)
    {
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_keys is not null)
            {
                await _keys.InvokeVoidAsync("dispose");
                await _keys.DisposeAsync();
            }
            if (_module is not null)
                await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser has gone.
        }
        _self.Dispose();
    }
}
