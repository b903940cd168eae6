namespace Capstan.WebUi.ViewModels.Commands;

public sealed class SelectAllCommand : FileCommand
{
    public override string Id => "select-all";

    public override string Name => "Select all";

    public override string Icon => "select_all";

    public override CommandGroup Group => CommandGroup.Select;

    public override CommandPlaces Places => CommandPlaces.RowMenu | CommandPlaces.FolderMenu;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Ctrl+A")];

    public override bool IsEnabled(FileCommandContext context) => context.Directory is { Count: > 0 };

    public override bool IsOffered(FileCommandContext context) => context.Directory is { Count: > 0 } directory && context.SelectedCount < directory.Count;

    public override Task RunAsync(FileCommandContext context)
    {
        context.Directory?.SelectAll();
        return Task.CompletedTask;
    }
}
