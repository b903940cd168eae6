namespace Capstan.WebUi.Administration;

/// <summary>A row as it is drawn.</summary>
/// <param name="Subject">What an action on the row is about: a path, or a session's handle; null: there is none.</param>
public sealed record DataRow(string Key, string? Subject, IReadOnlyList<string> Cells)
{
    /// <summary>Looks the same, in the same place.</summary>
    public bool IsAs(DataRow other) => Key == other.Key && Subject == other.Subject && Cells.SequenceEqual(other.Cells);
}
