namespace Capstan.WebUi.ViewModels.Commands;

/// <summary>A key with what is held down beside it, as in "Ctrl+Shift+N". Ctrl stands for ⌘ on a Mac.</summary>
/// <param name="Key">As the browser names it; letters in upper case, " " for the space bar.</param>
public readonly record struct KeyChord(string Key, bool Ctrl = false, bool Shift = false, bool Alt = false)
{
    /// <summary>Typed on the list, it may as well be a letter of a name that is being looked for.</summary>
    public bool IsTyped => Key.Length == 1 && !Ctrl && !Alt;

    public string Text => (Ctrl ? "Ctrl+" : "") + (Alt ? "Alt+" : "") + (Shift ? "Shift+" : "") + Key switch
    {
        " " => "Space",
        "ArrowUp" => "↑",
        "ArrowDown" => "↓",
        "ArrowLeft" => "←",
        "ArrowRight" => "→",
        "Escape" => "Esc",
        "ContextMenu" => "Menu",
        _ => Key,
    };

    /// <summary>As keys.js compares it with what is pressed.</summary>
    public string Code => (Ctrl ? "c" : "") + (Alt ? "a" : "") + (Shift ? "s" : "") + "-" + Key.ToLowerInvariant();

    public bool Matches(ListKey pressed) =>
        string.Equals(Key, pressed.Key, StringComparison.OrdinalIgnoreCase) && Ctrl == pressed.Ctrl && Alt == pressed.Alt
        && (Shift == pressed.Shift || (IsTyped && !char.IsLetterOrDigit(Key[0]) && Key != " ")); // '?' is where the keyboard has it

    /// <summary>Reads "Ctrl+Shift+N", "F2", "Space".</summary>
    public static KeyChord Parse(string text)
    {
        string[] parts = text.Split('+', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string key = parts[^1] == "Space" ? " " : parts[^1].Length == 1 ? parts[^1].ToUpperInvariant() : parts[^1];
        return new KeyChord(key, parts.Contains("Ctrl"), parts.Contains("Shift"), parts.Contains("Alt"));
    }
}
