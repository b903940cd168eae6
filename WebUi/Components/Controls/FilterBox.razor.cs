using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Capstan.WebUi.Components.Controls;

/// <summary>What is typed here filters a list, once the typing pauses.</summary>
public sealed partial class FilterBox : PolledComponent
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private string _text = "";
    private string _given = "";
    private bool _isUnderWay;
    private DateTimeOffset? _typedAt;

    [Parameter]
    public string Label { get; set; } = "Filter this folder by name";

    [Parameter]
    public string Placeholder { get; set; } = "Filter";

    [Parameter]
    public string? Title { get; set; }

    [Parameter]
    public string Class { get; set; } = "";

    [Parameter]
    public string Filter { get; set; } = "";

    [Parameter]
    public EventCallback<string> OnFilter { get; set; }

    /// <summary>What is typed has been sent, and the keyboard goes on to the list.</summary>
    [Parameter]
    public EventCallback OnLeave { get; set; }

    protected override void OnParametersSet()
    {
        // Back in the history, say. Not while somebody types, nor while what was typed is on its way round through the address.
        if (Filter == _given)
            _isUnderWay = false;
        else if (_typedAt is null && !_isUnderWay)
            _given = _text = Filter;
    }

    protected override bool Poll()
    {
        if (_typedAt is { } at && Time.GetUtcNow() - at >= Pause)
            _ = InvokeAsync(SendAsync);
        return false;
    }

    private void Typed() => _typedAt = Time.GetUtcNow();

    private async Task Key(KeyboardEventArgs key)
    {
        if (key.Key == "Escape")
            _text = "";
        if (key.Key is not ("Escape" or "Enter" or "ArrowDown"))
            return;
        await SendAsync();
        await OnLeave.InvokeAsync();
    }

    private async Task SendAsync()
    {
        _typedAt = null;
        if (_text == _given)
            return;
        _given = _text;
        _isUnderWay = true;
        await OnFilter.InvokeAsync(_text);
    }
}
