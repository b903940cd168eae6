namespace Capstan.WebUi.ViewModels.Commands;

/// <summary>Commands that stand together in menus, in this order; a line is drawn between groups.</summary>
public enum CommandGroup
{
    Open,
    New,
    Clipboard,
    Organize,
    Transfer,
    Select,
    View,
    Go,
    Trouble,
    Remove,
    Inspect,
    Help,
}
