namespace Capstan.WebUi.ViewModels.Commands;

public sealed class ActivitiesCommand : FileCommand
{
    public override string Id => "activities";

    public override string Name => "Operations";

    public override string Icon => "checklist";

    public override CommandGroup Group => CommandGroup.Go;

    public override int Order => 2;

    public override CommandPlaces Places => CommandPlaces.None;

    public override IReadOnlyList<KeyChord> Keys { get; } = [KeyChord.Parse("Ctrl+J")];

    public override bool IsEnabled(FileCommandContext context) => true;

    public override Task RunAsync(FileCommandContext context)
    {
        context.Surface.GoTo("/operations");
        return Task.CompletedTask;
    }
}
