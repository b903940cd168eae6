using Microsoft.JSInterop;

namespace Capstan.WebUi.Components.Controls;

/// <summary>
/// An ES module of one component, and what the module made of its elements, for as long as the component lives. Over a long line a page is soon left again, before its script came:
/// then what comes is let go, what is asked of it is nothing, and nobody has failed.
/// </summary>
internal sealed class ComponentScript(string module) : IAsyncDisposable
{
    private IJSObjectReference? _module;
    private IJSObjectReference? _attached;
    private bool _isGone;

    public bool IsLoaded => _module is not null;

    public bool IsAttached => _attached is not null;

    private IJSObjectReference? Target => _attached ?? _module;

    /// <summary>False: the component has gone meanwhile.</summary>
    public async Task<bool> LoadAsync(IJSRuntime js)
    {
        if (_module is null && await UnlessGoneAsync(() => js.InvokeAsync<IJSObjectReference>("import", module)) is { } loaded)
            _module = await KeptAsync(loaded);
        return _module is not null && !_isGone;
    }

    /// <summary>Has the module make an object, whose functions are called from here on, and whose <c>dispose</c> is called at the end. False: the component has gone meanwhile.</summary>
    public async Task<bool> AttachAsync(IJSRuntime js, string maker, params object?[] arguments)
    {
        if (await LoadAsync(js) && await UnlessGoneAsync(() => _module!.InvokeAsync<IJSObjectReference>(maker, arguments)) is { } made)
            _attached = await KeptAsync(made, "dispose");
        return _attached is not null && !_isGone;
    }

    /// <summary>Nothing happens while the script is not there.</summary>
    public async Task CallAsync(string function, params object?[] arguments) => await AskAsync<object>(function, arguments);

    /// <summary>Null, or zero, while the script is not there.</summary>
    public Task<T?> AskAsync<T>(string function, params object?[] arguments) =>
        Target is { } target ? UnlessGoneAsync(() => target.InvokeAsync<T>(function, arguments)) : Task.FromResult<T?>(default);

    public async ValueTask DisposeAsync()
    {
        _isGone = true;
        await LetGoAsync(_attached, "dispose");
        await LetGoAsync(_module);
    }

    private async Task<IJSObjectReference?> KeptAsync(IJSObjectReference arrived, string? end = null)
    {
        if (!_isGone)
            return arrived;
        await LetGoAsync(arrived, end);
        return null;
    }

    private static async Task LetGoAsync(IJSObjectReference? held, string? end = null)
    {
        if (held is null)
            return;
        try
        {
            if (end is not null)
                await held.InvokeVoidAsync(end);
            await held.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser has gone, and everything in it.
        }
    }

    private async Task<T?> UnlessGoneAsync<T>(Func<ValueTask<T>> call)
    {
        if (_isGone)
            return default;
        try
        {
            return await call();
        }
        catch (JSDisconnectedException)
        {
            return default;
        }
        catch (Exception e) when (_isGone && e is JSException or ObjectDisposedException)
        {
            return default;
        }
    }
}
