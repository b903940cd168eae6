namespace Capstan.WebUi.ViewModels.Commands;

/// <summary>What the browser's own buttons do. Said here too: not every browser has these keys, and a narrow page has no room for buttons.</summary>
public abstract class HistoryCommand(bool forward) : FileCommand
{
    public override string Id => forward ? "forward" : "back";

    public override string Name => forward ? "Forward" : "Back";

    public override string Icon => forward ? "arrow_forward" : "arrow_back";

    public override CommandGroup Group => CommandGroup.Go;

    public override int Order => forward ? -1 : -2;

    public override CommandPlaces Places => CommandPlaces.FolderMenu;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse(forward ? "Alt+ArrowRight" : "Alt+ArrowLeft")];

    public override bool IsEnabled(FileCommandContext context) => true;

    public override Task RunAsync(FileCommandContext context) => context.Surface.GoInHistoryAsync(forward);
}
