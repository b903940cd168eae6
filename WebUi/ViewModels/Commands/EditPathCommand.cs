namespace Capstan.WebUi.ViewModels.Commands;

public sealed class EditPathCommand : FileCommand
{
    public override string Id => "edit-path";

    public override string Name => "Type a path";

    public override string Icon => "edit_location_alt";

    public override CommandGroup Group => CommandGroup.Go;

    public override int Order => 1;

    public override CommandPlaces Places => CommandPlaces.FolderMenu;

    // Browsers keep Ctrl+L where they can.
    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("F4"), KeyChord.Parse("Alt+L"), KeyChord.Parse("Ctrl+L")];

    public override bool IsEnabled(FileCommandContext context) => true;

    public override Task RunAsync(FileCommandContext context)
    {
        context.Surface.EditPath();
        return Task.CompletedTask;
    }
}
