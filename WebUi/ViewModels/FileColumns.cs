using Capstan.ClientGateway;

namespace Capstan.WebUi.ViewModels;

/// <summary>Which columns the list has, and how wide they are.</summary>
public sealed record FileColumns(IReadOnlyList<FileColumn> Shown)
{
    public static readonly FileColumns Default = new([FileColumn.Size, FileColumn.Modified, FileColumn.Mode, FileColumn.Owner]);

    /// <summary>As CSS lists tracks of a grid; wider by <c>--wide</c> where there is much room (files.css).</summary>
    public string Tracks => string.Join(' ', Shown.Select(column => $"calc({Width(column)} * var(--wide, 1))"));

    /// <summary>Those that stay where there is little room.</summary>
    public string NarrowTracks => string.Join(' ', Shown.Where(IsNarrow).Select(Width));

    public static bool IsNarrow(FileColumn column) => column is FileColumn.Size or FileColumn.Modified;

    public static string Title(FileColumn column) => column.ToString();

    public static string Class(FileColumn column) => column switch
    {
        FileColumn.Size => "c-size",
        FileColumn.Modified => "c-time",
        FileColumn.Type => "c-type",
        FileColumn.Mode => "c-mode",
        _ => "c-owner",
    };

    /// <summary>What the whole list can be sorted by; null where the gateway has no such order.</summary>
    public static SortColumn? Sort(FileColumn column) => column switch
    {
        FileColumn.Size => SortColumn.Size,
        FileColumn.Modified => SortColumn.Modified,
        FileColumn.Type => SortColumn.Type,
        _ => null,
    };

    public FileColumns Toggle(FileColumn column) =>
        new([.. Enum.GetValues<FileColumn>().Where(c => Shown.Contains(c) != (c == column))]);

    public bool Equals(FileColumns? other) => other is not null && Shown.SequenceEqual(other.Shown);

    public override int GetHashCode() => Shown.Aggregate(17, HashCode.Combine);

    private static string Width(FileColumn column) => column switch
    {
        FileColumn.Size => "140px",
        FileColumn.Modified => "128px",
        FileColumn.Type => "116px",
        FileColumn.Mode => "110px",
        _ => "92px",
    };
}
