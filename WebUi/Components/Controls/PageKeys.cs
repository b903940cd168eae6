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
    private readonly ComponentScript _script = new("/js/keys.js");

    public PageKeys(Func<ListKey, Task> press)
    {
        _press = press;
        _self = DotNetObjectReference.Create(this);
    }

    /// <param name="chords">As <see cref="KeyChord.Parse"/> reads them.</param>
    public Task AttachAsync(IJSRuntime js, ElementReference root, params string[] chords) =>
        _script.AttachAsync(js, "attach", root, _self, string.Join('\n', chords.Select(c => KeyChord.Parse(c).Code)));

    [JSInvokable]
    public Task Press(string key, bool ctrl, bool shift, bool alt) => _press(new ListKey(key, ctrl, shift, alt));

    /// <summary>There is no folder here that could have a menu.</summary>
    [JSInvokable]
    public void FolderMenu(double x, double y)
    {
    }

    public async ValueTask DisposeAsync()
    {
        await _script.DisposeAsync();
        _self.Dispose();
    }
}
