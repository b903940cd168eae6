namespace Capstan.WebUi.Administration;

/// <summary>A row as it is drawn.</summary>
/// <param name="Subject">What an action on the row is about: a path, or a session's handle; null: there is none.</param>
public sealed record DataRow(string Key, string? Subject, IReadOnlyList<string> Cells);
