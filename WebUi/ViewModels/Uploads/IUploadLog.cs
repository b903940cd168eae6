namespace Capstan.WebUi.ViewModels.Uploads;

/// <summary>Upload sets that are under way, unfinished, or have ended a while ago. Thread-safe.</summary>
public interface IUploadLog
{
    /// <summary>Bumped at each change; that a browser is silent changes a state without it.</summary>
    long ChangeCounter { get; }

    /// <summary>Newest first; those that have ended last.</summary>
    IReadOnlyList<UploadSetSnapshot> Sets();

    /// <summary>Asks the browser that sends it; it obeys within a second or two.</summary>
    void Pause(string id);

    void Resume(string id);

    /// <summary>Frees what has arrived of files that are not whole, and has the browser stop. What is stored stays.</summary>
    void Cancel(string id);

    /// <summary>Forgets one that has ended.</summary>
    void Dismiss(string id);
}
