using Capstan.WebUi.Components.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Capstan.WebUi.Components.Files;

/// <summary>What is typed here filters the list, once the typing pauses.</summary>
public sealed partial class FilterBox : PolledComponent
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private string _text = "";
    private string _given = "";
    private DateTimeOffset? _typedAt;

    [Parameter]
    public string Filter { get; set; } = "";

    [Parameter]
    public EventCallback<string> OnFilter { get; set; }

    protected override void OnParametersSet()
    {
        // Another folder, or back in the history: not while somebody types.
        if (Filter == _given || _typedAt is not null)
            return;
        _given = _text = Filter;
    }

    protected override bool Poll()
    {
        if (_typedAt is { } at && Time.GetUtcNow() - at >= Pause)
            _ = InvokeAsync(SendAsync);
        return false;
    }

    private void Typed(ChangeEventArgs change)
    {
        _text = change.Value as string ?? "";
        _typedAt = Time.GetUtcNow();
    }

    private async Task Key(KeyboardEventArgs key)
    {
        if (key.Key == "Escape")
            _text = "";
        if (key.Key is "Escape" or "Enter")
            await SendAsync();
    }

    private async Task SendAsync()
    {
        _typedAt = null;
        if (_text == _given)
            return;
        _given = _text;
        await OnFilter.InvokeAsync(_text);
    }
}
