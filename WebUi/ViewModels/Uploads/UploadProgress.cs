namespace Capstan.WebUi.ViewModels.Uploads;

/// <summary>An upload set as it is drawn.</summary>
public sealed record UploadProgress(UploadSetSnapshot Set, double FilesPerSecond, double BytesPerSecond)
{
    public string Id => Set.Id;

    public string Title => Set.Total == 1 ? $"Upload {NameText.Visible(Set.Names[0])}" : $"Upload {SizeText.Number(Set.Total)} files";

    public string Headline => Set switch
    {
        { State: not UploadSetState.Finished } => Title,
        { Cancelled: > 0 } => $"{Title}: stopped",
        _ => $"{Title}: done",
    };

    public string State => Set.State switch
    {
        UploadSetState.Running => "Running in a tab",
        UploadSetState.Paused => "Paused",
        UploadSetState.Asks => Set.Questions > 0 ? "Waiting for your answer" : "Some failed",
        UploadSetState.Waiting => "Waiting for its browser",
        _ => Set.State.ToString(),
    };

    /// <summary>Title and folder hold the text, or the state is the one that is wanted.</summary>
    public bool Passes(OperationFilter filter) =>
        (filter.State != OperationFilter.Waiting || Set.State != UploadSetState.Finished) && (filter.State != OperationFilter.Failed || Set.Failed > 0)
        && (filter.Text.Length == 0 || $"{Title}\n{Set.Folder}\n{string.Join('\n', Set.Names)}".Contains(filter.Text, StringComparison.OrdinalIgnoreCase));

    /// <summary>By bytes where there are any: a large file is not a small one.</summary>
    public double DoneFraction => Set.Bytes > 0 && Set.Listed == Set.Total ? Math.Min(1, (double)Set.Arrived / Set.Bytes) : Set.Total == 0 ? 1 : (double)(Set.Total - Set.Left) / Set.Total;

    public double FailedFraction => Set.Total == 0 ? 0 : Math.Min((double)Set.Failed / Set.Total, 1 - DoneFraction);

    /// <summary>What somebody has to do, if anything.</summary>
    public string? Advice => Set.State switch
    {
        UploadSetState.Asks when Set.Questions > 0 => "Names came to be taken meanwhile: answer in the upload panel of the tab that sends it.",
        UploadSetState.Asks => "Try the failed files again in the upload panel of the tab that sends it.",
        UploadSetState.Waiting => "Its browser is not heard just now. It goes on by itself as soon as it is.",
        UploadSetState.Interrupted when Set.Listed < Set.Total => $"The list of this upload was not sent completely: {SizeText.Count(Set.Listed, "file")} of {SizeText.Number(Set.Total)} are known. Choose the same {What} again to upload the rest; what has arrived is not sent again.",
        UploadSetState.Interrupted => $"Its files are on your device. Choose the same {What} again to go on; what has arrived is not sent again.",
        _ => null,
    };

    private string What => Set.HasFolders ? Set.HasFiles ? "folders and files" : "folder" : Set.Total == 1 ? "file" : "files";

    /// <summary>"312 of 1,000 files · 3 failed · 688 left · 1.2 of 4 GiB · 48 MiB/s"</summary>
    public string Summary
    {
        get
        {
            bool hasEnded = Set.State == UploadSetState.Finished;
            List<string> parts = [hasEnded && Set.Cancelled + Set.Skipped == 0 ? $"{SizeText.Count(Set.Done, "file")} stored" : $"{SizeText.Number(Set.Done)} of {SizeText.Count(Set.Total, "file")} stored"];
            if (Set.Failed > 0 && !hasEnded)
                parts.Add($"{SizeText.Number(Set.Failed)} failed");
            if (Set.Skipped > 0)
                parts.Add($"{SizeText.Number(Set.Skipped)} skipped");
            if (Set.Cancelled > 0)
                parts.Add($"{SizeText.Number(Set.Cancelled)} cancelled");
            if (!hasEnded)
                parts.Add($"{SizeText.Number(Set.Left)} left");
            parts.Add(hasEnded ? SizeText.Bytes(Set.Arrived) : $"{SizeText.Bytes(Set.Arrived)} of {SizeText.Bytes(Set.Bytes)}");
            if (Set.State == UploadSetState.Running && FilesPerSecond >= 10)
                parts.Add($"{SizeText.Number((long)FilesPerSecond)} files/s");
            else if (Set.State == UploadSetState.Running && BytesPerSecond >= 1)
                parts.Add($"{SizeText.Bytes((long)BytesPerSecond)}/s");
            return string.Join(" · ", parts);
        }
    }

    /// <summary>The first names, where there are several.</summary>
    public string? Names => Set.Total == 1 ? null : string.Join(", ", Set.Names.Select(NameText.Visible)) + (Set.Total > Set.Names.Count ? ", …" : "");
}
