namespace Capstan.WebUi.ViewModels.Commands;

public sealed class TreePaneCommand : FileCommand
{
    public override string Id => "tree";

    public override string Name => "Folder tree";

    public override string Icon => "account_tree";

    public override CommandGroup Group => CommandGroup.View;

    public override int Order => 2;

    public override CommandPlaces Places => CommandPlaces.FolderMenu;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Ctrl+Alt+T")];

    public override bool IsEnabled(FileCommandContext context) => true;

    public override Task RunAsync(FileCommandContext context) => context.Surface.ToggleAsync(SidePane.Tree);
}
