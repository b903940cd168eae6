namespace Capstan.WebUi.ViewModels.Commands;

public sealed class ParentCommand : FileCommand
{
    public override string Id => "parent";

    public override string Name => "Up one folder";

    public override string Icon => "arrow_upward";

    public override CommandGroup Group => CommandGroup.Go;

    public override CommandPlaces Places => CommandPlaces.FolderMenu;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Alt+ArrowUp"), KeyChord.Parse("Backspace")];

    public override bool IsEnabled(FileCommandContext context) => !context.Path.IsRoot;

    public override Task RunAsync(FileCommandContext context)
    {
        context.Surface.GoTo(context.Path.Parent);
        return Task.CompletedTask;
    }
}
