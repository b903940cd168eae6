namespace Capstan.WebUi.ViewModels.Commands;

public sealed class DetailsPaneCommand : FileCommand
{
    public override string Id => "details";

    public override string Name => "Details";

    public override string Icon => "info";

    public override CommandGroup Group => CommandGroup.Inspect;

    public override CommandPlaces Places => CommandPlaces.RowMenu | CommandPlaces.FolderMenu;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Alt+P")];

    public override bool IsEnabled(FileCommandContext context) => true;

    public override Task RunAsync(FileCommandContext context) => context.Surface.ToggleAsync(SidePane.Details);
}
