namespace Capstan.WebUi.ViewModels.Uploads;

/// <summary>Where an upload set stands. Its bytes are in a browser: nothing of it happens while that is away.</summary>
public enum UploadSetState
{
    /// <summary>Its browser is sending.</summary>
    Running,

    /// <summary>Somebody has stopped it for a while.</summary>
    Paused,

    /// <summary>Its browser is there, and what is left needs a person: names that were taken meanwhile, files that failed.</summary>
    Asks,

    /// <summary>Its browser has not been heard for some seconds: a line that broke, a server that was started again. It goes on by itself.</summary>
    Waiting,

    /// <summary>Its page was closed, or has not been heard for long. Whoever chooses the same files again goes on with it.</summary>
    Interrupted,

    /// <summary>Each of its files has ended, or it was cancelled.</summary>
    Finished,
}
