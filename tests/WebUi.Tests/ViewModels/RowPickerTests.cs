using Capstan.WebUi.ViewModels;

namespace Capstan.WebUi.Tests.ViewModels;

public sealed class RowPickerTests
{
    private readonly List<ulong> _rows = [11, 12, 13, 14, 15, 16];
    private readonly RowPicker _picker;

    public RowPickerTests() => _picker = new RowPicker(
        () => _rows.Count, (first, count) => [.. _rows.Skip(first).Take(count)], number => _rows.IndexOf(number));

    [Fact]
    public void Press_ArrowsWithShift_ExtendFromTheAnchorAndBack()
    {
        Press("ArrowDown");
        Press("ArrowDown");
        Press("ArrowDown", shift: true);
        Press("ArrowDown", shift: true);
        Assert.Equal<ulong>([12, 13, 14], _picker.Numbers.Order());
        Press("ArrowUp", shift: true);
        Press("ArrowUp", shift: true);
        Press("ArrowUp", shift: true);
        Assert.Equal<ulong>([11, 12], _picker.Numbers.Order());
    }

    [Fact]
    public void Follow_RowsComeAndGo_ChosenOnesStayAndGoneOnesLeaveAndNewOnesAreNotChosen()
    {
        Press("End");
        _picker.SelectAll();
        _rows.Remove(12);
        _rows.Insert(0, 99);
        _picker.Follow();
        Assert.Equal<ulong>([11, 13, 14, 15, 16], _picker.Numbers.Order());
        Assert.Equal(_rows.IndexOf(16), _picker.Cursor);
    }

    [Fact]
    public void Point_AtOneThatHasGone_ChangesNothing()
    {
        _picker.Point(13, CursorMode.Select);
        _rows.Remove(14);
        _picker.Point(14, CursorMode.Select);
        Assert.Equal<ulong>([13], _picker.Numbers);
    }

    [Fact]
    public void Point_Toggle_AddsAndTakesAway()
    {
        _picker.Point(13, CursorMode.Toggle);
        _picker.Point(15, CursorMode.Toggle);
        _picker.Point(13, CursorMode.Toggle);
        Assert.Equal<ulong>([15], _picker.Numbers);
    }

    private void Press(string key, bool shift = false) => Assert.True(_picker.Press(new ListKey(key, false, shift, false), 3));
}
