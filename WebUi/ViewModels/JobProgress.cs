using Capstan.ClientGateway;

namespace Capstan.WebUi.ViewModels;

/// <summary>One job as it is drawn: taken at one moment.</summary>
public sealed record JobProgress(OperationJob Job, int Total, int Done, int Failed, int Cancelled, bool IsFinished, double PerSecond)
{
    public long Id => Job.Id;

    public string Title => Job.Title;

    public string Icon => Job.Kind switch
    {
        JobKind.Restore => "restore_from_trash",
        JobKind.Copy => "content_copy",
        JobKind.Move => "drive_file_move",
        JobKind.Attributes => "tune",
        JobKind.Upload => "upload",
        _ => "delete",
    };

    public int Left => Total - Done - Failed - Cancelled;

    public double DoneFraction => Total == 0 ? 1 : (double)Done / Total;

    public double FailedFraction => Total == 0 ? 0 : (double)Failed / Total;

    public TimeSpan? TimeLeft => Job.State == JobState.Running && PerSecond > 1 ? TimeSpan.FromSeconds(Left / PerSecond) : null;

    /// <summary>"3,412 of 10,000 done · 12 failed · 5,900/s · 1.2 s left"</summary>
    public string Summary
    {
        get
        {
            List<string> parts = [IsFinished && Failed == 0 && Cancelled == 0 ? $"{SizeText.Number(Done)} done" : $"{SizeText.Number(Done)} of {SizeText.Number(Total)} done"];
            if (Failed > 0)
                parts.Add($"{SizeText.Number(Failed)} failed");
            if (Cancelled > 0)
                parts.Add($"{SizeText.Number(Cancelled)} {(Job.Kind is JobKind.Copy or JobKind.Move && !Job.WasCancelled ? "skipped" : "kept")}");
            if (Job.BytesDone > 0)
                parts.Add(SizeText.Bytes(Job.BytesDone));
            if (!IsFinished && Job.State == JobState.Paused)
                parts.Add("paused");
            if (!IsFinished && Job.State == JobState.Interrupted)
                parts.Add("interrupted by a restart");
            if (!IsFinished && Job.IsToBeUndone)
                parts.Add("to be undone");
            if (!IsFinished && Job.WaitingFor is { } waiting)
                parts.Add($"waits for {waiting}");
            if (Job.State == JobState.Running && PerSecond >= 1)
                parts.Add($"{SizeText.Number((long)PerSecond)}/s");
            if (TimeLeft is { } left)
                parts.Add($"{TimeText.Duration(left)} left");
            if (IsFinished)
                parts.Add(TimeText.Duration(Job.Duration));
            return string.Join(" · ", parts);
        }
    }

    public string Headline => IsFinished switch
    {
        false => Title,
        true when Failed > 0 => $"{Title}: {SizeText.Number(Failed)} failed",
        true when Cancelled > 0 && Job.WasCancelled => $"{Title}: stopped",
        _ => $"{Title}: done",
    };
}
