namespace Capstan.WebUi.ViewModels.Commands;

/// <summary>Where a command has its visible controls.</summary>
[Flags]
public enum CommandPlaces
{
    /// <summary>A key alone: its control is elsewhere on the page.</summary>
    None = 0,

    /// <summary>The menu of what is selected: right button, menu key, "More" in the selection bar.</summary>
    RowMenu = 1,

    /// <summary>The menu of the folder itself: right button where no row is, "More" beside the path.</summary>
    FolderMenu = 2,

    /// <summary>A button while something is selected.</summary>
    SelectionBar = 4,

    /// <summary>A button while nothing is selected.</summary>
    FolderBar = 8,
}
