using Capstan.WebUi.ViewModels;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Capstan.WebUi.Components;

/// <summary>The page around the circuit. Both themes are linked; see theme.js for how their media are chosen.</summary>
public sealed partial class App : ComponentBase
{
    /// <summary>And Radzen's sheet of each.</summary>
    internal static readonly (string Name, string File)[] Themes = [("light", "material"), ("dark", "material-dark")];

    private static readonly string[] Sheets = ["capstan", "shell", "files", "panes", "finder", "organize", "uploads", "preview", "cache"];

    // Not prerendered: a listing belongs to a circuit, and to ask for it twice would be once too often.
    private readonly InteractiveServerRenderMode _interactive = new(prerender: false);

    private string _theme = "system";
    private string? _preferences;

    [CascadingParameter]
    private HttpContext? Http { get; set; }

    protected override void OnInitialized()
    {
        if (Http?.Request.Cookies["capstan-theme"] is "light" or "dark")
            _theme = Http.Request.Cookies["capstan-theme"]!;
        _preferences = Http?.Request.Cookies[PagePreferences.Cookie];
    }

    private string Media(string name) => _theme == "system" ? $"(prefers-color-scheme: {name})" : name == _theme ? "all" : "not all";
}
