namespace Capstan.Shared;

/// <summary>Number of an inode. Never reused within a filesystem generation; 0 names none, 1 is the root directory.</summary>
public readonly record struct InodeId(ulong Value) : IComparable<InodeId>
{
    public static readonly InodeId None = new(0);
    public static readonly InodeId Root = new(1);

    /// <summary>The directory behind the trash: in no tree, and named by no operation but those of the trash.</summary>
    public static readonly InodeId Trash = new(2);

    public bool IsNone => Value == 0;

    public int CompareTo(InodeId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();
}
