namespace Capstan.WebUi.ViewModels.Commands;

public sealed class BackCommand() : HistoryCommand(forward: false);
