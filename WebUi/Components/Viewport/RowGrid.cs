using Capstan.WebUi.ViewModels;
using Microsoft.AspNetCore.Components;

namespace Capstan.WebUi.Components.Viewport;

/// <summary>A list in a viewport, as its page has to do with it.</summary>
public abstract class RowGrid : ComponentBase
{
    protected VirtualViewport? Viewport { get; set; }

    [Parameter]
    public EventCallback<ListKey> OnKey { get; set; }

    [Parameter]
    public EventCallback<RowPointer> OnPoint { get; set; }

    public Task FocusAsync() => Viewport?.FocusAsync() ?? Task.CompletedTask;

    /// <summary>Where a menu for the row at the cursor belongs.</summary>
    public Task<(double X, double Y)> CursorPointAsync() => Viewport?.CursorPointAsync() ?? Task.FromResult((0.0, 0.0));
}
