using Microsoft.AspNetCore.Components;
using Radzen;

namespace Capstan.WebUi.Components.Controls;

/// <summary>Dialogs as all pages have them: as wide as there is room for, closed by Escape, the focus where the dialog itself puts it.</summary>
internal static class Asking
{
    public static async Task<object?> AskAsync<TDialog>(this DialogService dialogs, string title, Dictionary<string, object?> parameters, int widthInPixels = 460, bool showClose = false)
        where TDialog : IComponent => await dialogs.OpenAsync<TDialog>(
            title,
            parameters,
            new DialogOptions { Width = $"min({widthInPixels}px, calc(100vw - 32px))", ShowClose = showClose, CloseDialogOnEsc = true, AutoFocusFirstElement = false });
}
