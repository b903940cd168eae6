namespace Capstan.WebUi.ViewModels.Commands;

public sealed class GridViewCommand() : ViewModeCommand(ViewMode.Grid);
