using Capstan.Shared;

namespace Capstan.WebUi.ViewModels;

/// <summary>A place between rows, held by name so that it stays where it is when rows come and go around it.</summary>
public readonly record struct RowBound : IComparable<RowBound>
{
    public static readonly RowBound Start = new(-1, default);
    public static readonly RowBound End = new(2, default);

    // -1 start, 0 before the name, 1 after the name, 2 end.
    private readonly sbyte _side;

    private RowBound(sbyte side, FileName name)
    {
        _side = side;
        Name = name;
    }

    public FileName Name { get; }

    public bool IsNamed => _side is 0 or 1;

    /// <summary>Whether the row called <see cref="Name"/>, if there is one, comes before this place.</summary>
    public bool IsAfterName => _side == 1;

    public static RowBound Before(FileName name) => new(0, name);

    public static RowBound After(FileName name) => new(1, name);

    public int CompareTo(RowBound other)
    {
        if (!IsNamed || !other.IsNamed)
            return Outer().CompareTo(other.Outer());
        int byName = Name.CompareTo(other.Name);
        return byName != 0 ? byName : _side.CompareTo(other._side);
    }

    private int Outer() => _side switch { -1 => -1, 2 => 1, _ => 0 };
}
