namespace Capstan.WebUi.ViewModels.Preview;

/// <summary>A row as preview.js shows it; content comes to the browser by HTTP.</summary>
/// <param name="Path">Names percent-encoded, '/' between them: of what a link leads to, for a link.</param>
/// <param name="Position">Rank of the row.</param>
/// <param name="Target">Where a link leads.</param>
/// <param name="Problem">In words, why there is nothing to show.</param>
public sealed record PreviewItem(
    string Name, string Path, string Kind, long Size, long MtimeMs, string Mode, string Owner, long Position, long Count, bool IsFolder, bool CanEdit, string? Target, string? Problem);
