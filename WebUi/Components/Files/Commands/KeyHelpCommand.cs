using Capstan.WebUi.ViewModels.Commands;

namespace Capstan.WebUi.Components.Files.Commands;

public sealed class KeyHelpCommand : FileCommand
{
    public override string Id => "keys";

    public override string Name => "Keyboard shortcuts";

    public override string Icon => "keyboard";

    public override CommandGroup Group => CommandGroup.Help;

    public override CommandPlaces Places => CommandPlaces.FolderMenu;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("?"), KeyChord.Parse("F1")];

    public override bool IsEnabled(FileCommandContext context) => true;

    public override Task RunAsync(FileCommandContext context) => context.Surface.AskAsync<KeyHelpDialog>(Name, [], 720);
}
