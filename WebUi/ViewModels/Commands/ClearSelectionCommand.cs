namespace Capstan.WebUi.ViewModels.Commands;

public sealed class ClearSelectionCommand : FileCommand
{
    public override string Id => "select-none";

    public override string Name => "Select nothing";

    public override string Icon => "deselect";

    public override CommandGroup Group => CommandGroup.Select;

    public override int Order => 2;

    public override CommandPlaces Places => CommandPlaces.RowMenu;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Escape")];

    public override bool IsEnabled(FileCommandContext context) => context.HasSelection;

    public override Task RunAsync(FileCommandContext context)
    {
        context.Files.Keys?.ForgetTyping();
        context.Directory?.Selection.Clear();
        return Task.CompletedTask;
    }
}
