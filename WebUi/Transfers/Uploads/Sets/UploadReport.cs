namespace Capstan.WebUi.Transfers.Uploads.Sets;

/// <summary>What a browser tells of a set that it sends, once a second: what the server cannot know by itself.</summary>
/// <param name="Failed">Files that failed and are not tried again.</param>
/// <param name="Questions">Names that came to be taken; each waits for an answer.</param>
/// <param name="Ended">Files whose end the browser has decided, by their places: cancelled, most of them.</param>
/// <param name="Left">The page is closed.</param>
internal sealed record UploadReport(bool Paused, int Failed, int Questions, IReadOnlyDictionary<int, string>? Ended, bool Left);
