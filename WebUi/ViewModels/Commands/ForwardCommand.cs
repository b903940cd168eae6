namespace Capstan.WebUi.ViewModels.Commands;

public sealed class ForwardCommand() : HistoryCommand(forward: true);
