using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>
/// Cursor and selection over a list whose rows have a number each, and a place that changes. What is chosen is kept by number, so it never grows by what its user did
/// not choose.
/// </summary>
public sealed class RowPicker(Func<int> count, Func<int, int, IReadOnlyList<ulong>> numbersAt, Func<ulong, int> placeOf)
{
    private readonly HashSet<ulong> _chosen = [];
    private ulong? _anchor;
    private ulong? _at;

    public int Chosen => _chosen.Count;

    public IReadOnlyCollection<ulong> Numbers => _chosen;

    /// <summary>Place of the row that the keyboard is at.</summary>
    public int Cursor { get; private set; }

    /// <summary>One more each time that <see cref="Cursor"/> must be brought into sight.</summary>
    public int Reveal { get; private set; }

    public bool Contains(ulong number) => _chosen.Contains(number);

    public void Clear() => _chosen.Clear();

    public void SelectAll() => _chosen.UnionWith(numbersAt(0, count()));

    /// <summary>Rows have come or gone: those that went are chosen no more, and the cursor stays on its row.</summary>
    public void Follow()
    {
        if (_chosen.Count > 0)
            _chosen.IntersectWith(numbersAt(0, count()));
        int place = _at is { } at ? placeOf(at) : -1;
        Cursor = Math.Clamp(place >= 0 ? place : Cursor, 0, Math.Max(0, count() - 1));
    }

    /// <summary>A key that moves or selects; false when it means nothing here.</summary>
    public bool Press(ListKey key, int page)
    {
        int? to = key.Key switch
        {
            "ArrowDown" => Cursor + (_at is null ? 0 : 1),
            "ArrowUp" => Cursor - 1,
            "Home" => 0,
            "End" => count() - 1,
            "PageDown" => Cursor + page,
            "PageUp" => Cursor - page,
            _ => null,
        };
        if (to is { } place && !key.Alt)
        {
            CursorMode mode = (key.Shift, key.Ctrl) switch
            {
                (true, true) => CursorMode.ExtendMore,
                (true, false) => CursorMode.Extend,
                (false, true) => CursorMode.Move,
                _ => CursorMode.Select,
            };
            Move(place, mode, reveal: true);
            return true;
        }
        switch (key)
        {
            case { Key: "a" or "A", Ctrl: true, Shift: false, Alt: false }:
                SelectAll();
                return true;
            case { Key: "Escape" }:
                Clear();
                return true;
            case { Key: " ", Alt: false }:
                Move(Cursor, key.Ctrl ? CursorMode.Toggle : CursorMode.Select, reveal: true);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The row at a place, alone, which comes into sight.</summary>
    public void Select(int place) => Move(place, CursorMode.Select, reveal: true);

    /// <summary>The user pointed at a row; ignored when it is not there any more.</summary>
    public void Point(ulong number, CursorMode mode)
    {
        if (placeOf(number) is >= 0 and int place)
            Move(place, mode, reveal: false);
    }

    private void Move(int place, CursorMode mode, bool reveal)
    {
        place = Math.Clamp(place, 0, Math.Max(0, count() - 1));
        if (numbersAt(place, 1) is not [ulong number])
            return;
        Cursor = place;
        _at = number;
        Reveal += reveal ? 1 : 0;
        switch (mode)
        {
            case CursorMode.Select:
                _chosen.Clear();
                _chosen.Add(number);
                _anchor = number;
                break;
            case CursorMode.Toggle:
                if (!_chosen.Remove(number))
                    _chosen.Add(number);
                _anchor = number;
                break;
            case CursorMode.Extend or CursorMode.ExtendMore:
                if (mode == CursorMode.Extend)
                    _chosen.Clear();
                int from = placeOf(_anchor ?? number);
                if (from < 0)
                    (from, _anchor) = (place, number);
                _anchor ??= number;
                _chosen.UnionWith(numbersAt(Math.Min(from, place), Math.Abs(from - place) + 1));
                break;
        }
    }
}
