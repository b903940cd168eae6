namespace Capstan.WebUi.ViewModels;

/// <summary>What moving the cursor does to the selection.</summary>
public enum CursorMode
{
    /// <summary>Nothing.</summary>
    Move,

    /// <summary>Only the row is selected.</summary>
    Select,

    /// <summary>The row is selected, or is no longer.</summary>
    Toggle,

    /// <summary>From the anchor to the row is selected, and nothing else.</summary>
    Extend,

    /// <summary>From the anchor to the row is selected too.</summary>
    ExtendMore,
}
