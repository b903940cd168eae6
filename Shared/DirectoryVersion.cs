namespace Capstan.Shared;

/// <summary>A directory's change counter: one more with each change of its entries, of a listed attribute of a child, or of its own attributes.</summary>
public readonly record struct DirectoryVersion(long Value) : IComparable<DirectoryVersion>
{
    public DirectoryVersion Next => new(Value + 1);

    public int CompareTo(DirectoryVersion other) => Value.CompareTo(other.Value);

    public static bool operator <(DirectoryVersion a, DirectoryVersion b) => a.Value < b.Value;
    public static bool operator >(DirectoryVersion a, DirectoryVersion b) => a.Value > b.Value;
    public static bool operator <=(DirectoryVersion a, DirectoryVersion b) => a.Value <= b.Value;
    public static bool operator >=(DirectoryVersion a, DirectoryVersion b) => a.Value >= b.Value;

    public override string ToString() => $"v{Value}";
}
