namespace Capstan.WebUi.ViewModels;

/// <summary>A key press on the list.</summary>
public readonly record struct ListKey(string Key, bool Ctrl, bool Shift, bool Alt);

/// <summary>Keys that move the cursor and select; the page does the rest (open, parent, delete).</summary>
public sealed class ListKeys(DirectoryViewModel directory, TypeAhead typeAhead)
{
    /// <summary>False when the key means nothing here.</summary>
    public async Task<bool> PressAsync(ListKey key)
    {
        long? target = key.Key switch
        {
            "ArrowDown" => directory.Cursor + (HasCursor ? 1 : 0),
            "ArrowUp" => directory.Cursor - 1,
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
            case { Key: "a" or "A", Ctrl: true, Shift: false, Alt: false }:
                directory.SelectAll();
                return true;
            case { Key: "Escape" }:
                typeAhead.Clear();
                directory.Selection.Clear();
                return true;
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

    private int Page => Math.Max(1, directory.VisibleCount - 1);

    private static CursorMode Mode(ListKey key) => key switch
    {
        { Shift: true, Ctrl: true } => CursorMode.ExtendMore,
        { Shift: true } => CursorMode.Extend,
        { Ctrl: true } => CursorMode.Move,
        _ => CursorMode.Select,
    };
}
