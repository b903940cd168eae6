namespace Capstan.WebUi.ViewModels.Commands;

public sealed class ListViewCommand() : ViewModeCommand(ViewMode.List);
