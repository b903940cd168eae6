using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Components.Viewport;

/// <summary>What a click on a row does to the selection.</summary>
internal static class RowPointing
{
    public static CursorMode ModeOf(RowPointer at) => (at.Kind, at.Ctrl, at.Shift) switch
    {
        ("toggle", _, false) or (_, true, false) => CursorMode.Toggle,
        (_, true, true) => CursorMode.ExtendMore,
        (_, _, true) => CursorMode.Extend,
        _ => CursorMode.Select,
    };
}
