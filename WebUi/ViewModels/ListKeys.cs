namespace Capstan.WebUi.ViewModels;

/// <summary>A key press on the list.</summary>
public readonly record struct ListKey(string Key, bool Ctrl, bool Shift, bool Alt);

/// <summary>Keys that move the cursor and select; all others are commands'.</summary>
public sealed class ListKeys(DirectoryViewModel directory, TypeAhead typeAhead)
{
    /// <summary>What the keyboard help says of them.</summary>
    public static readonly IReadOnlyList<(string Keys, string What)> Help =
    [
        ("↑, ↓", "Go to the row above or below, and select it"),
        ("←, →", "Go to the tile beside it"),
        ("Home, End, Page Up, Page Down", "Go to the first or last row, or a page on"),
        ("Shift+↑, Shift+End", "Select all rows on the way"),
        ("Ctrl+↑, Ctrl+↓", "Go without selecting"),
        ("Ctrl+Space", "Select the row, or no longer"),
        ("A … Z, 0 … 9", "Go to the first name that begins with what is typed"),
        ("Shift+F10, Menu", "Show what can be done"),
    ];

    /// <summary>Letters are being typed: the next one is one of theirs, whatever else its key may mean.</summary>
    public bool IsTyping => typeAhead.IsActive;

    public void ForgetTyping() => typeAhead.Clear();

    /// <summary>False when the key means nothing here.</summary>
    public async Task<bool> PressAsync(ListKey key)
    {
        long? target = key.Key switch
        {
            "ArrowDown" => directory.Cursor + (HasCursor ? directory.Columns : 0),
            "ArrowUp" => Math.Max(directory.Cursor - directory.Columns, directory.Columns > 1 ? directory.Cursor % directory.Columns : 0),
            "ArrowRight" when directory.Columns > 1 => directory.Cursor + (HasCursor ? 1 : 0),
            "ArrowLeft" when directory.Columns > 1 => directory.Cursor - 1,
            "Home" => 0,
            "End" => directory.Count - 1,
            "PageDown" => directory.Cursor + Page,
            "PageUp" => directory.Cursor - Page,
            _ => null,
        };
        if (target is long rank && !key.Alt)
        {
            _moved = true;
            await directory.MoveCursorAsync(rank, Mode(key));
            return true;
        }
        switch (key)
        {
            case { Key: " ", Ctrl: true } or { Key: " ", Ctrl: false, Alt: false } when key.Ctrl || !typeAhead.IsActive:
                await directory.MoveCursorAsync(directory.Cursor, key.Ctrl ? CursorMode.Toggle : CursorMode.Select);
                return true;
            case { Key.Length: 1, Ctrl: false, Alt: false }:
                return await typeAhead.TypeAsync(key.Key);
            default:
                return false;
        }
    }

    private bool _moved;

    // The first arrow down in a fresh list takes the first row, not the second.
    private bool HasCursor => _moved || !directory.Selection.IsEmpty;

    private int Page => Math.Max(directory.Columns, directory.VisibleCount - directory.Columns);

    private static CursorMode Mode(ListKey key) => key switch
    {
        { Shift: true, Ctrl: true } => CursorMode.ExtendMore,
        { Shift: true } => CursorMode.Extend,
        { Ctrl: true } => CursorMode.Move,
        _ => CursorMode.Select,
    };
}
