namespace Capstan.WebUi.ViewModels.Commands;

public sealed class InvertSelectionCommand : FileCommand
{
    public override string Id => "select-invert";

    public override string Name => "Invert the selection";

    public override string Icon => "flip_to_back";

    public override CommandGroup Group => CommandGroup.Select;

    public override int Order => 1;

    public override CommandPlaces Places => CommandPlaces.RowMenu;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Ctrl+I")];

    public override bool IsEnabled(FileCommandContext context) => context.Directory is { Count: > 0 };

    public override Task RunAsync(FileCommandContext context) => context.Directory?.InvertSelectionAsync() ?? Task.CompletedTask;
}
