namespace Capstan.WebUi.ViewModels.Uploads;

/// <summary>Files that were dropped or picked at once, as the server knows them at one moment.</summary>
/// <param name="Names">The first of them.</param>
/// <param name="Folder">Where they go.</param>
/// <param name="HasFolders">Some lie in folders of their own: whoever chooses those again chooses a folder.</param>
/// <param name="HasFiles">Some do not.</param>
/// <param name="Failed">As their browser has told it.</param>
/// <param name="Bytes">Of all files.</param>
/// <param name="Arrived">Bytes of files that are stored, and of parts of others.</param>
public sealed record UploadSetSnapshot(
    string Id, uint Uid, IReadOnlyList<string> Names, FilePath Folder, bool HasFolders, bool HasFiles, int Total, int Done, int Skipped, int Cancelled, int Failed, int Questions, long Bytes, long Arrived,
    UploadSetState State, TimeSpan Age)
{
    /// <summary>Files that the server knows one by one: fewer than all where the tab was closed while it sent the list.</summary>
    public int Listed { get; init; } = Total;

    public int Left => Total - Done - Skipped - Cancelled;
}
